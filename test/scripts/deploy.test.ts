/** docker-compose.yml and deploy/: held to the configuration and to each other; no engine is needed for that. */
import { existsSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../platform/config.js';
import { ENV } from '../../platform/env.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Service {
  image: string;
  environment?: Record<string, string>;
  volumes?: string[];
  healthcheck?: unknown;
  ports?: string[];
  networks?: string[];
  profiles?: string[];
}
const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, unknown>;
};
const OURS = ['server', 'worker', 'prepare'];
/** What the image itself sets. */
const IMAGE = { NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '3000', HOTLINE_DATA: '/data' };

/** The .env of a new installation, as the script writes it. */
function madeSecrets(): Record<string, string> {
  const made = execFileSync(process.execPath, [join(root, 'scripts/deploy-env.mjs')], { encoding: 'utf8' });
  return Object.fromEntries([...made.matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value]));
}

/** Compose's own substitution: `${NAME}`, `${NAME:-default}`, `${NAME:?complaint}`. */
function substituted(value: string, vars: Record<string, string>): string {
  return value.replace(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_all, name: string, kind?: string, rest?: string) => {
      if (vars[name]) return vars[name];
      if (kind === '?') throw new Error(`${name} is missing: ${rest ?? ''}`);
      return rest ?? '';
    },
  );
}

describe('docker-compose.yml', () => {
  test.each(OURS)('%s gets an environment that production accepts', (name) => {
    const vars = { ...madeSecrets(), DOMAIN: 'hotline.example.edu' };
    const given = compose.services[name]?.environment ?? {};
    const known = Object.keys(ENV.shape);
    expect(Object.keys(given).filter((key) => !known.includes(key))).toEqual([]);
    const env = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, substituted(value, vars)]),
    );
    const config = loadConfig({ ...IMAGE, ...env });
    expect(config).toMatchObject({ production: true, demo: false, https: true });
  });

  test('the script makes whatever has to be given, except the name that users type', () => {
    const made = madeSecrets();
    const needed = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1] ?? ''));
    expect([...needed].filter((name) => !made[name])).toEqual(['DOMAIN']);
    expect(madeSecrets().DATA_KEY).not.toBe(made.DATA_KEY);
  });

  test('every mounted file, volume and network is there', () => {
    const mounts = Object.values(compose.services).flatMap((service) => service.volumes ?? []);
    const sources = mounts.map((mount) => mount.split(':')[0] ?? '');
    const files = sources.filter((source) => source.startsWith('.'));
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const volumes = sources.filter((source) => !source.startsWith('.'));
    expect(volumes.filter((volume) => !(volume in compose.volumes))).toEqual([]);
  });

  test('only the proxy is open to the world, and the databases speak to nobody outside', () => {
    const open = Object.entries(compose.services).filter(([, service]) => service.ports?.length);
    const wide = open.filter(([, service]) => service.ports?.some((port) => !port.startsWith('127.0.0.1:')));
    expect(wide.map(([name]) => name)).toEqual(['proxy']);
    for (const name of ['mongo', 'redis']) expect(compose.services[name]?.networks).toEqual(['inside']);
  });
});

describe('deploy/kubernetes', () => {
  const objects = parseAllDocuments(read('deploy/kubernetes/hotline.yaml')).map(
    (document) =>
      document.toJS() as { kind: string; metadata: { name: string }; data?: Record<string, string> },
  );

  test('the configuration has known keys only and no secret', () => {
    const data = objects.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    expect(Object.keys(data).filter((key) => !(key in ENV.shape))).toEqual([]);
    expect(Object.keys(data).filter((key) => /SECRET|PEPPER|DATA_KEY|MONGODB|REDIS/.test(key))).toEqual([]);
  });

  test('every kind that a production deployment needs is there', () => {
    const kinds = new Set(objects.map(({ kind }) => kind));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'Deployment',
        'Service',
        'Ingress',
        'HorizontalPodAutoscaler',
        'PodDisruptionBudget',
      ]),
    );
  });
});

test('what is watched is measured', () => {
  const asked = ['deploy/alerts.yml', 'deploy/grafana/dashboards/hotline.json'].map(read).join('\n');
  // Those of the process itself are prom-client's.
  const names = [...new Set(asked.match(/\bhotline_(?!nodejs_|process_)\w+/g))];
  const measured = read('services/metrics/metrics.ts');
  expect(names.length).toBeGreaterThan(4);
  expect(names.filter((name) => !measured.includes(`'${name}'`))).toEqual([]);
});
