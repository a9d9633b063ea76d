import { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { isOpen } from '../message/accept.js';
import { accessConversation } from '../policies/conversation.js';

/** Between being deleted, when nobody sees it any more, and being erased, when nobody can. */
export const GRACE_MS = 30 * 24 * 3_600_000;

/**
 * Deletes a conversation and its supervision threads (document section 36): gone from every list and by id at once,
 * erased by a worker when the grace is over.
 * @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED while it is open
 */
export async function deleteConversation(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  const { conversation } = await accessConversation(ctx, actor, id, 'delete');
  const threads = await ctx.models.Conversation.find({ session: conversation._id, deletedAt: null }).lean();
  if ([conversation, ...threads].some(isOpen))
    throw new AppError('RULE_REFUSED', { message: '会谈还在进行，请先结束再删除。' });
  await ctx.audit.write({
    institution: conversation.institution,
    actor,
    action: 'conversation.delete',
    subject: `conversation:${id}`,
  });
  // The session last: until then the call can be made again and finishes what a crash left.
  for (const row of [...threads, conversation]) await deleteOne(ctx, actor, row);
}

async function deleteOne(ctx: Ctx, actor: Actor, row: Conversation): Promise<void> {
  const now = ctx.clock.now();
  try {
    await ctx.models.Erasure.create({
      _id: row._id,
      institution: row.institution,
      key: row.key,
      requestedBy: new Types.ObjectId(actor.id),
      requestedAt: new Date(now),
      dueAt: new Date(now + GRACE_MS),
    });
  } catch (error) {
    // A try that did not come to its end; its row says the same.
    if (!isDuplicate(error)) throw error;
  }
  await ctx.models.Conversation.updateOne(
    { _id: row._id, deletedAt: null },
    { $set: { deletedAt: new Date(now) } },
  );
  ctx.bus.publish({ name: 'conversation.deleted', id: row._id.toHexString() });
}
