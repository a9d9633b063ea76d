/** The thread between counselor and supervisors: one open one a session, out of the visitor's sight. */
import { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { finishConversation } from '../conversation/end.js';

const gone = () => new AppError('RULE_REFUSED', { message: '只有进行中的会话可以请求督导。' });

/**
 * The session's open thread, made at first use. It names no visitor: nothing that goes by its parties can reach one.
 * @throws AppError RULE_REFUSED when the session is not running
 */
export async function ensureThread(ctx: Ctx, session: Conversation): Promise<Conversation> {
  if (session.type !== 'COUNSELING_SESSION' || session.status !== 'IN_PROGRESS') throw gone();
  const open = { session: session._id, openThread: true as const };
  const existing = await ctx.models.Conversation.findOne(open).lean();
  const thread = existing ?? (await insert(ctx, session));
  // The end looks for a thread after it ended the session, this looks for the end after it made the thread.
  const running = await ctx.models.Conversation.exists({ _id: session._id, status: 'IN_PROGRESS' });
  if (running) return thread;
  await finishConversation(ctx, thread._id.toHexString(), 'SESSION_ENDED', null);
  throw gone();
}

async function insert(ctx: Ctx, session: Conversation): Promise<Conversation> {
  const _id = new Types.ObjectId();
  const key = await ctx.keys.createForConversation(_id, session.institution);
  try {
    const made = await ctx.models.Conversation.create({
      _id,
      key,
      type: 'REQUEST_SUPERVISE',
      status: 'WAITING',
      institution: session.institution,
      visitor: null,
      counselor: session.counselor,
      counselorName: session.counselorName,
      session: session._id,
      openThread: true,
      calls: [],
    });
    return made.toObject();
  } catch (error) {
    // Two calls at once: the unique index let one of them make it.
    if (!isDuplicate(error)) throw error;
    return ctx.models.Conversation.findOne({ session: session._id, openThread: true }).lean().orFail();
  }
}
