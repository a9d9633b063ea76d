/** What the long forms have in common: test files run with their seeds, their results summed in one table. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** `--seed 5 --rounds 20` → { seed: '5', rounds: '20' }; a flag alone is '1'. */
export function readOptions(args) {
  const options = {};
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at].replace(/^--/, '');
    const value = args[at + 1];
    options[name] = value === undefined || value.startsWith('--') ? '1' : args[(at += 1)];
  }
  return options;
}

/** Where results and histories of one start lie: .data/proof/<name>-<seed> unless `--into` says otherwise. */
export function folderFor(name, options) {
  const folder = options.into ?? join(root, '.data', 'proof', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Runs one test file, by `npm test`'s own script, or by jest alone where TEST_MONGODB_URL and TEST_REDIS_URL name
 * servers to use. Answers whether it was green, and what it said.
 */
export function runTests(file, env, { cwd = root, test, quiet = false } = {}) {
  const servers = process.env.TEST_MONGODB_URL && process.env.TEST_REDIS_URL;
  const args = [...(servers ? JEST : ['scripts/test.mjs']), file];
  if (test !== undefined) args.push('-t', escape(test));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...(servers ? { NODE_ENV: 'test', TZ: 'America/New_York' } : {}), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        if (!quiet) process.stdout.write(chunk);
      });
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

const JEST = [
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  ...['-c', 'test/jest.config.mjs', '--forceExit', '--runInBand', '--runTestsByPath'],
];
const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Every result in the folder, summed by test: counts add up, those named max… take the highest. */
export function sumResults(folder) {
  const rows = new Map();
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
    const result = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const row = rows.get(result.test) ?? { seeds: [], engines: new Set(), counts: {}, violations: [] };
    row.seeds.push(result.seed);
    row.engines.add(result.engines);
    for (const [key, value] of Object.entries(result.counts))
      row.counts[key] = key.startsWith('max')
        ? Math.max(row.counts[key] ?? 0, value)
        : (row.counts[key] ?? 0) + value;
    row.violations.push(...result.violations);
    rows.set(result.test, row);
  }
  return rows;
}

/** The one table; answers whether nothing was violated. */
export function printTable(folder) {
  const rows = sumResults(folder);
  process.stdout.write(`\n| test | seeds | counted | violations |\n| --- | --- | --- | --- |\n`);
  let whole = true;
  for (const [test, row] of [...rows].sort(([a], [b]) => a.localeCompare(b))) {
    const counted = Object.entries(row.counts)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ');
    process.stdout.write(`| ${test} | ${row.seeds.join(' ')} | ${counted} | ${row.violations.length} |\n`);
    for (const violation of row.violations.slice(0, 20)) process.stdout.write(`  ✗ ${violation}\n`);
    whole &&= row.violations.length === 0;
  }
  const engines = new Set([...rows.values()].flatMap((row) => [...row.engines]));
  process.stdout.write(`\nengines: ${[...engines].join('; ')}\nhistories and results: ${folder}\n`);
  return whole;
}

/** Runs the pieces one after the other, each with a seed of its own, then prints the table and ends. */
export async function prove(name, pieces, options) {
  const folder = folderFor(name, options);
  const first = Number(options.seed ?? Math.floor(Math.random() * 1e9));
  process.stdout.write(`first seed ${first}; again with --seed ${first}\n`);
  let green = true;
  let number = 0;
  for (const { file, env, times = 1 } of pieces) {
    if (options.only && !file.includes(options.only)) continue;
    for (let time = 0; time < times; time += 1) {
      const seed = String(first + (number += 1));
      const { ok } = await runTests(file, { ...env, PROOF_SEED: seed, PROOF_DIR: folder });
      green &&= ok;
    }
  }
  const whole = printTable(folder);
  process.exitCode = green && whole ? 0 : 1;
}
