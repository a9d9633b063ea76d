/** The keeper with a real server: it dies with the bootstrap, comes back alone, and leaves nothing behind. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { readJson } from '../../scripts/lib/files.mjs';
import { endLeftovers, openKeeper } from '../../scripts/lib/keeper.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { identityOf } from '../../scripts/lib/processes.mjs';
import { redisProbe } from '../../scripts/lib/redis-probe.mjs';
import { eventually, realRedisRung, root, start, temporaryFolder } from './support.js';

interface Noted {
  keeper: { pid: number };
  servers: { pid: number }[];
  guarded: { pid: number }[];
}

const probe = redisProbe(root);
const isGone = (pid: number) => identityOf(pid) === null;
const answers = (url: string) =>
  probe.ping(url, 1_000).then(
    () => true,
    () => false,
  );

/** A spec of a real Redis in this data folder. */
async function redisIn(data: string) {
  const rung = await realRedisRung(data);
  mkdirSync(rung.folder, { recursive: true });
  const port = await freePort();
  return { url: rung.url(port), spec: { ...rung.command(port), log: join(data, 'redis.log') } };
}

/** A bootstrap of its own: a keeper with a Redis and a guarded process that ignores SIGTERM's politeness. */
async function bootstrapIn(data: string) {
  const { url, spec } = await redisIn(data);
  const keeper = pathToFileURL(join(root, 'scripts', 'lib', 'keeper.mjs')).href;
  const program = join(temporaryFolder(), 'bootstrap.mjs');
  writeFileSync(
    program,
    `import { spawn } from 'node:child_process';
     import { openKeeper } from '${keeper}';
     const keeper = openKeeper('${data}');
     await keeper.start('redis', ${JSON.stringify(spec)});
     keeper.keep('redis');
     const app = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
     keeper.guard(app);
     setInterval(() => {}, 1000);`,
  );
  const bootstrap = start(process.execPath, [program]);
  const noted = () => readJson(join(data, 'keeper.json')) as Noted | null;
  await eventually('the server answers', () => answers(url));
  await eventually('all is noted', () => noted()?.guarded.length === 1 && noted()?.servers.length === 1);
  const { keeper: keeping, servers, guarded } = noted() as Noted;
  return { bootstrap, keeper: keeping.pid, server: servers[0]?.pid ?? 0, app: guarded[0]?.pid ?? 0 };
}

let data = '';
beforeAll(() => {
  data = temporaryFolder();
});

test('kill -9 of the bootstrap ends the server, the guarded process and the keeper', async () => {
  const { bootstrap, keeper, server, app } = await bootstrapIn(data);
  bootstrap.kill('SIGKILL');
  await eventually('everything is gone', () => [keeper, server, app].every(isGone));
  expect(readJson(join(data, 'keeper.json'))).toBeNull();
});

test('what is left when the keeper is killed too is ended by the next start', async () => {
  const { bootstrap, keeper, server, app } = await bootstrapIn(data);
  process.kill(keeper, 'SIGSTOP');
  bootstrap.kill('SIGKILL');
  process.kill(keeper, 'SIGKILL');
  await eventually('the keeper is gone', () => isGone(keeper));
  expect([server, app].some(isGone)).toBe(false);
  expect(await endLeftovers(data)).toBe(2);
  expect([server, app].every(isGone)).toBe(true);
});

test('a server that dies comes back on the same port; before it was ready it does not', async () => {
  const folder = temporaryFolder();
  const { url, spec } = await redisIn(folder);
  const keeper = openKeeper(folder);
  try {
    const first = await keeper.start('redis', spec);
    await eventually('it answers', () => answers(url));
    keeper.keep('redis');
    process.kill(first, 'SIGKILL');
    await eventually('it answers again', async () => isGone(first) && (await answers(url)));

    const exited = new Promise((resolve) => keeper.events.once('exited:broken', resolve));
    const broken = { command: process.execPath, args: ['-e', 'process.exit(3)'], log: spec.log };
    await keeper.start('broken', broken);
    expect(await exited).toMatchObject({ why: 'exit code 3' });
    await expect(keeper.start('absent', { ...broken, command: '/no/such/server' })).rejects.toThrow(
      'could not be run',
    );
  } finally {
    await keeper.close();
  }
  expect(await answers(url)).toBe(false);
});

test('a server that answers nothing any more can be killed, and comes back', async () => {
  const folder = temporaryFolder();
  const { url, spec } = await redisIn(folder);
  const keeper = openKeeper(folder);
  try {
    const pid = await keeper.start('redis', spec);
    await eventually('it answers', () => answers(url));
    keeper.keep('redis');
    process.kill(pid, 'SIGSTOP');
    expect(await answers(url)).toBe(false);
    keeper.kill('redis');
    await eventually('it answers again', async () => isGone(pid) && (await answers(url)));
  } finally {
    await keeper.close();
  }
});

test('a killed keeper is replaced, with its servers', async () => {
  const folder = temporaryFolder();
  const { url, spec } = await redisIn(folder);
  const keeper = openKeeper(folder);
  try {
    const pid = await keeper.start('redis', spec);
    await eventually('it answers', () => answers(url));
    keeper.keep('redis');
    process.kill((readJson(join(folder, 'keeper.json')) as Noted).keeper.pid, 'SIGKILL');
    await eventually('another one answers', async () => isGone(pid) && (await answers(url)));
  } finally {
    await keeper.close();
  }
  expect(await answers(url)).toBe(false);
});
