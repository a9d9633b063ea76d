import type { Ctx } from '../context.js';
import { isDuplicate } from '../../platform/mongo.js';

/** Longer than this without any worker's mark: the whole platform was down. */
const DOWN_MS = 30_000;

/**
 * Marks the platform as alive; each worker does so every few seconds. The row's `holder` is the moment since when
 * it has been up without a break: drop and silence timers start anew from there (design.md, "Time").
 */
export async function markAlive(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now();
  const until = new Date(now + DOWN_MS);
  const kept = await ctx.models.Lease.updateOne(
    { _id: 'platform', until: { $gte: new Date(now) } },
    // Never shorter: a clock that was set back and forth is no downtime.
    { $max: { until } },
  );
  if (kept.matchedCount === 1) return;
  const restarted = await ctx.models.Lease.updateOne(
    { _id: 'platform', until: { $lt: new Date(now) } },
    { $set: { until, holder: String(now) } },
  );
  if (restarted.matchedCount === 1) return;
  try {
    await ctx.models.Lease.collection.insertOne({ _id: 'platform' as never, holder: String(now), until });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/** Epoch ms since when the platform has been up without a break; null before the first mark. */
export async function upSince(ctx: Ctx): Promise<number | null> {
  const row = await ctx.models.Lease.findById('platform').lean();
  return row ? Number(row.holder) : null;
}
