import type { Types } from 'mongoose';
import type { MessageReceipt } from '../../contract/message.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { ensureThread } from '../supervision/thread.js';
import { partiesOf } from './cache.js';

/**
 * A note of staff about a running session: it stands in the session's thread, so no visitor ever hears it, and goes
 * with the thread to whoever owns the session. Safe to repeat with the same id.
 * @returns null when the session does not run, or ended in this moment
 */
export async function postNote(
  ctx: Ctx,
  session: Conversation,
  author: Types.ObjectId,
  clientMsgId: string,
  text: string,
): Promise<MessageReceipt | null> {
  const thread = await ensureThread(ctx, session).catch((error: unknown) => {
    if (error instanceof AppError && error.word === 'RULE_REFUSED') return null;
    throw error;
  });
  if (!thread) return null;
  const who = await ctx.models.User.findById(author, { name: 1, role: 1 }).lean();
  const { id, seq, time } = await ctx.journal.append({
    parties: partiesOf(thread),
    lastSeq: thread.lastSeq,
    key: await ctx.keys.conversation(thread.key.toHexString()),
    kind: 'note',
    sender: author,
    senderType: who?.role === 'SUPERVISOR' ? 'SUPERVISOR' : 'COUNSELOR',
    senderName: who?.name ?? null,
    clientMsgId,
    body: { text },
  });
  return { id, seq, time };
}
