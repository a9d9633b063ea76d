import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { beginSession } from './begin.js';
import type { Pair } from './claim.js';
import { makeOffer } from './offer.js';
import { dropLease, leaveQueue } from './queue.js';
import { pullAttempt, takeSeat } from './seat.js';

/**
 * Gives a waiting conversation to a counselor in two compare-and-sets: (1) the seat, where cap and seats are
 * judged together; (2) the conversation, WAITING on the attempt under which the seat was taken; where counselors
 * accept first, it is offered instead. Whoever loses gives back what they took.
 * @returns false when somebody else was quicker
 */
export async function assign(ctx: Ctx, institution: string, pair: Pair): Promise<boolean> {
  const counselor = objectId(pair.counselor);
  const row = await ctx.models.Conversation.findById(pair.conversation).lean();
  if (!row || !counselor || row.status !== 'WAITING') {
    // A ghost in the queue: ended elsewhere, or moved on.
    if (row) await leaveQueue(ctx, row);
    return false;
  }
  const policy = await ctx.policies.get(institution);
  const offers = policy.acceptSeconds > 0;
  const seated = await takeSeat(ctx, counselor, row._id, row.attempt, {
    state: offers ? 'OFFERED' : 'OPEN',
    breathingMs: policy.breathingSeconds * 1_000,
  });
  if (!seated) {
    await dropLease(ctx, institution, pair.conversation);
    return false;
  }
  const followed = offers
    ? await makeOffer(ctx, row, counselor, pair.why)
    : await beginSession(ctx, row, counselor, { why: pair.why, offered: false });
  if (followed) return true;
  await pullAttempt(ctx, counselor, row._id, row.attempt);
  await dropLease(ctx, institution, pair.conversation);
  return false;
}
