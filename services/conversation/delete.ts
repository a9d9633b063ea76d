import { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import type { ErasureCause } from '../../contract/enums.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { isOpen } from '../message/accept.js';
import { accessConversation } from '../policies/conversation.js';
import { DAY_MS, rulesOf } from '../retention/rules.js';

/** Between being deleted, when nobody sees it any more, and being erased, when nobody can. */
export const GRACE_MS = 30 * DAY_MS;

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
  for (const row of [...threads, conversation]) await scheduleErasure(ctx, row, { cause: 'deleted', actor });
}

/**
 * Takes a conversation out of every list and writes down when it is erased: after the grace and its minimum age when
 * it was deleted by hand, at the next turn when a person asked for it or the purge took it. Safe to repeat.
 * Sessions that were real stay in the figures: only a deletion by hand says that there was none.
 */
export async function scheduleErasure(
  ctx: Ctx,
  row: Conversation,
  why: { cause: ErasureCause; actor: Actor | null; reference?: string },
): Promise<void> {
  const now = ctx.clock.now();
  const { conversation: rule } = await rulesOf(ctx, row.institution);
  const earliest = (row.endAt ?? row.createdAt).getTime() + rule.minDays * DAY_MS;
  const dueAt = new Date(why.cause === 'deleted' ? Math.max(now + GRACE_MS, earliest) : now);
  const asked = {
    cause: why.cause,
    reference: why.reference ?? null,
    requestedBy: why.actor && new Types.ObjectId(why.actor.id),
    dueAt,
  };
  try {
    await ctx.models.Erasure.create({
      _id: row._id,
      institution: row.institution,
      key: row.key,
      ...asked,
      requestedAt: new Date(now),
    });
  } catch (error) {
    // A try that did not come to its end says the same; a request overtakes a deletion that still waits.
    if (!isDuplicate(error)) throw error;
    if (why.cause === 'request')
      await ctx.models.Erasure.updateOne({ _id: row._id, erasedAt: null }, { $set: asked });
  }
  await ctx.models.Conversation.updateOne(
    { _id: row._id, deletedAt: null },
    { $set: { deletedAt: new Date(now), ...(why.cause === 'deleted' ? {} : { figuresStay: true }) } },
  );
  ctx.bus.publish({ name: 'conversation.deleted', id: row._id.toHexString() });
}
