/** What a supervisor does with a call: accept, decline, leave; and the list of their calls. */
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { Call, Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { presentConversation, presentConversations } from '../presenters/conversation.js';
import { changeCall } from './change.js';
import { pruneWatch } from './watch.js';

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
  const at = new Date(ctx.clock.now());
  return answer(ctx, actor, id, { event: 'joined', data: {} }, (call) => {
    if (call.state === 'ACCEPTED' && !call.leftAt) return null;
    if (!isPending(call)) throw new AppError('RULE_REFUSED', { message: '您已离开或谢绝该请求。' });
    return { ...call, state: 'ACCEPTED', at };
  });
}

/** Says no: the supervisor is out of the thread and no longer sees the session. Again is harmless. */
export async function declineSupervision(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const at = new Date(ctx.clock.now());
  return answer(ctx, actor, id, { event: 'left', data: { cause: 'DECLINED' } }, (call) => {
    if (call.state === 'DECLINED') return null;
    if (!isPending(call)) throw new AppError('RULE_REFUSED', { message: '您已接受该请求，请改为离开。' });
    return { ...call, state: 'DECLINED', at };
  });
}

/** Called, or passed over for having taken too long: a late answer still counts. */
const isPending = (call: Call) => call.state === 'CALLED' || call.state === 'ESCALATED';

/** Leaves a thread that one accepted; what was supervised can still be read and rated. Again is harmless. */
export async function leaveSupervision(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const leftAt = new Date(ctx.clock.now());
  return answer(ctx, actor, id, { event: 'left', data: {} }, (call) => {
    if (call.leftAt) return null;
    if (call.state !== 'ACCEPTED') throw new AppError('RULE_REFUSED', { message: '您还没有接受该请求。' });
    return { ...call, leftAt };
  });
}

/** The caller's own row of an open thread; anybody else's thread is unknown to them. */
async function answer(
  ctx: Ctx,
  actor: Actor,
  id: string,
  told: { event: 'joined' | 'left'; data: Record<string, string> },
  next: (call: Call) => Call | null,
): Promise<WireConversation> {
  const supervisor = objectId(actor.id);
  const thread = objectId(id);
  const unknown = () => new AppError('NOT_FOUND', { message: '没有找到该督导请求。' });
  if (!thread || !supervisor || actor.role !== 'SUPERVISOR') throw unknown();
  const called = {
    _id: thread,
    type: 'REQUEST_SUPERVISE' as const,
    institution: actor.institution,
    'calls.supervisor': supervisor,
    deletedAt: null,
  };
  if (!(await ctx.models.Conversation.exists(called))) throw unknown();
  const answered = await changeCall(ctx, thread, supervisor, (call) => {
    if (!call) throw unknown();
    return next(call);
  });
  if (!answered) throw new AppError('RULE_REFUSED', { message: '该督导会话已经结束。' });
  if (answered.changed) await tell(ctx, answered.thread, actor.id, told);
  const session =
    told.event === 'left' && (await ctx.models.Conversation.findById(answered.thread.session).lean());
  // Out of the thread is out of the session, too, unless they are bound to its counselor.
  if (session) await pruneWatch(ctx, session);
  return presentConversation(ctx, answered.thread);
}

async function tell(
  ctx: Ctx,
  thread: Conversation,
  supervisor: string,
  { event, data }: { event: 'joined' | 'left'; data: Record<string, string> },
): Promise<void> {
  // Who left is no party any more and is told once more.
  await publishConversation(ctx, thread, event === 'left' ? supervisor : null);
  await postSystem(ctx, thread, `sys:${event}:${String(thread.rev)}`, {
    event,
    data: { supervisor, ...data },
  });
}
