import { Queue } from 'bullmq';
import type { Jobs } from '../contract/jobs.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/log.js';
import { connectPatientRedis } from '../platform/redis.js';
import type { DeadlineWaker } from '../services/context.js';

export const DEADLINE_QUEUE = 'deadline';
/** BullMQ refuses ioredis' keyPrefix; the braces keep a queue's keys in one hash slot. */
export const queuePrefix = (keyPrefix: string): string => `{${keyPrefix}}`;

/** Puts a delayed job beside each deadline. It never waits for Redis: the sweeper is the net. */
export function createWaker(options: { url: string; keyPrefix: string; log: Logger; clock: Clock }): DeadlineWaker & {
  close(): Promise<void>;
} {
  const connection = connectPatientRedis(options.url, options.log);
  const queue = new Queue<Jobs['deadline']>(DEADLINE_QUEUE, { connection, prefix: queuePrefix(options.keyPrefix) });
  queue.on('error', (error) => {
    options.log.debug({ err: error.message }, 'deadline queue');
  });
  return {
    wake(conversation, kind, at) {
      if (connection.status === 'ready')
        queue
          .add(
            kind,
            { conversation, kind: kind as Jobs['deadline']['kind'], at: at.getTime() },
            {
              jobId: `${conversation}-${kind}-${String(at.getTime())}`,
              delay: Math.max(0, at.getTime() - options.clock.now()),
              removeOnComplete: true,
              removeOnFail: 1_000,
            },
          )
          .catch((error: unknown) => {
            options.log.warn({ err: String(error) }, 'deadline not woken; the sweeper will');
          });
      return Promise.resolve();
    },
    async close() {
      await queue.close();
      connection.disconnect();
    },
  };
}
