/** What a supervisor does with a call: accept, decline, leave; and the list of their calls. */
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { Call, Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { targetOf } from '../conversation/lifecycle.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { presentConversation, presentConversations } from '../presenters/conversation.js';

/** Open threads that the caller is called to, newest first. */
export async function listSupervisions(ctx: Ctx, actor: Actor): Promise<WireConversation[]> {
  if (actor.role !== 'SUPERVISOR') throw new AppError('FORBIDDEN');
  const rows = await ctx.models.Conversation.find({ openThread: true, supervisors: objectId(actor.id) })
    .sort({ createdAt: -1, _id: -1 })
    .limit(200)
    .lean();
  return presentConversations(ctx, rows);
}

/**
 * Joins the thread; the first to do so begins it. Again is harmless.
 * @throws AppError NOT_FOUND (not called to it), RULE_REFUSED (declined, or over)
 */
export async function acceptSupervision(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const { thread, call } = await accessCall(ctx, actor, id);
  if (call.state === 'ACCEPTED' && !call.leftAt) return presentConversation(ctx, thread);
  if (call.state !== 'CALLED') throw new AppError('RULE_REFUSED', { message: '您已离开或谢绝该请求。' });
  const at = new Date(ctx.clock.now());
  const accepted = await changeCall(ctx, thread, call, {
    $set: {
      'calls.$.state': 'ACCEPTED',
      'calls.$.at': at,
      status: targetOf('assign', thread.status) ?? thread.status,
      startAt: thread.startAt ?? at,
    },
    $inc: { rev: 1 },
  });
  return tell(ctx, accepted, call, 'joined', {});
}

/** Says no: the supervisor is out of the thread and no longer sees the session. Again is harmless. */
export async function declineSupervision(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const { thread, call } = await accessCall(ctx, actor, id);
  if (call.state === 'DECLINED') return presentConversation(ctx, thread);
  if (call.state !== 'CALLED')
    throw new AppError('RULE_REFUSED', { message: '您已接受该请求，请改为离开。' });
  const declined = await changeCall(ctx, thread, call, {
    $set: { 'calls.$.state': 'DECLINED', 'calls.$.at': new Date(ctx.clock.now()) },
    $pull: { supervisors: call.supervisor },
    $inc: { rev: 1 },
  });
  return tell(ctx, declined, call, 'left', { cause: 'DECLINED' });
}

/** Leaves a thread that one accepted; what was supervised can still be read and rated. Again is harmless. */
export async function leaveSupervision(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const { thread, call } = await accessCall(ctx, actor, id);
  if (call.leftAt) return presentConversation(ctx, thread);
  if (call.state !== 'ACCEPTED') throw new AppError('RULE_REFUSED', { message: '您还没有接受该请求。' });
  const left = await changeCall(ctx, thread, call, {
    $set: { 'calls.$.leftAt': new Date(ctx.clock.now()) },
    $pull: { supervisors: call.supervisor },
    $inc: { rev: 1 },
  });
  return tell(ctx, left, call, 'left', {});
}

/** The caller's own row of an open thread; anybody else's thread is unknown to them. */
async function accessCall(ctx: Ctx, actor: Actor, id: string): Promise<{ thread: Conversation; call: Call }> {
  const _id = objectId(id);
  const thread =
    _id && actor.role === 'SUPERVISOR'
      ? await ctx.models.Conversation.findOne({ _id, type: 'REQUEST_SUPERVISE', deletedAt: null }).lean()
      : null;
  const call = thread?.calls?.find(({ supervisor }) => supervisor.toHexString() === actor.id);
  if (!thread || !call || thread.institution !== actor.institution)
    throw new AppError('NOT_FOUND', { message: '没有找到该督导请求。' });
  if (!thread.openThread) throw new AppError('RULE_REFUSED', { message: '该督导会话已经结束。' });
  return { thread, call };
}

/** By compare-and-set on the very row that was read. */
async function changeCall(
  ctx: Ctx,
  thread: Conversation,
  call: Call,
  update: Record<string, Record<string, unknown>>,
): Promise<Conversation> {
  const { supervisor, state, at } = call;
  const changed = await ctx.models.Conversation.findOneAndUpdate(
    {
      _id: thread._id,
      openThread: true,
      calls: { $elemMatch: { supervisor, state, at, leftAt: call.leftAt } },
    },
    update,
    { returnDocument: 'after' },
  ).lean();
  if (!changed) throw new AppError('CONFLICT', { message: '该督导请求刚刚发生了变化，请刷新后重试。' });
  return changed;
}

async function tell(
  ctx: Ctx,
  thread: Conversation,
  call: Call,
  event: 'joined' | 'left',
  data: Record<string, string>,
): Promise<WireConversation> {
  const supervisor = call.supervisor.toHexString();
  // Who left is no party any more and is told once more.
  await publishConversation(ctx, thread, event === 'left' ? supervisor : null);
  await postSystem(ctx, thread, `sys:${event}:${String(thread.rev)}`, {
    event,
    data: { supervisor, ...data },
  });
  return presentConversation(ctx, thread);
}
