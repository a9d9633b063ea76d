/** How the platform is, from what it knows already: the servers' answers, queues, outbox, connections, rollups. */
import type { Health, HealthCheck } from '../../contract/health.js';
import { BACKUP_PARTS, type HealthCheckId } from '../../contract/enums.js';
import { readVersion } from '../../platform/version.js';
import { isRedisUp } from '../../platform/redis.js';
import type { Actor, Ctx, QueueFigures } from '../context.js';
import { outboxFigures } from '../notice/figures.js';
import { healthReach } from '../policies/health.js';
import { UNROLLED } from '../statistics/sources.js';

/** An answer that takes longer is no healthy one. */
const SLOW_MS = 1_000;
/** Jobs are taken up within moments and rows are swept every two seconds: who waits that long is not being served. */
const LATE_SECONDS = 120;
/** A receiver that answers has an event within moments. */
const UNANSWERED_SECONDS = 600;
/** Notices that are due, of which the receivers are looked at. */
const LOOKED_AT = 100;
/** A backup a night, and an hour for a night that takes longer. */
const BACKUP_HOURS = 25;
const HOUR = 3_600_000;
/** Ended sessions that statistics may lag behind. */
const UNCOUNTED = 200;
const version = readVersion();

/** @throws AppError FORBIDDEN; UNAVAILABLE while the database is away: then nobody is let in either */
export async function readHealth(ctx: Ctx, actor: Actor): Promise<Health> {
  const reach = healthReach(actor);
  const [database, redis, webhooks] = await Promise.all([
    answerMs(ctx, () => ctx.mongo.db?.command({ ping: 1 })),
    isRedisUp(ctx.redis) ? answerMs(ctx, () => ctx.redis.ping()).catch(() => null) : null,
    reach === 'own' ? webhooksOf(ctx, actor.institution) : [],
  ]);
  const checks = [
    check('database', database < SLOW_MS, database),
    check('redis', redis !== null && redis < SLOW_MS, redis),
    check('cutoffs', ctx.cutoffs.isFresh(), null),
    ...webhooks,
  ];
  const common = { time: ctx.clock.now(), version, node: ctx.node };
  if (reach === 'own') return { ...common, checks, whole: null };
  const whole = await readWhole(ctx);
  return { ...common, checks: [...checks, ...whole.checks], whole: whole.figures };
}

const check = (id: HealthCheckId, ok: boolean, value: number | null): HealthCheck => ({
  id,
  ok,
  value: value === null ? null : Math.round(value),
});

async function answerMs(ctx: Ctx, ask: () => Promise<unknown> | undefined): Promise<number> {
  const began = ctx.clock.monotonic();
  await ask();
  return ctx.clock.monotonic() - began;
}

/** Of one institution: what leaves it by its own webhooks. */
async function webhooksOf(ctx: Ctx, institution: string): Promise<HealthCheck[]> {
  const hooks = await ctx.models.Webhook.find({ institution, deletedAt: null }, { _id: 1 }).lean();
  if (hooks.length === 0) return [];
  const receivers = hooks.map(({ _id }) => _id.toHexString());
  const [firsts, dead] = await Promise.all([
    Promise.all(receivers.map((receiver) => firstOf(ctx, receiver))),
    ctx.models.Outbox.countDocuments({ receiver: { $in: receivers }, state: 'DEAD' }),
  ]);
  const now = ctx.clock.now();
  const waited = Math.max(
    0,
    ...firsts.map((first) => (first ? (now - first.createdAt.getTime()) / 1_000 : 0)),
  );
  return [check('webhooks', waited < UNANSWERED_SECONDS, waited), check('webhooksDead', dead === 0, dead)];
}

/** By how much the notice is late that could leave and is due longest: those behind the first of a receiver wait for it. */
async function lateSeconds(ctx: Ctx): Promise<number> {
  const { Outbox } = ctx.models;
  const now = ctx.clock.now();
  const due = await Outbox.find({ state: 'PENDING', dueAt: { $lt: new Date(now) } }, { receiver: 1 })
    .sort({ dueAt: 1 })
    .limit(LOOKED_AT)
    .lean();
  const firsts = await Promise.all(
    [...new Set(due.map(({ receiver }) => receiver))].map((receiver) => firstOf(ctx, receiver)),
  );
  return Math.max(0, ...firsts.map((first) => (first ? (now - first.dueAt.getTime()) / 1_000 : 0)));
}

async function firstOf(ctx: Ctx, receiver: string) {
  const [first] = await ctx.models.Outbox.find({ receiver, state: 'PENDING' }, { dueAt: 1, createdAt: 1 })
    .sort({ order: 1, _id: 1 })
    .limit(1)
    .lean();
  return first;
}

async function readWhole(ctx: Ctx): Promise<{ checks: HealthCheck[]; figures: Health['whole'] }> {
  const { Backup, Connection, Conversation, DeadLetter } = ctx.models;
  const [queues, outbox, late, letters, uncounted, open, connections, backups] = await Promise.all([
    ctx.jobs.figures(),
    outboxFigures(ctx),
    lateSeconds(ctx),
    DeadLetter.countDocuments({ state: 'KEPT' }),
    Conversation.countDocuments(UNROLLED),
    Conversation.countDocuments({ open: true }),
    Connection.find({ until: { $gte: new Date(ctx.clock.now()) } }, { node: 1 }).lean(),
    Backup.find().lean(),
  ]);
  const people = new Map([[ctx.node, 0]]);
  for (const { node } of connections) people.set(node, (people.get(node) ?? 0) + 1);
  const dead = outbox.reduce((sum, each) => sum + each.dead, 0);
  const failed = queues.reduce((sum, { counts }) => sum + (counts['failed'] ?? 0), 0);
  const waited = Math.max(0, ...queues.map(({ oldestSeconds }) => oldestSeconds));
  // Data without their keys cannot be read: the older of the two counts.
  const oldest = Math.min(...backups.map(({ at }) => at.getTime()));
  const age = backups.length === BACKUP_PARTS.length ? (ctx.clock.now() - oldest) / HOUR : null;
  const behind = Math.max(0, uncounted - open);
  return {
    checks: [
      check('jobs', waited < LATE_SECONDS, waited),
      check('failedJobs', failed === 0, failed),
      check('outbox', late < LATE_SECONDS, late),
      check('outboxDead', dead === 0, dead),
      check('deadLetters', letters === 0, letters),
      check('rollups', behind <= UNCOUNTED, behind),
      check('backup', age !== null && age < BACKUP_HOURS, age),
    ],
    figures: {
      engines: { database: ctx.config.MONGO_ENGINE || 'MongoDB', redis: ctx.config.REDIS_ENGINE || 'Redis' },
      nodes: [...people].map(([node, count]) => ({ node, people: count })),
      queues: queues.map(presentQueue),
      outbox,
      backups: backups.map(({ _id, at, documents, files, bytes }) => ({
        part: _id,
        at: at.getTime(),
        ...{ documents, files, bytes },
      })),
    },
  };
}

const presentQueue = ({ name, counts, oldestSeconds }: QueueFigures) => ({
  name,
  waiting: counts['waiting'] ?? 0,
  active: counts['active'] ?? 0,
  delayed: counts['delayed'] ?? 0,
  failed: counts['failed'] ?? 0,
  oldestSeconds: Math.round(oldestSeconds),
});
