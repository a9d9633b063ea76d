import type { Ctx } from '../context.js';
import { completeEnd } from './end.js';

/** An end that is younger is still being completed by the one who made it. */
const OWN_MS = 5_000;

/** Completes what was ended and not sealed (design.md, "Ending"). */
export async function sweepUnsealed(ctx: Ctx): Promise<number> {
  const rows = await ctx.models.Conversation.find({
    sealed: false,
    endAt: { $lt: new Date(ctx.clock.now() - OWN_MS) },
  })
    .limit(100)
    .lean();
  for (const row of rows) await completeEnd(ctx, row);
  return rows.length;
}
