/**
 * What an operator watches, in the Prometheus format: this process (event loop, memory, sockets, messages) and what
 * all share (queues, outbox, rollups). Numbers and names of ours only; nothing of a person.
 */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Ctx } from '../context.js';
import { outboxFigures } from '../notice/figures.js';
import { UNROLLED } from '../statistics/sources.js';

export interface Metrics {
  text(): Promise<string>;
  type: string;
  jobFailed(queue: string): void;
}

export function createMetrics(ctx: Ctx, look: { sockets(): number }): Metrics {
  const register = new Registry();
  // Event-loop lag, memory, handles, garbage collection; each node its own registry.
  collectDefaultMetrics({ register, prefix: 'hotline_' });
  const registers = [register];
  const messages = new Counter({
    name: 'hotline_messages_total',
    help: 'Messages written by this process',
    registers,
  });
  ctx.bus.on('message.created', (_event, remote) => {
    if (!remote) messages.inc();
  });
  const failed = new Counter({
    name: 'hotline_jobs_failed_total',
    help: 'Jobs that failed in this process',
    labelNames: ['queue'],
    registers,
  });
  new Gauge({
    name: 'hotline_sockets',
    help: 'Sockets of this process',
    registers,
    collect() {
      this.set(look.sockets());
    },
  });
  const oldest = new Gauge({
    name: 'hotline_queue_oldest_seconds',
    help: 'How long the oldest waiting job has waited',
    labelNames: ['queue'],
    registers,
  });
  new Gauge({
    name: 'hotline_queue_jobs',
    help: 'Jobs by queue and state',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      // Redis away: the figures of the last time would lie.
      this.reset();
      oldest.reset();
      for (const { name, counts, oldestSeconds } of await ctx.jobs.figures()) {
        for (const [state, count] of Object.entries(counts)) this.set({ queue: name, state }, count);
        oldest.set({ queue: name }, oldestSeconds);
      }
    },
  });
  new Gauge({
    name: 'hotline_outbox_rows',
    help: 'Notices that wait, and that were given up',
    labelNames: ['channel', 'state'],
    registers,
    async collect() {
      this.reset();
      for (const { channel, waiting, dead } of await outboxFigures(ctx)) {
        this.set({ channel, state: 'PENDING' }, waiting);
        this.set({ channel, state: 'DEAD' }, dead);
      }
    },
  });
  new Gauge({
    name: 'hotline_outbox_oldest_seconds',
    help: 'How long the oldest waiting notice has waited',
    registers,
    async collect() {
      const rows = await ctx.models.Outbox.find({ state: 'PENDING' }, { createdAt: 1 })
        .sort({ createdAt: 1 })
        .limit(1)
        .lean();
      this.set(rows[0] ? Math.max(0, (ctx.clock.now() - rows[0].createdAt.getTime()) / 1_000) : 0);
    },
  });
  new Gauge({
    name: 'hotline_rollups_behind',
    help: 'Sessions that are open or not counted ahead yet',
    registers,
    async collect() {
      this.set(await ctx.models.Conversation.countDocuments(UNROLLED));
    },
  });
  return {
    text: () => register.metrics(),
    type: register.contentType,
    jobFailed(queue) {
      failed.inc({ queue });
    },
  };
}
