import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { publishConversation } from '../conversation/publish.js';
import { pruneWatch } from './watch.js';

/** A session's new owner takes over its thread; while it has none, the thread has none. */
export async function followSession(ctx: Ctx, session: Conversation): Promise<void> {
  await pruneWatch(ctx, session);
  const before = await ctx.models.Conversation.findOne({ session: session._id, openThread: true }).lean();
  if (!before || String(before.counselor) === String(session.counselor)) return;
  const thread = await ctx.models.Conversation.findOneAndUpdate(
    { _id: before._id, openThread: true },
    { $set: { counselor: session.counselor, counselorName: session.counselorName }, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (thread) await publishConversation(ctx, thread, before.counselor?.toHexString() ?? null);
}
