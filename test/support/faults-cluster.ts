/**
 * A platform to be harmed: two servers and a worker as processes of their own, our own database and Redis, and a
 * proxy on every link. Everything is started here and killed by its pid. Needs the built code (`buildServer`).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { migrate } from '../../models/migrate.js';
import { buildModels, type Models } from '../../models/index.js';
import type { Config } from '../../platform/config.js';
import { foldersFor } from '../../scripts/lib/folders.mjs';
import { openKeeper } from '../../scripts/lib/keeper.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { findOnPath, run } from '../../scripts/lib/processes.mjs';
import { startMongo, startRedis } from '../../scripts/lib/servers.mjs';
import { createNode, type Node } from '../../services/create.js';
import { testConfig } from './app.js';
import { until } from './poll.js';
import { startTap, type Tap } from './faults-tap.js';
import { startProxy, type Proxy } from './proxy.js';
import { buildServer, sameInstallation } from './worker.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Links {
  mongo: Proxy;
  redis: Proxy;
  /** From clients; a worker has none. */
  clients: Proxy;
}

export interface NodeProcess {
  name: string;
  links: Links;
  /** Sees the commands that it sends to the database. */
  tap: Tap;
  /** Where clients reach it: through its proxy. */
  url: string;
  pid(): number;
  signal(name: NodeJS.Signals): void;
  isGone(): boolean;
  /** Starts it (again), resolves when it serves. */
  start(): Promise<void>;
}

export interface Cluster {
  config: Config;
  servers: NodeProcess[];
  worker: NodeProcess;
  /** The stored truth, read past every proxy. */
  models: Models;
  /** A node of this process without any face, past every proxy: for making people. */
  node: Node;
  engines: string;
  /** SIGKILL; resolves when the keeper has it up again. */
  killMongo(): Promise<void>;
  killRedis(): Promise<void>;
  redis: Redis;
  stop(): Promise<void>;
}

type Keeper = ReturnType<typeof openKeeper> & {
  /** The process and its group end when we do, however that happens; it has to lead its group. */
  guard(child: ChildProcess): void;
};

interface Running {
  url: string;
  pid?: number;
  engine: string;
  version: string;
}

