/** The whole platform as a newcomer starts it: `scripts/start.mjs` with a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './poll.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RunFile {
  url: string;
  pid: number;
  mongo: { pid?: number; engine: string; version: string };
  redis: { pid?: number; engine: string; version: string };
  demo: Record<
    'counselors' | 'supervisors' | 'institutionAdmins',
    { username: string; password: string }[]
  > & {
    admin: { username: string; password: string };
  };
}

export interface Platform {
  run(): RunFile;
  /** The process that serves, a child of the bootstrap. */
  appPid(): Promise<number>;
  /** Starts again on the same data folder. */
  start(): Promise<void>;
  /** SIGKILL to everything at once. */
  killAll(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPlatform(): Promise<Platform> {
  const data = mkdtempSync(join(tmpdir(), 'hotline-platform-'));
  const port = await freePort();
  let child: ChildProcess | null = null;
  const logFile = join(data, 'start.log');

  const run = () => JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as RunFile;
  const platform: Platform = {
    run,
    appPid: () => until(() => childOf(run().pid, 'dist/bin/start.js'), 'the app runs', 30_000),
    async start() {
      const { TEST_MONGODB_URL: _mongo, TEST_REDIS_URL: _redis, ...rest } = process.env;
      const env = {
        ...rest,
        NODE_ENV: 'development',
        HOTLINE_DATA: data,
        PORT: String(port),
        MONGO_DOWNLOAD: '0',
      };
      // A file and not a pipe: what outlives a kill -9 must not hold this process open.
      const log = openSync(logFile, 'a');
      const started = spawn(process.execPath, ['scripts/start.mjs'], {
        cwd: root,
        env,
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      child = started;
      // run.json is not there yet, the port not open yet.
      const serves = async () =>
        run().pid === started.pid && (await fetch(`${run().url}/ready`)).status === 200;
      await until(serves, 'the platform serves', 240_000, true).catch((error: unknown) => {
        started.kill('SIGTERM');
        throw new Error(`the platform did not start:\n${readFileSync(logFile, 'utf8').slice(-4_000)}`, {
          cause: error,
        });
      });
    },
    async killAll() {
      const { pid, mongo, redis } = run();
      const app = await platform.appPid();
      for (const each of [pid, app, mongo.pid, redis.pid]) if (each !== undefined) kill(each);
      await until(() => child?.exitCode !== null || child.signalCode !== null, 'the bootstrap is gone');
    },
    async stop() {
      child?.kill('SIGTERM');
      await until(() => !child || child.exitCode !== null || child.signalCode !== null, 'stopped', 60_000);
      rmSync(data, { recursive: true, force: true });
    },
  };
  await platform.start();
  return platform;
}

export function kill(pid: number): void {
  process.kill(pid, 'SIGKILL');
}

/** The child of a process whose command line names something (Linux). */
function childOf(parent: number, name: string): number | null {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const ppid = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1];
      if (ppid === String(parent) && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(name))
        return Number(entry);
    } catch {
      // Gone since it was listed.
    }
  }
  return null;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
