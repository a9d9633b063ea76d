import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { beginSession, tellBegun } from './begin.js';
import { makeOffer, tellMade } from './offer.js';
import { leaveQueue } from './queue.js';
import { pullAttempt, takeSeat } from './seat.js';

/** A conversation and the counselor it may go to. */
export interface Pair {
  conversation: string;
  counselor: string;
  /** One sentence for people. */
  why: string;
}

/** A seat that is taken, and the conversation that is to follow. */
export interface Seated {
  row: Conversation;
  counselor: Types.ObjectId;
  why: string;
  /** The counselor accepts first. */
  offers: boolean;
}

/**
 * Gives a waiting conversation to a counselor in two compare-and-sets: (1) the seat, where cap and seats are
 * judged together; (2) the conversation, WAITING on the attempt under which the seat was taken; where counselors
 * accept first, it is offered instead. Whoever loses gives back what they took.
 * @returns false when somebody else was quicker
 */
export async function assign(ctx: Ctx, institution: string, pair: Pair): Promise<boolean> {
  const seated = await seat(ctx, institution, pair);
  if (typeof seated === 'string') return false;
  const tell = await follow(ctx, seated);
  await tell?.();
  return tell !== null;
}

/**
 * Step 1.
 * @returns gone: the conversation does not wait any more; refused: there is no seat for it at this very moment
 */
export async function seat(ctx: Ctx, institution: string, pair: Pair): Promise<Seated | 'gone' | 'refused'> {
  const counselor = objectId(pair.counselor);
  const row = await ctx.models.Conversation.findById(pair.conversation).lean();
  if (!row || !counselor || row.status !== 'WAITING') {
    // A ghost in the queue: ended elsewhere, or moved on.
    if (row) await leaveQueue(ctx, row);
    return 'gone';
  }
  const policy = await ctx.policies.get(institution);
  const offers = policy.acceptSeconds > 0;
  const taken = await takeSeat(ctx, counselor, row._id, row.attempt, {
    state: offers ? 'OFFERED' : 'OPEN',
    breathingMs: policy.breathingSeconds * 1_000,
    fromLine: true,
  });
  return taken ? { row, counselor, why: pair.why, offers } : 'refused';
}

/**
 * Step 2.
 * @returns what tells everybody of it, to be run afterwards; null when somebody else was quicker
 */
export async function follow(ctx: Ctx, seated: Seated): Promise<(() => Promise<void>) | null> {
  const { row, counselor, why, offers } = seated;
  const followed = offers
    ? await makeOffer(ctx, row, counselor, why)
    : await beginSession(ctx, row, counselor, { why, offered: false });
  if (followed) return () => (offers ? tellMade(ctx, followed) : tellBegun(ctx, row, followed));
  await pullAttempt(ctx, counselor, row._id, row.attempt);
  return null;
}
