import { Queue } from 'bullmq';
import { JOB_NAMES, type JobName, type Jobs } from '../contract/jobs.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/log.js';
import { connectPatientRedis } from '../platform/redis.js';
import type { DeadlineWaker, JobQueue, QueueFigures } from '../services/context.js';

/** BullMQ refuses ioredis' keyPrefix; the braces keep a queue's keys in one hash slot. */
export const queuePrefix = (keyPrefix: string): string => `{${keyPrefix}}`;

export interface Queues extends DeadlineWaker, JobQueue {
  all: Queue[];
  close(): Promise<void>;
}

/** One queue a job name. Nothing here waits for Redis: MongoDB holds what is to be done, the sweepers are the net. */
export function createQueues(options: { url: string; keyPrefix: string; log: Logger; clock: Clock }): Queues {
  const connection = connectPatientRedis(options.url, options.log);
  const queues = new Map<JobName, Queue>(
    JOB_NAMES.map((name) => [name, new Queue(name, { connection, prefix: queuePrefix(options.keyPrefix) })]),
  );
  for (const queue of queues.values())
    queue.on('error', (error) => {
      options.log.debug({ err: error.message, queue: queue.name }, 'queue');
    });

  function put(name: JobName, jobName: string, payload: Jobs[JobName], id: string, delay: number): void {
    if (connection.status !== 'ready') return;
    queues
      .get(name)
      ?.add(jobName, payload, { jobId: id, delay, removeOnComplete: true, removeOnFail: 1_000 })
      .catch((error: unknown) => {
        options.log.warn({ err: String(error), queue: name }, 'job not queued; a sweeper will find it');
      });
  }

  async function figuresOf(name: JobName, queue: Queue): Promise<QueueFigures> {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
    const [oldest] = await queue.getJobs(['waiting'], 0, 0, true);
    const waited = oldest ? Math.max(0, options.clock.now() - oldest.timestamp) / 1_000 : 0;
    return { name, counts, oldestSeconds: waited };
  }

  return {
    all: [...queues.values()],
    figures: async () =>
      connection.status === 'ready'
        ? Promise.all([...queues].map(([name, queue]) => figuresOf(name, queue)))
        : [],
    wake(conversation, kind, at) {
      put(
        'deadline',
        kind,
        { conversation, kind: kind as Jobs['deadline']['kind'], at: at.getTime() },
        `${conversation}-${kind}-${String(at.getTime())}`,
        Math.max(0, at.getTime() - options.clock.now()),
      );
      return Promise.resolve();
    },
    add(name, payload, { id, delayMs = 0 }) {
      put(name, name, payload, id, delayMs);
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      connection.disconnect();
    },
  };
}
