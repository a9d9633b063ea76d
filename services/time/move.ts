import type { DeadlineKind } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';

/** Moves a deadline by compare-and-set on its very date, so that the old job finds nothing. */
export async function moveDeadline(
  ctx: Ctx,
  row: Pick<Conversation, '_id'>,
  kind: DeadlineKind,
  from: number,
  to: number,
): Promise<void> {
  const moved = await ctx.models.Conversation.updateOne(
    { _id: row._id, deadlines: { $elemMatch: { kind, at: new Date(from) } } },
    { $set: { 'deadlines.$.at': new Date(to) } },
  );
  if (moved.modifiedCount === 1) await ctx.waker.wake(row._id.toHexString(), kind, new Date(to));
}
