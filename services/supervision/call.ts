/** Calling a supervisor to a running session (document section 27). */
import type { Types } from 'mongoose';
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { RequestSupervision } from '../../contract/supervision.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation } from '../presenters/conversation.js';
import { changeCall } from './change.js';
import { ensureThread } from './thread.js';

/** How long the answer waits for a device of the supervisor's to be told (I22: 2 s). */
const REACH_MS = 1_000;

/**
 * Calls any supervisor of the institution to the counselor's own running session; asking again answers the same
 * thread and calls again. `calls[].reached` of the answer says whether a device of theirs was told.
 * @throws AppError NOT_FOUND, FORBIDDEN (another's session), RULE_REFUSED (not running)
 */
export async function requestSupervision(
  ctx: Ctx,
  actor: Actor,
  input: RequestSupervision,
): Promise<WireConversation> {
  const { conversation } = await accessConversation(ctx, actor, input.conversationId, 'call');
  const session = (await ctx.conversations.reload(input.conversationId)) ?? conversation;
  const supervisor = await accessSupervisor(ctx, session, input.supervise);
  const thread = await ensureThread(ctx, session);
  const called = await writeCall(ctx, thread._id, supervisor);
  const id = thread._id.toHexString();
  await publishConversation(ctx, called, null);
  ctx.bus.publish({
    name: 'supervision.requested',
    supervisor: supervisor.toHexString(),
    conversation: id,
    session: session._id.toHexString(),
  });
  await untilReached(ctx, thread._id, supervisor);
  return presentConversation(ctx, (await ctx.conversations.reload(id)) ?? called);
}

/** Unknown, gone, disabled or of another institution than the session: all -4. */
async function accessSupervisor(ctx: Ctx, session: Conversation, id: string): Promise<Types.ObjectId> {
  const _id = objectId(id);
  const found =
    _id &&
    (await ctx.models.User.exists({
      _id,
      role: 'SUPERVISOR',
      institution: session.institution,
      deleted: false,
      enabled: true,
    }));
  if (!found) throw new AppError('NOT_FOUND', { message: '没有找到该督导。' });
  return found._id;
}

/** One row a supervisor: a first call adds it, one who declined or left is called anew, any other stays. */
async function writeCall(ctx: Ctx, _id: Types.ObjectId, supervisor: Types.ObjectId): Promise<Conversation> {
  const at = new Date(ctx.clock.now());
  const written = await changeCall(ctx, _id, supervisor, (call) =>
    call && call.state !== 'DECLINED' && !call.leftAt
      ? null
      : { supervisor, state: 'CALLED', at, reachedAt: null, leftAt: null },
  );
  if (!written) throw new AppError('RULE_REFUSED', { message: '该会话刚刚结束，不能再请求督导。' });
  return written.thread;
}

const callOf = (thread: Conversation | null, supervisor: Types.ObjectId) =>
  thread?.calls?.find((call) => call.supervisor.equals(supervisor));

async function untilReached(ctx: Ctx, thread: Types.ObjectId, supervisor: Types.ObjectId): Promise<void> {
  const until = ctx.clock.monotonic() + REACH_MS;
  for (;;) {
    // Listens first, then looks: a mark in between wakes it.
    const stop = new AbortController();
    const left = until - ctx.clock.monotonic();
    const told = ctx.arrivals.next(thread.toHexString(), Math.max(0, left), stop.signal);
    const call = callOf(await ctx.models.Conversation.findById(thread).lean(), supervisor);
    if (!call || call.state !== 'CALLED' || call.reachedAt || left <= 0) {
      stop.abort();
      return;
    }
    await told;
  }
}

/** A device of the supervisor's was told; the counselor sees it. Safe to repeat, from any node. */
export async function markReached(ctx: Ctx, threadId: string, supervisorId: string): Promise<void> {
  const [id, supervisor] = [objectId(threadId), objectId(supervisorId)];
  if (!id || !supervisor) return;
  const reachedAt = new Date(ctx.clock.now());
  const marked = await changeCall(ctx, id, supervisor, (call) =>
    call?.state === 'CALLED' && !call.reachedAt ? { ...call, reachedAt } : null,
  );
  if (marked?.changed) await publishConversation(ctx, marked.thread, null);
}
