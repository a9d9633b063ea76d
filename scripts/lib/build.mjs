/**
 * The build: server by tsc, web by vite, each skipped when a hash of what goes into it is unchanged. The hashes are
 * noted in dist/ itself, so removing dist/ is a clean build.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { readJson, writeJson } from './files.mjs';
import { withLock } from './lock.mjs';
import { Refusal } from './refusal.mjs';

const BUILD_WITHIN_MS = 5 * 60_000;
const SERVER_FOLDERS = [
  ...['contract', 'platform', 'models', 'services', 'server', 'realtime', 'workers', 'bin', 'stand-ins'],
];
const NOT_ASSETS = new Set(['.ts', '.tsx', '.md', '.map']);

const PARTS = {
  server: {
    inputs: [...SERVER_FOLDERS, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    product: 'bin',
    make: buildServer,
  },
  web: { inputs: ['web', 'contract', 'package-lock.json'], product: 'web', make: buildWeb },
};

/** Builds what changed and answers the names of the parts that were built. Throws a Refusal with the tool's words. */
export async function build(root, { runCommand, progress }) {
  return withLock(join(root, '.data', 'build.lock'), BUILD_WITHIN_MS, async () => {
    const noteFile = join(root, 'dist', '.build.json');
    const noted = readJson(noteFile) ?? {};
    const built = [];
    for (const [name, part] of Object.entries(PARTS)) {
      if (name === 'web' && !existsSync(join(root, 'web', 'build.mjs'))) continue;
      const hash = hashOf(root, part.inputs);
      if (noted[name] === hash && existsSync(join(root, 'dist', part.product))) continue;
      await progress(`building the ${name}`, () => part.make(root, runCommand));
      noted[name] = hash;
      writeJson(noteFile, noted);
      built.push(name);
    }
    return built;
  });
}

async function buildServer(root, runCommand) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // Types are the business of npm test; without them this takes a third of the time.
  await tool(root, runCommand, 'tsc', [tsc, '-p', 'tsconfig.build.json', '--noCheck']);
  removeStale(root);
  for (const file of SERVER_FOLDERS.flatMap((folder) => filesUnder(join(root, folder)))) {
    if (NOT_ASSETS.has(extname(file))) continue;
    const copy = join(root, 'dist', relative(root, file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
}

async function buildWeb(root, runCommand) {
  await tool(root, runCommand, 'vite', [join(root, 'web', 'build.mjs')]);
}

async function tool(root, runCommand, name, args) {
  // A test run builds the very product that a start would serve.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { code, output } = await runCommand(process.execPath, args, { cwd: root, env });
  if (code !== 0)
    throw new Refusal(`${name} failed: correct what it says and run this again.\n${output.trim()}`);
}

/** What is left of sources that are gone. Only these: a running start may still load any other file of dist/. */
function removeStale(root) {
  for (const folder of SERVER_FOLDERS) {
    for (const file of filesUnder(join(root, 'dist', folder))) {
      const source = join(root, relative(join(root, 'dist'), file)).replace(/\.js(\.map)?$/, '.ts');
      if (!existsSync(source)) rmSync(file);
    }
  }
}

/** One hash over names and contents, in a fixed order. */
export function hashOf(root, inputs) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const file of inputs.flatMap((input) => filesUnder(join(root, input)))) {
    hash.update(relative(root, file).split(sep).join('/')).update('\0');
    hash.update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return hash.digest('hex');
}

/** All files below a path (or the path itself, if it is a file), sorted; none if it does not exist. */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (err) {
    if (err.code === 'ENOTDIR') return [path];
    throw err;
  }
  const files = entries.flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const child = join(path, entry.name);
    if (entry.isDirectory()) return filesUnder(child);
    return entry.isFile() ? [child] : [];
  });
  return files.sort();
}
