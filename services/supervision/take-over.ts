/** A supervisor takes a session over and hands it back: the owner moves in one compare-and-set, never to nobody (I22). */
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { HandBack } from '../../contract/supervision.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { NEVER_NOBODYS, transferConversation } from '../conversation/hand-over.js';
import { chapter } from '../conversation/history.js';
import { requeueConversation } from '../conversation/requeue.js';
import { tellChanged } from '../conversation/tell-changed.js';
import { restAfter } from '../matchmaking/rest.js';
import { pullSeat } from '../matchmaking/seat.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation } from '../presenters/conversation.js';

/**
 * The owner first, in one step; everything after it may be repeated, by asking again or by the sweeper of seats.
 * A supervisor takes no seat.
 * @throws AppError CONFLICT when it changed hands meanwhile
 */
export async function takeOver(ctx: Ctx, actor: Actor, session: Conversation): Promise<Conversation> {
  const me = objectId(actor.id);
  const owned = me && session.counselor?.equals(me) ? session : await changeOwner(ctx, actor, session);
  if (!owned) throw new AppError('CONFLICT', { message: '该会话刚刚发生了变化，请刷新后重试。' });
  const from = owned.takenFrom ?? null;
  if (from) {
    await restAfter(ctx, owned, from, owned.history?.at(-1)?.at);
    await pullSeat(ctx, from, owned._id);
  }
  await tellChanged(ctx, owned, from);
  await ctx.admissions.admit(owned.institution);
  return owned;
}

async function changeOwner(ctx: Ctx, actor: Actor, session: Conversation): Promise<Conversation | null> {
  const me = objectId(actor.id);
  if (!me || !session.counselor) return null;
  const from = session.counselor.toHexString();
  return ctx.models.Conversation.findOneAndUpdate(
    { _id: session._id, status: 'IN_PROGRESS', counselor: session.counselor, attempt: session.attempt },
    {
      $set: {
        counselor: me,
        counselorName: actor.name,
        takenFrom: session.counselor,
        assignedWhy: '由督导接管',
        untold: true,
      },
      $pull: { watch: { supervisor: me }, deadlines: { kind: 'dropped' } },
      $push: { history: chapter('handed-over', me, ctx.clock.now(), { from, supervisor: true }) },
      $inc: { rev: 1, attempt: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
}

/**
 * Gives a session that was taken over back to the counselor, or to the queue: in front, its clock paused.
 * @throws AppError NOT_FOUND, RULE_REFUSED (not taken over by the caller; the counselor is off line or full), CONFLICT
 */
export async function handBack(ctx: Ctx, actor: Actor, input: HandBack): Promise<WireConversation> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'hand-over');
  const me = objectId(actor.id);
  const session = (await ctx.conversations.reload(input.id)) ?? conversation;
  if (!me || !session.counselor?.equals(me) || !session.takenFrom || session.status !== 'IN_PROGRESS')
    throw new AppError('RULE_REFUSED', { message: '您没有接管该会话。' });
  if (input.to === 'counselor')
    return presentConversation(
      ctx,
      await transferConversation(ctx, actor, input.id, session.takenFrom.toHexString(), { unasked: true }),
    );
  if (session.risk === 'high') throw new AppError('RULE_REFUSED', { message: NEVER_NOBODYS });
  if (!(await requeueConversation(ctx, session._id, me, 'HANDED_BACK')))
    throw new AppError('CONFLICT', { message: '该会话刚刚发生了变化，请刷新后重试。' });
  await ctx.audit.write({
    institution: session.institution,
    actor,
    action: 'supervision.hand-back',
    subject: `conversation:${input.id}`,
  });
  await ctx.admissions.admit(session.institution);
  return presentConversation(ctx, (await ctx.conversations.reload(input.id)) ?? session);
}
