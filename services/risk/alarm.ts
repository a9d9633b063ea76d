/**
 * One tap: somebody is in danger. Supervisors on duty are called until one comes (the timer of calls, at most 60 s a
 * step: the next, then all, then all again), the visitor is shown who helps at once, the counselor what to say.
 */
import type { Alarm, RaiseAlarm } from '../../contract/risk.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { showEmergencyCard } from '../message/emergency-card.js';
import { postSystem } from '../message/system.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation } from '../presenters/conversation.js';
import { ringSupervisors } from '../supervision/ring.js';
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
  const thread = await ringSupervisors(ctx, session);
  const policy = await ctx.policies.get(session.institution);
  await showEmergencyCard(ctx, session, 'alarm');
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
