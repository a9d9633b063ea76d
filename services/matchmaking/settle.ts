import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { Seat } from '../../models/duty.js';
import type { Ctx } from '../context.js';
import { pullAttempt, pullSeat } from './seat.js';

/** What `follows` reads. */
export const FOLLOWS = { status: 1, counselor: 1, offer: 1 } as const;

/** The conversation is the counselor's, or offered to them. */
export function follows(
  row: Pick<Conversation, 'status' | 'counselor' | 'offer'>,
  counselor: Types.ObjectId,
): boolean {
  const theirs = row.status === 'IN_PROGRESS' ? row.counselor : row.offer?.counselor;
  return (row.status === 'IN_PROGRESS' || row.status === 'WAITING') && theirs?.equals(counselor) === true;
}

/**
 * Decides a seat whose conversation may not have followed: it stays when the conversation is the counselor's,
 * otherwise it is withdrawn. The attempt is raised first, so that a slow second step of an assignment or of a
 * hand-over fails; only then is the seat pulled.
 * @returns true when the seat is gone
 */
export async function settleSeat(ctx: Ctx, counselor: Types.ObjectId, seat: Seat): Promise<boolean> {
  const { conversation: _id, attempt } = seat;
  const isOwned = async () => {
    const row = await ctx.models.Conversation.findById(_id, FOLLOWS).lean();
    return row !== null && follows(row, counselor);
  };
  if (await isOwned()) return false;
  // An assignment writes on the seat's own attempt, a hand-over on the one before.
  await ctx.models.Conversation.updateOne(
    {
      _id,
      $or: [
        { status: 'WAITING', attempt },
        { status: 'IN_PROGRESS', attempt: attempt - 1 },
      ],
    },
    { $inc: { attempt: 1 } },
  );
  if (await isOwned()) return false;
  const open = await ctx.models.Conversation.exists({ _id, status: { $in: ['WAITING', 'IN_PROGRESS'] } });
  if (open) await pullAttempt(ctx, counselor, _id, attempt);
  else await pullSeat(ctx, counselor, _id);
  return true;
}
