/** Which conversation a rating is about: document section 38a calls its `conversationId` the counselor's id. */
import type { Types } from 'mongoose';
import type { Evaluate } from '../../contract/conversation.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { mayRate } from '../policies/evaluation.js';

const unknown = () => new AppError('NOT_FOUND', { message: '没有找到要评价的会谈。' });
const stillOpen = () => new AppError('RULE_REFUSED', { message: '会谈还没有结束，结束后才能评价。' });

/**
 * @returns an ended session that the actor may rate
 * @throws AppError NOT_FOUND, FORBIDDEN (of the own institution, but not theirs), RULE_REFUSED while it is open
 */
export async function ratedConversation(
  ctx: Ctx,
  actor: Actor,
  input: Pick<Evaluate, 'objectType'> & { conversationId: string },
): Promise<Conversation> {
  const id = objectId(input.conversationId);
  if (id === null) throw unknown();
  const conversation =
    (await ctx.models.Conversation.findById(id).lean<Conversation>()) ??
    (input.objectType === 'COUNSELOR' ? await latestWith(ctx, actor, id) : null);
  if (conversation === null || conversation.institution !== actor.institution) throw unknown();
  // A visitor never learns that a thread between counselor and supervisor exists.
  if (conversation.type !== 'COUNSELING_SESSION' || conversation.deletedAt !== null) throw unknown();
  if (!(await mayRate(ctx, actor, input.objectType, conversation))) throw new AppError('FORBIDDEN');
  if (conversation.endAt === null) throw stillOpen();
  if (input.objectType === 'COUNSELOR' && conversation.counselor === null) {
    throw new AppError('RULE_REFUSED', { message: '这次会谈没有咨询师接待，无法评价咨询师。' });
  }
  return conversation;
}

/** The caller's latest ended session with a counselor; an open one only when none has ended, to be refused as open. */
async function latestWith(ctx: Ctx, actor: Actor, counselor: Types.ObjectId): Promise<Conversation | null> {
  const own =
    actor.role === 'VISITOR'
      ? { visitor: objectId(actor.id) }
      : await supervisedSessions(ctx, actor, counselor);
  const sessions = {
    ...own,
    counselor,
    type: 'COUNSELING_SESSION' as const,
    institution: actor.institution,
    deletedAt: null,
  };
  const latest = (ended: boolean) =>
    ctx.models.Conversation.findOne({ ...sessions, endAt: ended ? { $ne: null } : null })
      .sort({ createdAt: -1 })
      .lean<Conversation>();
  return (await latest(true)) ?? (await latest(false));
}

/** All sessions of a counselor bound to this supervisor, else those whose thread they were called to. */
async function supervisedSessions(ctx: Ctx, actor: Actor, counselor: Types.ObjectId) {
  const supervisor = objectId(actor.id);
  if (await ctx.models.User.exists({ _id: counselor, supervisors: supervisor })) return {};
  const threads = await ctx.models.Conversation.find({
    counselor,
    type: 'REQUEST_SUPERVISE',
    supervisors: supervisor,
  })
    .select({ session: 1 })
    .lean();
  return { $or: [{ _id: { $in: threads.map(({ session }) => session) } }, { supervisors: supervisor }] };
}
