/** Arrows go one way and never round: contract <- platform <- models <- services <- faces <- entry points. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Room -> rooms it may import from, itself always included. */
const ARROWS: Record<string, string[]> = {
  contract: [],
  platform: ['contract'],
  models: ['contract', 'platform'],
  services: ['contract', 'platform', 'models'],
  server: ['contract', 'platform', 'models', 'services'],
  realtime: ['contract', 'platform', 'models', 'services'],
  workers: ['contract', 'platform', 'models', 'services'],
  'stand-ins': [],
  bin: ['contract', 'platform', 'models', 'services', 'server', 'realtime', 'workers', 'stand-ins'],
  web: ['contract'],
  miniprogram: ['contract', 'web'],
  scripts: [],
};
/** Packages that a room may import; the others are free. */
const PACKAGES: Record<string, RegExp> = { contract: /^zod$/, models: /^(mongoose|node:.*)$/ };

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .filter((entry) => !/(^|\/)dist(\/|$)/.test(relative(root, entry.parentPath)))
    .map((entry) => join(entry.parentPath, entry.name));
}

interface Import {
  from: string;
  name: string;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  return [
    ...text.matchAll(
      /^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)/gm,
    ),
  ].map((match) => ({ from: file, typeOnly: match[1] !== undefined, name: match[2] ?? match[3] ?? '' }));
}

const files = Object.keys(ARROWS).flatMap((room) => sources(room));
const imports = files.flatMap(importsOf);
const roomOf = (file: string) => relative(root, file).split('/')[0] ?? '';
const target = (each: Import) => resolve(dirname(each.from), each.name).replace(/\.js$/, '.ts');

test('every import of ours follows an arrow', () => {
  const wrong = imports
    .filter((each) => each.name.startsWith('.'))
    .filter((each) => {
      const from = roomOf(each.from);
      const to = roomOf(target(each));
      return from !== to && !(ARROWS[from] ?? []).includes(to) && !(to === 'package.json');
    })
    .map((each) => `${relative(root, each.from)} -> ${each.name}`);
  expect(wrong).toEqual([]);
  expect(imports.length).toBeGreaterThan(300);
});

test('contract and models import no package but their own', () => {
  const wrong = imports
    .filter((each) => !each.name.startsWith('.'))
    .filter((each) => {
      const allowed = PACKAGES[roomOf(each.from)];
      return allowed !== undefined && !allowed.test(each.name);
    })
    .map((each) => `${relative(root, each.from)} -> ${each.name}`);
  expect(wrong).toEqual([]);
});

test('models take from contract only enums', () => {
  const wrong = imports
    .filter((each) => roomOf(each.from) === 'models' && each.name.includes('/contract/'))
    .filter((each) => !each.name.endsWith('/contract/enums.js'))
    .map((each) => `${relative(root, each.from)} -> ${each.name}`);
  expect(wrong).toEqual([]);
});

test('the visitor’s client takes types only from the contract', () => {
  const wrong = imports
    .filter((each) => /contract\/client/.test(relative(root, each.from)))
    .filter((each) => !each.typeOnly && !/\/client\/|^\.\/[\w-]+\.js$/.test(each.name))
    .map((each) => `${relative(root, each.from)} -> ${each.name}`);
  expect(wrong).toEqual([]);
});

test('the mini-program takes from the web only words and the Tencent channel', () => {
  const wrong = imports
    .filter((each) => roomOf(each.from) === 'miniprogram' && roomOf(target(each)) === 'web')
    .map((each) => relative(root, target(each)))
    .filter(
      (path) => !/^web\/(visitor\/(erase\/)?text|shared\/i18n|shared\/tim\/(carrier|state))\.ts$/.test(path),
    );
  expect(wrong).toEqual([]);
});

test('there is no cycle', () => {
  const known = new Set(files);
  const edges = new Map<string, string[]>();
  for (const each of imports) {
    // A type is gone at run time: only what is loaded can go round.
    if (each.typeOnly || !each.name.startsWith('.')) continue;
    const to = [target(each), `${target(each)}x`.replace('.tsx', '.tsx')].find((file) => known.has(file));
    if (to) edges.set(each.from, [...(edges.get(each.from) ?? []), to]);
  }
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, path: string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].map((each) => relative(root, each)).join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});
