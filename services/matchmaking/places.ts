/** Where those who wait stand, and how long it may take; for people's eyes. */
import type { QueuePlace } from '../../contract/conversation.js';
import { isRedisUp } from '../../platform/redis.js';
import type { Ctx } from '../context.js';
import type { Range } from './forecast.js';
import { queueKey, waitingFilter, type Waiting } from './queue.js';
import { waitsOf } from './wait.js';

/**
 * Where each waiting conversation stands: 1 = next. Read from the set that assigns; counted in MongoDB while
 * Redis is away or does not know it yet.
 */
export async function placesOf(ctx: Ctx, rows: readonly Waiting[]): Promise<Map<string, QueuePlace>> {
  const waits = await expected(ctx, rows);
  const places = new Map<string, QueuePlace>();
  await Promise.all(
    rows.map(async (row) => {
      const id = row._id.toHexString();
      const rank = (await rankInRedis(ctx, row)) ?? (await rankInMongo(ctx, row));
      const range = waits.get(id);
      places.set(id, {
        conversationId: id,
        position: rank + 1,
        wait: range ? range.most / 1_000 : null,
        waitLeast: range ? range.least / 1_000 : null,
      });
    }),
  );
  return places;
}

async function expected(ctx: Ctx, rows: readonly Waiting[]): Promise<Map<string, Range>> {
  const waits = new Map<string, Range>();
  for (const institution of new Set(rows.map((row) => row.institution))) {
    const ids = rows.filter((row) => row.institution === institution).map(({ _id }) => _id.toHexString());
    for (const [id, range] of await waitsOf(ctx, institution, ids)) waits.set(id, range);
  }
  return waits;
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
