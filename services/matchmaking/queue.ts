/**
 * The waiting line: a sorted set in Redis, which place and assignment both read, and MongoDB's waiting
 * conversations behind it, which decide while Redis is away. Score = arrival in ms minus credit, a fixed number.
 */
import type { QueuePlace } from '../../contract/conversation.js';
import type { Conversation } from '../../models/conversation.js';
import { isRedisUp } from '../../platform/redis.js';
import type { Ctx } from '../context.js';
import { commonQueue, namedQueue } from './keys.js';

type Waiting = Pick<Conversation, '_id' | 'institution' | 'requested' | 'queueScore'>;

const queueKey = (ctx: Ctx, row: Waiting) =>
  row.requested
    ? namedQueue(ctx, row.institution, row.requested.toHexString())
    : commonQueue(ctx, row.institution);

/** Adds a waiting conversation; the sweeper repairs what a failure here leaves out. */
export async function enqueue(ctx: Ctx, row: Waiting): Promise<void> {
  await quietly(ctx, () => ctx.redis.zadd(queueKey(ctx, row), row.queueScore, row._id.toHexString()));
}

/** Puts into line whoever a crash or a failed command left out; those who stand in it keep their place. */
export async function enqueueMissing(ctx: Ctx, rows: Waiting[]): Promise<void> {
  await quietly(ctx, () => {
    const pipeline = ctx.redis.pipeline();
    for (const row of rows) pipeline.zadd(queueKey(ctx, row), 'NX', row.queueScore, row._id.toHexString());
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

/**
 * Where each waiting conversation stands: 1 = next. Read from the set that assigns; counted in MongoDB while
 * Redis is away or does not know it yet.
 */
export async function placesOf(ctx: Ctx, rows: Waiting[]): Promise<Map<string, QueuePlace>> {
  const places = new Map<string, QueuePlace>();
  await Promise.all(
    rows.map(async (row) => {
      const id = row._id.toHexString();
      const rank = (await rankInRedis(ctx, row)) ?? (await rankInMongo(ctx, row));
      places.set(id, { conversationId: id, position: rank + 1, wait: null });
    }),
  );
  return places;
}

async function rankInRedis(ctx: Ctx, row: Waiting): Promise<number | null> {
  if (!isRedisUp(ctx.redis)) return null;
  return ctx.redis.zrank(queueKey(ctx, row), row._id.toHexString()).catch(() => null);
}

async function rankInMongo(ctx: Ctx, row: Waiting): Promise<number> {
  return ctx.models.Conversation.countDocuments({
    ...waitingFilter(row.institution),
    requested: row.requested,
    $or: [{ queueScore: { $lt: row.queueScore } }, { queueScore: row.queueScore, _id: { $lt: row._id } }],
  });
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
