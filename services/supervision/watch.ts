import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { postSystem } from '../message/system.js';
import { rungOf } from './ladder.js';

/** Takes one supervisor out of a session; those who could speak are seen to leave. Safe to repeat. */
export async function endWatch(
  ctx: Ctx,
  session: Conversation,
  supervisor: Types.ObjectId,
): Promise<Conversation | null> {
  const spoke = rungOf(session, supervisor) === 'CO_CHAT';
  const written = await ctx.models.Conversation.findOneAndUpdate(
    { _id: session._id, 'watch.supervisor': supervisor },
    { $pull: { watch: { supervisor } }, ...(spoke ? { $inc: { rev: 1 } } : {}) },
    { returnDocument: 'after' },
  ).lean();
  if (!written) return null;
  ctx.bus.publish({ name: 'watch.changed', id: session._id.toHexString() });
  if (!spoke) return written;
  await publishConversation(ctx, written, supervisor.toHexString());
  if (written.open)
    await postSystem(ctx, written, `sys:left:${String(written.rev)}`, {
      event: 'left',
      data: { supervisor: supervisor.toHexString() },
    });
  return written;
}

/** After a change of owner: whoever is neither bound to the new one nor called to the session hears it no more. */
export async function pruneWatch(ctx: Ctx, session: Conversation): Promise<void> {
  for (const { supervisor } of session.watch ?? [])
    if (!(await mayStay(ctx, session, supervisor))) await endWatch(ctx, session, supervisor);
}

/** After a counselor's supervisors changed. */
export async function pruneWatches(ctx: Ctx, counselor: Types.ObjectId): Promise<void> {
  const held = { counselor, status: 'IN_PROGRESS' as const, 'watch.0': { $exists: true } };
  for (const session of await ctx.models.Conversation.find(held).lean()) await pruneWatch(ctx, session);
}

/** Every session that a supervisor hears, when they may no longer. */
export async function endWatches(ctx: Ctx, supervisor: Types.ObjectId): Promise<void> {
  const sessions = await ctx.models.Conversation.find({ open: true, 'watch.supervisor': supervisor }).lean();
  for (const session of sessions) await endWatch(ctx, session, supervisor);
}

async function mayStay(ctx: Ctx, session: Conversation, supervisor: Types.ObjectId): Promise<boolean> {
  const bound =
    session.counselor &&
    (await ctx.models.User.exists({ _id: session.counselor, supervisors: supervisor, deleted: false }));
  if (bound) return true;
  const called = await ctx.models.Conversation.exists({
    session: session._id,
    openThread: true,
    supervisors: supervisor,
  });
  return called !== null;
}
