import type { RequeueCause } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { changeCall, isIn } from './change.js';
import { supervisorsOnDuty } from './on-duty.js';
import { ensureThread } from './thread.js';

/**
 * Somebody is in danger: the first on duty is called to the session's thread, unless somebody is there already or under
 * way to it. The timer of calls goes on from there (escalate.ts). Safe to repeat.
 * @throws AppError RULE_REFUSED when the session is not running
 */
export async function ringSupervisors(ctx: Ctx, session: Conversation): Promise<Conversation> {
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

/**
 * The counselor of a high-risk session is gone and it is about to wait in the line: supervisors are alarmed first,
 * while it has an owner and a thread can be made, so that no death in between leaves it unnoticed.
 */
export async function ringOfLoss(ctx: Ctx, session: Conversation, cause: RequeueCause): Promise<void> {
  if (session.risk !== 'high') return;
  const thread = await ringSupervisors(ctx, session).catch((error: unknown) => {
    // It ended in this very moment.
    if (error instanceof AppError && error.word === 'RULE_REFUSED') return null;
    throw error;
  });
  if (thread)
    await postSystem(ctx, thread, `sys:risk-alarm:lost:${String(session.attempt)}`, {
      event: 'risk-alarm',
      data: { cause },
    });
}
