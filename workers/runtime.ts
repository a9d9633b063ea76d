/** The clock face: BullMQ wakes, MongoDB decides, a sweeper is the net under both. */
import { Worker, type Job } from 'bullmq';
import type { Jobs } from '../contract/jobs.js';
import { connectPatientRedis } from '../platform/redis.js';
import type { Ctx } from '../services/context.js';
import { sweeps } from './jobs/sweep.js';
import { wakeDeadline } from './jobs/deadline.js';
import { DEADLINE_QUEUE, queuePrefix } from './waker.js';

const SWEEP_MS = 2_000;

export interface WorkerFace {
  /** One sweep now; for tests and for commands. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export function startWorkers(ctx: Ctx): WorkerFace {
  const connection = connectPatientRedis(ctx.config.REDIS_URL, ctx.log);
  const worker = new Worker<Jobs['deadline']>(
    DEADLINE_QUEUE,
    (job: Job<Jobs['deadline']>) => wakeDeadline(ctx, job.data),
    { connection, prefix: queuePrefix(ctx.config.KEY_PREFIX), concurrency: 20 },
  );
  worker.on('error', (error) => {
    ctx.log.debug({ err: error.message }, 'worker');
  });
  worker.on('failed', (job, error) => {
    ctx.log.warn({ err: error.message, job: job?.id }, 'job failed; the sweeper will finish it');
  });

  let running: Promise<void> | null = null;
  const sweep = (): Promise<void> => {
    running ??= sweepOnce(ctx).finally(() => {
      running = null;
    });
    return running;
  };
  const timer = setInterval(() => {
    void sweep();
  }, SWEEP_MS);
  void sweep();
  return {
    sweep,
    async close() {
      clearInterval(timer);
      await running;
      await worker.close();
      connection.disconnect();
    },
  };
}

/** Each sweep on its own: one that fails does not keep the others from running. */
async function sweepOnce(ctx: Ctx): Promise<void> {
  for (const [name, run] of Object.entries(sweeps)) {
    try {
      await run(ctx);
    } catch (error) {
      ctx.log.warn({ err: error, sweep: name }, 'sweep failed; tried again in 2 s');
    }
  }
}
