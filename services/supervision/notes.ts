/** Notes that staff write about a session: messages of its thread, so that no visitor ever hears one. */
import type { Message, MessageReceipt } from '../../contract/message.js';
import type { ReadNotes, WriteNote } from '../../contract/supervision.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { postNote } from '../conversation/note.js';
import { headSeq, readRange } from '../message/history.js';
import { auditReading } from '../message/reading.js';
import { accessConversation } from '../policies/conversation.js';

/** Of one thread; what is older is read in the thread itself. */
const MOST = 2_000;

/**
 * Safe to repeat with the same clientMsgId.
 * @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED (not running)
 */
export async function writeNote(ctx: Ctx, actor: Actor, input: WriteNote): Promise<MessageReceipt> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'write-note');
  const author = objectId(actor.id);
  const session = (await ctx.conversations.reload(input.id)) ?? conversation;
  const receipt = author && (await postNote(ctx, session, author, input.clientMsgId, input.text));
  if (!receipt)
    throw new AppError('RULE_REFUSED', { message: '备注只能在会谈进行时写，结束后请写进会谈记录。' });
  return receipt;
}

/**
 * All of a session, oldest first. Who takes no part is written down first.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function listNotes(ctx: Ctx, actor: Actor, input: ReadNotes): Promise<Message[]> {
  const { conversation, relation } = await accessConversation(ctx, actor, input.id, 'read-notes');
  const threads = await ctx.models.Conversation.find({
    session: conversation._id,
    type: 'REQUEST_SUPERVISE',
    deletedAt: null,
  })
    .sort({ createdAt: 1, _id: 1 })
    .lean();
  const notes: Message[] = [];
  for (const thread of threads) {
    const head = await headSeq(ctx, thread);
    const said = await readRange(ctx, thread, Math.max(0, head - MOST), head);
    notes.push(...said.filter(({ kind }) => kind === 'note'));
  }
  if (notes.length > 0) await auditReading(ctx, actor, conversation, relation, input.reason);
  return notes;
}
