/**
 * What a benchmark stands on: database and Redis as `npm start` finds them, in a folder that is gone afterwards (one
 * that BENCH_DATA names is kept);
 * nodes of the real product as processes; people who are signed in.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../scripts/lib/build.mjs';
import { foldersFor } from '../../scripts/lib/folders.mjs';
import { live } from '../../scripts/lib/lifetime.mjs';
import { ensureInstalled, realSetup, takeFolder } from '../../scripts/lib/prepare.mjs';
import { fact, step } from '../../scripts/lib/say.mjs';
import { labelOf, startMongo, startRedis } from '../../scripts/lib/servers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `main(stage)` with everything prepared, then ends what was started. Give a quiet machine. */
export function onStage(main) {
  live(async (life) => {
    const kept = process.env.BENCH_DATA;
    const data = kept ? resolve(kept) : mkdtempSync(join(tmpdir(), 'hotline-bench-'));
    mkdirSync(data, { recursive: true });
    if (!kept) life.defer(() => rmSync(data, { recursive: true, force: true }));
    const folders = { ...foldersFor(root, process.env), data };
    const { keeper, runGuarded } = await takeFolder(data, life);
    await ensureInstalled(root, runGuarded);
    const { MONGODB_URL: _mongo, REDIS_URL: _redis, ...vars } = process.env;
    if (vars.BENCH_MONGODB_URL) vars.MONGODB_URL = vars.BENCH_MONGODB_URL;
    if (vars.BENCH_REDIS_URL) vars.REDIS_URL = vars.BENCH_REDIS_URL;
    const setup = realSetup({
      ...{ root, folders, vars, keeper, runGuarded, defer: life.defer },
      // The fast stand-in does not hold every rule of ours, but what is measured here does not hang on that.
      anyEngine: true,
      onRestart: (name) => fact(name, 'died during the benchmark: its figures are worth nothing'),
    });
    await build(root, { runCommand: runGuarded, progress: step });
    const mongo = await startMongo(setup);
    const redis = await startRedis(setup);
    const engines = { database: labelOf(mongo), redis: labelOf(redis), node: process.version };
    fact('engines', Object.values(engines).join(' · '));
    const env = {
      NODE_ENV: 'development',
      LOG_LEVEL: 'error',
      DEMO: '0',
      HOST: '127.0.0.1',
      MONGODB_URL: mongo.url,
      REDIS_URL: redis.url,
      HOTLINE_DATA: data,
      JWT_SECRET: randomBytes(32).toString('base64'),
      PEPPER: randomBytes(32).toString('base64'),
      DATA_KEY: randomBytes(32).toString('base64'),
      SOCKET_EVENTS_PER_10S: '1000000000',
      GUEST_PER_HOUR: '1000000000',
      PATH: process.env.PATH,
    };
    const stage = { root, data, env, engines, mongo, redis, start, bare, people, defer: life.defer };
    await main(stage);
    await life.end(0);

    /** A child that says where it listens; `exec` is a command to run it under, such as `ip netns exec NAME`. */
    async function launch(file, childEnv, exec = []) {
      const [execPath, ...execArgv] = [...exec, process.execPath];
      const child = fork(file, [], { env: childEnv, execPath, execArgv });
      const gone = once(child, 'exit');
      life.defer(() => child.kill('SIGKILL'));
      keeper.guard(child);
      for (;;) {
        const [message] = await Promise.race([
          once(child, 'message'),
          once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`))),
        ]);
        if (message?.type === 'fatal') throw new Error(message.message);
        const port = message?.port ?? (message?.url && Number(new URL(message.url).port));
        if (port) return { pid: child.pid, port, child, gone, stop: () => (child.kill('SIGKILL'), gone) };
      }
    }
    /** A node of the product; `extra` overrides its environment. */
    function start(extra = {}, exec = []) {
      return launch(join(root, 'dist/bin/start.js'), { ...env, PORT: '0', ...extra }, exec);
    }
    /** The bare server that a figure is compared with (bench/lib/bare.mjs). */
    function bare(extra = {}) {
      return launch(fileURLToPath(new URL('bare.mjs', import.meta.url)), { ...env, ...extra });
    }
  });
}

/**
 * Signed-in people of a migrated database, made through the product's own services.
 * @returns `{ ctx, counselors, visitors, close }`; each person has `id` and `token`
 */
async function people(env, { counselors, visitors, maxConsults }) {
  const dist = (path) => import(`../../dist/${path}`);
  const [{ assemble }, { loadConfig }, { createSession }, { ensureDuty }] = await Promise.all([
    dist('bin/assemble.js'),
    dist('platform/config.js'),
    dist('services/account/session.js'),
    dist('services/matchmaking/seat.js'),
  ]);
  const node = await assemble(loadConfig({ ...env, FACES: 'server' }));
  const { ctx } = node;
  const consent = { version: 'x', at: new Date(), research: false, by: 'tap' };
  let serial = Math.floor(Math.random() * 1e9);
  const sign = async (role) => {
    serial += 1;
    const fields = {
      userID: serial,
      username: `bench-${serial}`,
      name: `b${serial}`,
      institution: 'bench',
      role,
    };
    const user = (
      await ctx.models.User.create({ ...fields, ...(role === 'VISITOR' ? { consent } : {}) })
    ).toObject();
    const { token } = await createSession(ctx, user, {});
    return { user, id: user._id.toHexString(), token };
  };
  const many = async (count, role) => {
    const made = [];
    while (made.length < count)
      made.push(
        ...(await Promise.all(Array.from({ length: Math.min(20, count - made.length) }, () => sign(role)))),
      );
    return made;
  };
  await ctx.models.Institution.updateOne(
    { _id: 'bench' },
    { $setOnInsert: { name: '基准测试' } },
    { upsert: true },
  );
  const staff = await many(counselors, 'COUNSELOR');
  for (const { user } of staff) {
    await ensureDuty(ctx, user._id, user.institution);
    await ctx.models.Duty.updateOne(
      { _id: user._id },
      { $set: { maxConsults, presence: 'online', connectedUntil: null } },
    );
  }
  return { ctx, counselors: staff, visitors: await many(visitors, 'VISITOR'), close: () => node.close() };
}

/** Migrates the database that an environment names. */
export async function migrated(env) {
  const { migrate } = await import('../../dist/models/migrate.js');
  const { buildModels } = await import('../../dist/models/index.js');
  const { connectMongo } = await import('../../dist/platform/mongo.js');
  const connection = await connectMongo(env.MONGODB_URL, env.DATABASE, 5);
  try {
    await migrate(connection, buildModels(connection));
  } finally {
    await connection.close();
  }
}