export async function startCluster(env: Record<string, string> = {}): Promise<Cluster> {
  buildServer();
  const data = mkdtempSync(join(tmpdir(), 'hotline-cluster-'));
  const deferred: (() => unknown)[] = [];
  const keeper = openKeeper(data) as Keeper;
  const restarted = { mongo: 0, redis: 0 };
  const { TEST_MONGODB_URL: _m, TEST_REDIS_URL: _r, MONGODB_URL: _mm, REDIS_URL: _rr, ...vars } = process.env;
  const setup = {
    root,
    data,
    tools: foldersFor(root, vars as Record<string, string>).tools,
    vars: { ...vars, MONGO_DOWNLOAD: '0' },
    keeper,
    defer: (end: () => unknown) => deferred.push(end),
    onRestart: (name: 'mongo' | 'redis') => {
      restarted[name] += 1;
    },
    findOnPath: (name: string) => findOnPath(name, vars['PATH']),
    run: (command: string, args: string[], options?: object) => run(command, args, options),
    progress: (_title: string, work: () => unknown) => work(),
    warn: () => undefined,
  };
  const mongo = (await startMongo(setup)) as Running;
  const redis = (await startRedis(setup)) as Running;
  const mongoPort = Number(new URL(mongo.url.replace('mongodb:', 'http:')).port);
  const redisPort = Number(new URL(redis.url).port);
  const directMongo = `mongodb://127.0.0.1:${String(mongoPort)}/?directConnection=true`;
  const config = testConfig({ MONGODB_URL: directMongo, REDIS_URL: redis.url, HOTLINE_DATA: data, ...env });

  const connection = await mongoose
    .createConnection(directMongo, {
      dbName: config.DATABASE,
      autoCreate: false,
      autoIndex: false,
      maxPoolSize: 4,
    })
    .asPromise();
  const models = buildModels(connection);
  await migrate(connection, models);
  await models.Institution.create([
    { _id: 'ecnu', name: '测试机构' },
    { _id: 'other', name: '另一机构' },
  ]);
  const node = await createNode(config, { waker: { wake: () => Promise.resolve() }, name: 'harness' });
  const ownRedis = new Redis(redis.url, { maxRetriesPerRequest: null });
  ownRedis.on('error', () => undefined);

  const processes: NodeProcess[] = [];
  const build = async (name: string, faces: string) => {
    const made = await nodeProcess({ name, faces, config, data, mongoPort, redisPort, env, keeper });
    processes.push(made);
    return made;
  };
  const servers = [await build('a', 'server,realtime'), await build('b', 'server,realtime')];
  const worker = await build('worker', 'worker');
  await Promise.all(processes.map((each) => each.start()));

  const killServer = async (name: 'mongo' | 'redis', server: Running) => {
    const before = restarted[name];
    if (server.pid === undefined) throw new Error(`${name} is not ours to kill`);
    process.kill(server.pid, 'SIGKILL');
    await until(() => restarted[name] > before, `${name} is started again`, 60_000);
  };
  return {
    config,
    servers,
    worker,
    models,
    node,
    engines: `${mongo.engine} ${mongo.version}, ${redis.engine} ${redis.version}`,
    killMongo: () => killServer('mongo', mongo),
    killRedis: () => killServer('redis', redis),
    redis: ownRedis,
    async stop() {
      for (const each of processes) if (!each.isGone()) each.signal('SIGKILL');
      await until(() => processes.every((each) => each.isGone()), 'the nodes are gone');
      await node.close();
      await connection.close();
      ownRedis.disconnect();
      await Promise.all(
        processes.flatMap(({ links, tap }) => [
          ...Object.values(links).map((link: Proxy) => link.close()),
          tap.close(),
        ]),
      );
      for (const end of deferred.reverse()) await end();
      await keeper.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function nodeProcess(options: {
  name: string;
  faces: string;
  config: Config;
  data: string;
  mongoPort: number;
  redisPort: number;
  env: Record<string, string>;
  keeper: Keeper;
}): Promise<NodeProcess> {
  const { name, faces, config, data } = options;
  const port = await freePort();
  const tap = await startTap('127.0.0.1', options.mongoPort);
  const links: Links = {
    mongo: await startProxy('127.0.0.1', tap.port),
    redis: await startProxy('127.0.0.1', options.redisPort),
    clients: await startProxy('127.0.0.1', port),
  };
  const logFile = join(data, `${name}.log`);
  let child: ChildProcess | null = null;
  const isGone = () => child === null || child.exitCode !== null || child.signalCode !== null;
  return {
    name,
    links,
    tap,
    url: `http://127.0.0.1:${String(links.clients.port)}`,
    pid: () => child?.pid ?? 0,
    signal(signal) {
      child?.kill(signal);
    },
    isGone,
    async start() {
      if (!isGone()) return;
      const log = openSync(logFile, 'a');
      const started = spawn(process.execPath, ['dist/bin/start.js'], {
        cwd: root,
        stdio: ['ignore', log, log, 'ipc'],
        detached: true,
        env: {
          PATH: process.env['PATH'],
          TZ: process.env['TZ'],
          NODE_ENV: 'test',
          DEMO: '0',
          LOG_LEVEL: 'warn',
          ...sameInstallation(config),
          SOCKET_EVENTS_PER_10S: '10000',
          ...options.env,
          FACES: faces,
          PORT: String(port),
          MONGODB_URL: `mongodb://127.0.0.1:${String(links.mongo.port)}/?directConnection=true`,
          REDIS_URL: `redis://127.0.0.1:${String(links.redis.port)}`,
        },
      });
      closeSync(log);
      // A paused one would outlive us otherwise.
      options.keeper.guard(started);
      child = started;
      let ready = false;
      started.on('message', (message) => {
        ready ||= (message as { type?: string }).type === 'ready';
      });
      await until(() => ready || isGone(), `${name} serves`, 60_000);
      // Changed by the listener above.
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
      if (!ready) throw new Error(`${name} ended:\n${readFileSync(logFile, 'utf8').slice(-3_000)}`);
    },
  };
}
