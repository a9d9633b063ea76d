/** The clock face: BullMQ wakes, MongoDB decides, a sweeper is the net under both. */
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { JOB_NAMES, type JobName, type Jobs } from '../contract/jobs.js';
import { connectPatientRedis } from '../platform/redis.js';
import type { Ctx } from '../services/context.js';
import { chores } from './jobs/chores.js';
import { handlers, type Handler, type Handlers } from './jobs/index.js';
import { sweeps } from './jobs/sweep.js';
import { queuePrefix } from './queues.js';

const SWEEP_MS = 2_000;
const CHORES_MS = 5_000;
/** A job whose worker died is taken up again this soon; rows with a lease of their own are swept sooner. */
const LOCK_MS = 30_000;
/**
 * How often a job may be found with a dead worker. BullMQ's own limit is 1, which turns the second death into a
 * failure that nobody sees; here the row of the work decides when to give up.
 */
const MAX_STALLS = 1_000;

export interface WorkerFace {
  /** One sweep now; for tests and for commands. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error when a job name has no handler: such a job would wait for ever */
export function startWorkers(
  ctx: Ctx,
  registry: Handlers = handlers,
  told: { failed(queue: JobName): void } = { failed: () => undefined },
): WorkerFace {
  for (const name of JOB_NAMES)
    if (!(name in registry)) throw new Error(`no handler for the job "${name}": see workers/jobs/index.ts`);
  const connection = connectPatientRedis(ctx.config.REDIS_URL, ctx.log);
  const stopping = new AbortController();
  const workers = JOB_NAMES.map((name) =>
    startWorker(ctx, connection, name, registry[name], stopping.signal, told.failed),
  );

  const swept = repeat(SWEEP_MS, () => runAll(ctx, sweeps));
  const done = repeat(CHORES_MS, () => runAll(ctx, chores));
  return {
    sweep: swept.now,
    async close() {
      stopping.abort();
      await Promise.all([swept.stop(), done.stop()]);
      await Promise.all(workers.map((worker) => worker.close()));
      connection.disconnect();
    },
  };
}

function startWorker<Name extends JobName>(
  ctx: Ctx,
  connection: Redis,
  name: Name,
  handler: Handler<Name>,
  stopping: AbortSignal,
  failed: (queue: JobName) => void,
): Worker<Jobs[Name]> {
  const worker = new Worker<Jobs[Name]>(
    name,
    (job: Job<Jobs[Name]>) => handler.run(ctx, job.data, stopping),
    {
      connection,
      prefix: queuePrefix(ctx.config.KEY_PREFIX),
      concurrency: handler.concurrency(ctx.config),
      lockDuration: LOCK_MS,
      maxStalledCount: MAX_STALLS,
    },
  );
  worker.on('error', (error) => {
    ctx.log.debug({ err: error.message, queue: name }, 'worker');
  });
  worker.on('failed', (job, error) => {
    failed(name);
    ctx.log.warn({ err: error.message, queue: name, job: job?.id }, 'job failed; a sweeper will finish it');
  });
  return worker;
}

/** Now and then again and again, never twice at once; who asks while it runs gets the run under way. */
function repeat(everyMs: number, run: () => Promise<void>): { now(): Promise<void>; stop(): Promise<void> } {
  let running: Promise<void> | null = null;
  const now = (): Promise<void> => {
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
  const timer = setInterval(() => {
    void now();
  }, everyMs);
  void now();
  return {
    now,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Each on its own: one that fails does not keep the others from running. */
async function runAll(ctx: Ctx, all: Record<string, (ctx: Ctx) => Promise<unknown>>): Promise<void> {
  for (const [name, run] of Object.entries(all)) {
    try {
      await run(ctx);
    } catch (error) {
      ctx.log.warn({ err: error, sweep: name }, 'sweep failed; tried again at the next turn');
    }
  }
}
