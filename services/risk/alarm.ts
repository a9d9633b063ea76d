/**
 * One tap: somebody is in danger. Supervisors on duty are called until one comes (the timer of calls, at most 60 s a
 * step: the next, then all, then all again), the visitor is shown who helps at once, the counselor what to say.
 */
import type { Alarm, RaiseAlarm } from '../../contract/risk.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation } from '../presenters/conversation.js';
import { changeCall, isIn } from '../supervision/change.js';
import { supervisorsOnDuty } from '../supervision/on-duty.js';
import { ensureThread } from '../supervision/thread.js';
import { ensureCase } from './open-case.js';
import { raiseRisk } from './raise.js';

/** @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED (not running). Again is harmless. */
export async function raiseAlarm(ctx: Ctx, actor: Actor, input: RaiseAlarm): Promise<Alarm> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'alarm');
  if (conversation.type !== 'COUNSELING_SESSION' || conversation.status !== 'IN_PROGRESS')
    throw new AppError('RULE_REFUSED', { message: '只有进行中的会话可以报警。' });
  await ctx.audit.write({
    institution: conversation.institution,
    actor,
    action: 'risk.alarm',
    subject: `conversation:${input.id}`,
    reason: input.cause,
  });
  const session = await raiseRisk(ctx, conversation, 'high');
  // Whoever can help comes first; what is kept of it afterwards.
  const thread = await callSupervisors(ctx, session);
  const policy = await ctx.policies.get(session.institution);
  await postSystem(ctx, session, 'sys:emergency-card:alarm', {
    event: 'emergency-card',
    text: policy.emergency.map((line) => `${line.name} ${line.phone}`).join('\n'),
    data: { cause: 'RISK' },
  });
  await postSystem(ctx, thread, `sys:risk-alarm:${input.cause}`, {
    event: 'risk-alarm',
    data: { cause: input.cause, by: actor.id },
  });
  const opened = await ensureCase(ctx, session, 'ALARM');
  return {
    conversation: await presentConversation(ctx, session),
    thread: thread._id.toHexString(),
    case: opened._id.toHexString(),
    script: policy.riskScript,
  };
}

/** The first on duty is called, unless somebody is in the thread already or under way to it. */
async function callSupervisors(ctx: Ctx, session: Conversation): Promise<Conversation> {
  const made = await ensureThread(ctx, session);
  const thread =
    (await ctx.models.Conversation.findOneAndUpdate(
      { _id: made._id, openThread: true },
      { $set: { alarm: true } },
      { returnDocument: 'after' },
    ).lean()) ?? made;
  const calls = thread.calls ?? [];
  if (calls.some(isIn) || thread.deadlines.some(({ kind }) => kind === 'call')) return thread;
  const [first] = await supervisorsOnDuty(ctx, session.institution, session.counselor);
  if (!first) return thread;
  const at = new Date(ctx.clock.now());
  const called = await changeCall(ctx, thread._id, first, (call) =>
    call?.state === 'ACCEPTED' && !call.leftAt
      ? null
      : { supervisor: first, state: 'CALLED', at, reachedAt: null, leftAt: null },
  );
  if (!called?.changed) return thread;
  await publishConversation(ctx, called.thread, null);
  ctx.bus.publish({
    name: 'supervision.requested',
    supervisor: first.toHexString(),
    conversation: thread._id.toHexString(),
    session: session._id.toHexString(),
    alarm: true,
  });
  return called.thread;
}
