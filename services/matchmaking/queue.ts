/**
 * The waiting line: a sorted set in Redis, which places are read from, and MongoDB's waiting conversations behind it,
 * which hold the same scores and decide. Score = arrival in ms minus credit. A score only ever falls, so whoever writes
 * one to Redis writes the lower of the two (LT), and an old one cannot undo a new one.
 */
import type { Conversation } from '../../models/conversation.js';
import { isRedisUp } from '../../platform/redis.js';
import type { Ctx } from '../context.js';
import { commonQueue, namedQueue } from './keys.js';

export type Waiting = Pick<Conversation, '_id' | 'institution' | 'requested' | 'queueScore'>;

export const queueKey = (ctx: Ctx, row: Waiting) =>
  row.requested
    ? namedQueue(ctx, row.institution, row.requested.toHexString())
    : commonQueue(ctx, row.institution);

/** Adds a waiting conversation; the sweeper repairs what a failure here leaves out. */
export async function enqueue(ctx: Ctx, row: Waiting): Promise<void> {
  await quietly(ctx, () => ctx.redis.zadd(queueKey(ctx, row), 'LT', row.queueScore, row._id.toHexString()));
}

/** Puts into line whoever a crash or a failed command left out, or left behind where they stood before. */
export async function enqueueAll(ctx: Ctx, rows: Waiting[]): Promise<void> {
  await quietly(ctx, () => {
    const pipeline = ctx.redis.pipeline();
    for (const row of rows) pipeline.zadd(queueKey(ctx, row), 'LT', row.queueScore, row._id.toHexString());
    return pipeline.exec();
  });
}

/** Takes a conversation out of line. */
export async function leaveQueue(ctx: Ctx, row: Waiting): Promise<void> {
  await quietly(ctx, () => ctx.redis.zrem(queueKey(ctx, row), row._id.toHexString()));
}

/** Redis is expendable: what fails here is rebuilt from MongoDB. */
export async function quietly(ctx: Ctx, act: () => Promise<unknown>): Promise<void> {
  if (!isRedisUp(ctx.redis)) return;
  try {
    await act();
  } catch (error) {
    ctx.log.warn({ err: String(error) }, 'queue cache');
  }
}

export const waitingFilter = (institution: string) => ({
  institution,
  status: 'WAITING' as const,
  open: true as const,
});

/** All who wait, first come first. */
export async function waitingOf(ctx: Ctx, institution: string, limit = 500): Promise<Conversation[]> {
  return ctx.models.Conversation.find(waitingFilter(institution))
    .sort({ queueScore: 1, _id: 1 })
    .limit(limit)
    .lean();
}
