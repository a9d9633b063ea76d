/** The documents are held to the code: what is added there is named here, or this complains. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ERRORS } from '../../contract/errors.js';
import { ConfigError, loadConfig } from '../../platform/config.js';
import { configurationPage } from '../../platform/configuration-page.js';
import { ENV } from '../../platform/env.js';
import { DEMO_LOGINS } from '../../services/demo/people.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const missing = (text: string, names: string[]) => names.filter((name) => !text.includes(`\`${name}\``));

/** Keys of an interface in contract/events.ts, which exists in types only. */
function eventsOf(name: 'ClientEvents' | 'ServerEvents'): string[] {
  const body =
    new RegExp(`interface ${name} \\{\\n(.*?)\\n\\}`, 's').exec(read('contract/events.ts'))?.[1] ?? '';
  return [...body.matchAll(/^ {2}(?:'([\w:-]+)'|(\w+)): /gm)].map((match) => match[1] ?? match[2] ?? '');
}

function sourcesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));
}

describe('docs/protocol.md', () => {
  const protocol = read('docs/protocol.md');

  test('names every event of both directions', () => {
    const [asked, told] = [eventsOf('ClientEvents'), eventsOf('ServerEvents')];
    expect(asked).toContain('message:send');
    expect(told).toContain('beacon');
    expect(missing(protocol, [...asked, ...told])).toEqual([]);
  });

  test('names every error word with its HTTP status', () => {
    const wrong = Object.entries(ERRORS).filter(
      ([word, { http }]) => !protocol.includes(`| \`${word}\` | ${String(http)} |`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const architecture = read('docs/architecture.md');

  test('has a line for every folder of ours', () => {
    const tracked = /^(?:dist|node_modules|coverage|\..*)$/;
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !tracked.test(entry.name))
      .map(({ name }) => `${name}/`);
    expect(missing(architecture, folders)).toEqual([]);
  });

  test('names every event that somebody listens to on the node bus', () => {
    const names = ['services', 'realtime', 'workers', 'server']
      .flatMap(sourcesUnder)
      .flatMap((path) => [...read(path).matchAll(/bus\.on\(\s*'([\w.]+)'/g)].map((match) => match[1] ?? ''));
    expect(names).toContain('message.created');
    expect(missing(architecture, [...new Set(names)])).toEqual([]);
  });
});

test.each(['docs/complaints.md', 'docs/security.md'])('%s names tests that there are', (path) => {
  const named = [...read(path).matchAll(/`(test\/[\w/.-]+\.ts)`/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

describe('the settings', () => {
  const keys = Object.keys(ENV.shape).sort();

  test('.env.example has the very keys of platform/config.ts', () => {
    const listed = [...read('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
    expect(listed.toSorted()).toEqual(keys);
  });

  test('docs/configuration.md is what the schema says now: npm run configuration writes it', () => {
    const page = configurationPage();
    expect(missing(page, keys)).toEqual([]);
    expect(read('docs/configuration.md')).toBe(page);
  });

  const rows = configurationPage()
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

  test('production refuses to start without those that the page calls required, and names no other', () => {
    const required = rows.filter((row) => row[6] === 'required').map(([, key]) => key?.replaceAll('`', ''));
    const faults = () => loadConfig({ NODE_ENV: 'production' });
    expect(required).toHaveLength(6);
    expect(faults).toThrow(ConfigError);
    try {
      faults();
    } catch (error) {
      const named = (error as ConfigError).message.split('\n').map((line) => line.split(' ')[0]);
      expect(named.toSorted()).toEqual(required.toSorted());
    }
  });

  test('each has a meaning, and each number a unit', () => {
    expect(rows.filter(([, , meaning]) => !meaning)).toEqual([]);
    const numbers = rows.filter(([, , , values, , unit]) => /^\d/.test(values ?? '') && !unit);
    expect(numbers.map(([, key]) => key)).toEqual(['`PORT`']);
  });

  test.each(['README.md', 'README.zh-CN.md'])('%s explains each of them', (path) => {
    expect(missing(read(path), keys)).toEqual([]);
  });
});

describe.each(['README.md', 'README.zh-CN.md'])('%s', (path) => {
  const readme = read(path);

  test('gives every demo log-in with its password', () => {
    const { admin, counselors, supervisors, institutionAdmins } = DEMO_LOGINS;
    for (const { username, password } of [admin, ...counselors, ...supervisors, ...institutionAdmins]) {
      const row = readme.split('\n').find((line) => line.includes(`\`${username}\``));
      expect(row).toContain(`\`${password}\``);
    }
  });

  test('begins with what it is, a picture, and the two commands', () => {
    const [head] = readme.split('\n## ');
    expect(head).toContain('docs/screens/console.png');
    expect(readme.indexOf('npm start\nnpm test')).toBeGreaterThan(0);
  });
});

test('no link between the documents leads nowhere', () => {
  const documents = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'SECURITY.md'];
  const links = documents.flatMap((path) =>
    [...read(path).matchAll(/[^!]\[[^\]]+\]\(([\w./-]+)\)/g)].map((m) => m[1]!),
  );
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) expect(read(link).length).toBeGreaterThan(0);
});
