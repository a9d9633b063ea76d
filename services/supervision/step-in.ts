/** A supervisor steps into a running session, and out of it again (contract-notes.md section 4). */
import type { Types } from 'mongoose';
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { StepIn, WatchMode } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation } from '../presenters/conversation.js';
import { joinThread } from './join.js';
import { rungOf, stepFrom } from './ladder.js';
import { takeOver } from './take-over.js';
import { ensureThread } from './thread.js';
import { endWatch } from './watch.js';

const changed = () => new AppError('CONFLICT', { message: '该会话刚刚发生了变化，请刷新后重试。' });

/**
 * @param id the session, or the thread in which the supervisor was called; being called and stepping in accepts
 * @throws AppError NOT_FOUND, FORBIDDEN (neither bound nor called), RULE_REFUSED (not running), CONFLICT
 */
export async function stepIn(ctx: Ctx, actor: Actor, id: string, step: StepIn): Promise<WireConversation> {
  const sessionId = await sessionOf(ctx, actor, id);
  const me = objectId(actor.id);
  const known = await ctx.conversations.reload(sessionId);
  if (me && known && rungOf(known, me) === 'OWNER') {
    if (step !== 'TAKE_OVER') throw new AppError('RULE_REFUSED', { message: '您已接管该会话，请先交还。' });
    // Asking again finishes what a crash may have left.
    return presentConversation(ctx, await takeOver(ctx, actor, known));
  }
  const { conversation } = await accessConversation(ctx, actor, sessionId, 'step-in');
  if (!me) throw new AppError('FORBIDDEN');
  if (conversation.status !== 'IN_PROGRESS')
    throw new AppError('RULE_REFUSED', { message: '只有进行中的会话可以介入。' });
  const rung = rungOf(conversation, me);
  if (rung === step) return presentConversation(ctx, conversation);
  if (stepFrom(rung, step) === null) throw changed();
  await audit(ctx, actor, conversation, step.toLowerCase());
  await joinThread(ctx, actor, conversation, 'if-called');
  if (step === 'TAKE_OVER') return presentConversation(ctx, await takeOver(ctx, actor, conversation));
  const written = await setWatch(ctx, conversation, me, step);
  if (!written) throw changed();
  await tellStep(ctx, actor, written, rung, step);
  return presentConversation(ctx, written);
}

/**
 * Out of the session; again is harmless. Whoever took it over hands it back instead.
 * @throws AppError NOT_FOUND, RULE_REFUSED
 */
export async function stepOut(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const { conversation } = await accessConversation(ctx, actor, await sessionOf(ctx, actor, id), 'read');
  const me = objectId(actor.id);
  const session = (await ctx.conversations.reload(conversation._id.toHexString())) ?? conversation;
  if (!me || rungOf(session, me) === 'OWNER')
    throw new AppError('RULE_REFUSED', { message: '您已接管该会话，请先交还。' });
  if (rungOf(session, me) === 'OUT') return presentConversation(ctx, session);
  await audit(ctx, actor, session, 'step-out');
  return presentConversation(ctx, (await endWatch(ctx, session, me)) ?? session);
}

/** The session itself, or the one that a thread belongs to; threads of others are unknown. */
async function sessionOf(ctx: Ctx, actor: Actor, id: string): Promise<string> {
  const row = await ctx.conversations.get(id);
  if (row?.type !== 'REQUEST_SUPERVISE' || !row.session) return id;
  const called = row.calls?.some(({ supervisor }) => supervisor.toHexString() === actor.id);
  if (!called || row.institution !== actor.institution)
    throw new AppError('NOT_FOUND', { message: '没有找到该督导请求。' });
  return row.session.toHexString();
}

/** Who only hears changes nothing that the visitor could see, so not the rev either. */
async function setWatch(
  ctx: Ctx,
  session: Conversation,
  supervisor: Types.ObjectId,
  mode: WatchMode,
): Promise<Conversation | null> {
  const at = new Date(ctx.clock.now());
  const seen = mode === 'CO_CHAT' || rungOf(session, supervisor) === 'CO_CHAT' ? { $inc: { rev: 1 } } : {};
  const running = { _id: session._id, status: 'IN_PROGRESS' as const };
  const added = await ctx.models.Conversation.findOneAndUpdate(
    { ...running, 'watch.supervisor': { $ne: supervisor } },
    { $push: { watch: { supervisor, mode, at } }, ...seen },
    { returnDocument: 'after' },
  ).lean();
  if (added) return added;
  return ctx.models.Conversation.findOneAndUpdate(
    { ...running, 'watch.supervisor': supervisor },
    { $set: { 'watch.$[mine].mode': mode, 'watch.$[mine].at': at }, ...seen },
    { returnDocument: 'after', arrayFilters: [{ 'mine.supervisor': supervisor }] },
  ).lean();
}

async function tellStep(
  ctx: Ctx,
  actor: Actor,
  session: Conversation,
  from: string,
  step: WatchMode,
): Promise<void> {
  ctx.bus.publish({ name: 'watch.changed', id: session._id.toHexString() });
  const line = (event: 'joined' | 'left') => ({
    event,
    data: { supervisor: actor.id, name: actor.name, mode: step },
  });
  if (step === 'CO_CHAT' || from === 'CO_CHAT') {
    await publishConversation(ctx, session, null);
    const event = step === 'CO_CHAT' ? 'joined' : 'left';
    await postSystem(ctx, session, `sys:${event}:${String(session.rev)}`, line(event));
    return;
  }
  const { watchTold } = await ctx.policies.get(session.institution);
  const key = `sys:watch:${actor.id}:${String(ctx.clock.now())}` as const;
  if (watchTold === 'visitor') await postSystem(ctx, session, key, line('joined'));
  if (watchTold === 'counselor') await postSystem(ctx, await ensureThread(ctx, session), key, line('joined'));
}

async function audit(ctx: Ctx, actor: Actor, session: Conversation, step: string): Promise<void> {
  await ctx.audit.write({
    institution: session.institution,
    actor,
    action: `supervision.${step.replace('_', '-')}`,
    subject: `conversation:${session._id.toHexString()}`,
  });
}
