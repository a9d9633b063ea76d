import type { MessageReceipt } from '../../contract/message.js';
import type { Conversation } from '../../models/conversation.js';
import type { Message } from '../../models/message.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import { partiesOf } from '../conversation/cache.js';
import type { Actor, Ctx } from '../context.js';
import { removeAttachmentsOf } from '../files/attachment-erase.js';
import { accessConversation } from '../policies/conversation.js';
import { isOpen } from './accept.js';
import type { Body } from './seal.js';
import { postSystem } from './system.js';

export const RECALL_MS = 120_000;

/**
 * Takes back one's own message within two minutes: the row stays as a tombstone without its body, and a numbered
 * system message tells of it, so that a client which was away learns of it by seq. Safe to repeat.
 * @throws AppError NOT_FOUND, FORBIDDEN (another's), RULE_REFUSED (too late), CONVERSATION_ENDED
 */
export async function recallMessage(ctx: Ctx, actor: Actor, id: string): Promise<MessageReceipt> {
  const _id = objectId(id);
  const row = _id && ((await ctx.models.Message.findById(_id).lean()) as Message | null);
  if (!row) throw new AppError('NOT_FOUND', { message: '没有找到该消息。' });
  const { conversation } = await accessConversation(ctx, actor, row.conversation.toHexString(), 'send');
  if (row.sender?.toHexString() !== actor.id || row.kind === 'system') throw new AppError('FORBIDDEN');
  if (!row.recalled && ctx.clock.now() - row.at.getTime() > RECALL_MS)
    throw new AppError('RULE_REFUSED', { message: '消息发出超过2分钟，不能撤回。' });
  if (!row.recalled && !isOpen(conversation)) throw new AppError('CONVERSATION_ENDED');
  return entomb(ctx, conversation, row);
}

/**
 * Takes the words out of a row and tells of it; who may ask for it, and until when, was judged before.
 * @param data ids and codes that the telling message carries
 */
export async function entomb(
  ctx: Ctx,
  conversation: Conversation,
  row: Message,
  data?: Body['data'],
): Promise<MessageReceipt> {
  await ctx.models.Message.updateOne({ _id: row._id }, { $set: { recalled: true, body: null } });
  await removeAttachmentsOf(ctx, row);
  const told = await postSystem(ctx, conversation, `sys:recalled:${String(row.seq)}`, {
    event: 'recalled',
    ref: row.seq,
    ...(data === undefined ? {} : { data }),
  });
  const recalled = { id: row._id.toHexString(), seq: row.seq };
  ctx.bus.publish({ name: 'message.recalled', parties: partiesOf(conversation), ...recalled });
  return { id: told.id, seq: told.seq, time: told.time };
}
