import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { changeCall } from './change.js';
import { ensureThread } from './thread.js';

/**
 * A high-risk session has gone silent: the supervisors bound to its counselor, or all of the institution if there
 * are none, are called to its thread, where a line says why. Once a silence; the visitor hears nothing of it.
 * @param since epoch ms of the last word
 */
export async function alarmOfSilence(ctx: Ctx, session: Conversation, since: number): Promise<void> {
  const thread = await ensureThread(ctx, session).catch((error: unknown) => {
    // It ended in this very moment.
    if (error instanceof AppError && error.word === 'RULE_REFUSED') return null;
    throw error;
  });
  if (!thread) return;
  for (const supervisor of await supervisorsOf(ctx, session)) await call(ctx, thread, session, supervisor);
  await postSystem(ctx, thread, `sys:silence-alarm:${String(since)}`, {
    event: 'silence-alarm',
    data: { minutes: Math.round((ctx.clock.now() - since) / 60_000) },
  });
}

async function supervisorsOf(ctx: Ctx, session: Conversation): Promise<Types.ObjectId[]> {
  const owner = await ctx.models.User.findById(session.counselor, { supervisors: 1 }).lean();
  const serving = {
    role: 'SUPERVISOR' as const,
    institution: session.institution,
    deleted: false,
    enabled: true,
  };
  const bound = await ctx.models.User.find(
    { ...serving, _id: { $in: owner?.supervisors ?? [] } },
    { _id: 1 },
  );
  const called = bound.length > 0 ? bound : await ctx.models.User.find(serving, { _id: 1 });
  return called.map(({ _id }) => _id);
}

/** Whoever sits in the thread already, or was called and has yet to answer, is not called twice. */
async function call(
  ctx: Ctx,
  thread: Conversation,
  session: Conversation,
  supervisor: Types.ObjectId,
): Promise<void> {
  const at = new Date(ctx.clock.now());
  const written = await changeCall(ctx, thread._id, supervisor, (known) =>
    known && known.state !== 'DECLINED' && !known.leftAt
      ? null
      : { supervisor, state: 'CALLED', at, reachedAt: null, leftAt: null },
  );
  if (!written) return;
  if (written.changed) await publishConversation(ctx, written.thread, null);
  ctx.bus.publish({
    name: 'supervision.requested',
    supervisor: supervisor.toHexString(),
    conversation: thread._id.toHexString(),
    session: session._id.toHexString(),
  });
}
