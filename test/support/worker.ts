/** A worker in a process of its own, to be killed; it needs the built server code (`npm run build`). */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../platform/config.js';
import { until } from './poll.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface WorkerProcess {
  pid: number;
  /** SIGKILL, SIGSTOP, SIGCONT. */
  signal(name: NodeJS.Signals): void;
  gone(): Promise<void>;
}

/** Builds what is older than its sources; does nothing otherwise. */
export function buildServer(): void {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
}

const SAME = [
  'DATABASE',
  'KEY_PREFIX',
  'HOTLINE_DATA',
  'JWT_SECRET',
  'PEPPER',
  'DATA_KEY',
  'DEFAULT_INSTITUTION',
] as const;

/** What a further process must be given to belong to the same installation, besides its addresses. */
export const sameInstallation = (config: Config): Record<string, string> =>
  Object.fromEntries(SAME.map((name) => [name, config[name]]));

/** @param config of the test's hotline: the same database, queues and keys */
export function startWorkerProcess(config: Config, env: Record<string, string> = {}): WorkerProcess {
  const child = spawn(process.execPath, ['dist/bin/start.js'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      TZ: process.env['TZ'],
      NODE_ENV: 'test',
      DEMO: '0',
      FACES: 'worker',
      PORT: '0',
      MONGODB_URL: config.MONGODB_URL,
      REDIS_URL: config.REDIS_URL,
      ...sameInstallation(config),
      ...env,
    },
  });
  if (child.pid === undefined) throw new Error('the worker did not start');
  const { pid } = child;
  return {
    pid,
    signal(name) {
      child.kill(name);
    },
    async gone() {
      await until(() => child.exitCode !== null || child.signalCode !== null, 'the worker is gone');
    },
  };
}
