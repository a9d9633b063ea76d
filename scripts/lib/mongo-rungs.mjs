/** The ways to a MongoDB, best first (docs: README, "The database"). */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atLeast } from './ladder.mjs';
import { findPython, installedOnce, pip } from './python.mjs';

const LEAST_MONGOD = '7.0';
const SECANTUS = '0.7.0b3';
const DOWNLOAD_WITHIN_MS = 600_000;
const FETCHER = fileURLToPath(new URL('./fetch-mongod.mjs', import.meta.url));

/** Rung 1: the database that the user named. */
export async function tryGivenMongo({ vars }) {
  return vars.MONGODB_URL ? { engine: 'given', version: '', url: vars.MONGODB_URL } : null;
}

/** Rung 2: a mongod on PATH. */
export async function tryMongodOnPath(env) {
  const command = env.findOnPath('mongod');
  if (!command) return none(env, 'no mongod on PATH');
  return mongodRung(env, command);
}

/** Rung 3: the fast build of SecantusDB, if somebody has installed it. */
export async function trySecantusRs(env) {
  const command = env.findOnPath('secantusd-rs');
  if (!command) return none(env, 'no secantusd-rs on PATH');
  const { output } = await env.run(command, ['--version'], { timeoutMs: 10_000 });
  const version = /\d+\.\d+[\w.-]*/.exec(output)?.[0] ?? 'unknown';
  // Without the limit an empty store takes 128 MB.
  return secantusRung(env, 'secantusd-rs', version, command, ['--log-file-max', '16MB']);
}

/** Rung 4: a real mongod that mongodb-memory-server-core fetches into the tool folder, once. */
export async function tryFetchedMongod(env) {
  const folder = join(env.tools, 'mongod');
  const present = fetchedMongod(folder);
  if (present) return mongodRung(env, present);
  if (env.vars.MONGO_DOWNLOAD === '0' || env.vars.CI) return none(env, 'fetching a mongod is switched off');
  const reached = await env.run(process.execPath, [FETCHER, 'reach'], { env: env.vars, timeoutMs: 10_000 });
  if (reached.code !== 0)
    return none(env, `a mongod can't be fetched: ${reached.output.trim() || 'no answer'}`);
  mkdirSync(folder, { recursive: true });
  const { code, output } = await env.progress('fetching a mongod into the tool folder', () =>
    fetchMongod(env, folder),
  );
  if (code !== 0)
    return none(env, `fetching a mongod failed: ${output.trim().split('\n').at(-1) || 'too slow'}`);
  return mongodRung(env, fetchedMongod(folder));
}

/** Rung 5: SecantusDB from PyPI, a stand-in that speaks MongoDB's protocol, in an environment of its own. */
export async function trySecantusPy(env) {
  const python = await findPython(env, '3.10');
  if (!python) return null;
  const name = `SecantusDB ${SECANTUS}`;
  const folder = join(env.tools, `secantus-${SECANTUS}`);
  const made = await installedOnce(env, {
    name,
    folder,
    python,
    install: (to) => installSecantus(env, python, to),
  });
  if (!made) return null;
  if (existsSync(join(folder, 'bin', 'python'))) {
    return secantusRung(env, 'secantusd-py', SECANTUS, join(folder, 'bin', 'secantusd-py'));
  }
  // Fetched without a venv: the script's packages are beside it.
  const script = join(folder, 'bin', 'secantusd-py');
  return secantusRung(env, 'secantusd-py', SECANTUS, python.command, [script], { PYTHONPATH: folder });
}

/** A venv if this Python can make one (Debian splits that off), else a plain folder of packages. */
async function installSecantus(env, python, folder) {
  const wanted = `SecantusDB==${SECANTUS}`;
  const venv = await env.run(python.command, ['-m', 'venv', folder], { timeoutMs: 120_000 });
  if (venv.code === 0) return pip(env, join(folder, 'bin', 'python'), [wanted]);
  return pip(env, python.command, ['--target', folder, wanted]);
}

async function mongodRung(env, command) {
  const { output } = await env.run(command, ['--version'], { timeoutMs: 10_000 });
  const version = /db version v(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (!version) return none(env, `${command} does not tell its version`);
  if (!atLeast(version, LEAST_MONGOD)) {
    return none(env, `mongod ${version} is too old (${LEAST_MONGOD} or newer is needed)`);
  }
  const folder = join(env.data, 'mongod');
  return {
    engine: 'mongod',
    version,
    folder,
    // The member's own address stands in the set's configuration, so the port of last time is tried first.
    initiate: true,
    command: (port) => ({
      command,
      args: ['--replSet', 'rs0', '--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', folder],
    }),
    url: (port) => `mongodb://127.0.0.1:${port}/hotline?replicaSet=rs0`,
  };
}

function secantusRung(env, engine, version, command, first = [], extra = {}) {
  const folder = join(env.data, engine);
  const flags = (port) => ['--host', '127.0.0.1', '--port', String(port), '--storage-path', folder];
  return {
    engine,
    version,
    folder,
    // sync-on-commit: without it the Rust build lost acknowledged writes at kill -9.
    command: (port) => ({
      command,
      args: [...first, ...flags(port), '--cache-size', '256M', '--sync-on-commit'],
      env: extra,
    }),
    url: (port) => `mongodb://127.0.0.1:${port}/hotline?replicaSet=secantus`,
  };
}

/** The fetched binary; the checksum beside it is written last, so without it the fetch did not finish. */
function fetchedMongod(folder) {
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder).filter((name) => name.startsWith('mongod-') && name.endsWith('.md5'));
  return names.length ? join(folder, names.sort().at(-1).slice(0, -'.md5'.length)) : null;
}

function fetchMongod(env, folder) {
  // One try: the library's three with back-off cost 7 s more and find nothing new.
  const vars = { ...env.vars, MONGOMS_MAX_RETRIES: '1', MONGOMS_DOWNLOAD_DIR: folder };
  return env.run(process.execPath, [FETCHER, 'fetch'], { env: vars, timeoutMs: DOWNLOAD_WITHIN_MS });
}

function none(env, reason) {
  env.why(reason);
  return null;
}
