/** From one counselor's line into the common one, in the place that the visitor has. */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { enqueue, leaveQueue } from '../matchmaking/queue.js';
import { publishConversation } from './publish.js';

/** Does nothing for what was assigned, offered or ended meanwhile. */
async function redirect(ctx: Ctx, row: Conversation): Promise<boolean> {
  const moved = await ctx.models.Conversation.findOneAndUpdate(
    { _id: row._id, requested: row.requested, status: 'WAITING', open: true, offer: null },
    {
      $set: { requested: null, fellBack: true },
      $pull: { deadlines: { kind: 'fallback' } },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!moved) return false;
  await leaveQueue(ctx, row);
  await enqueue(ctx, moved);
  await publishConversation(ctx, moved, null);
  return true;
}

/** Who asked for a counselor that can serve nobody any more takes whoever is free. */
export async function redirectNamed(ctx: Ctx, counselor: Types.ObjectId): Promise<void> {
  const named = { requested: counselor, status: 'WAITING' as const, open: true as const };
  for (const row of await ctx.models.Conversation.find(named).lean()) await redirect(ctx, row);
}

/** The counselor asked for had no time for as long as the policy bears (`namedFallbackMinutes`). */
export async function fallBack(ctx: Ctx, row: Conversation, at: number): Promise<boolean> {
  if (row.offer || row.status !== 'WAITING' || row.requested === null) {
    // Being offered to the very counselor they asked for; should that fail, it is looked at again by the sweep.
    if (!row.offer)
      await ctx.models.Conversation.updateOne(
        { _id: row._id },
        { $pull: { deadlines: { kind: 'fallback', at: new Date(at) } } },
      );
    return false;
  }
  const moved = await redirect(ctx, row);
  if (moved) await ctx.admissions.admit(row.institution);
  return moved;
}
