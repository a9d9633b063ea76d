import type { MessageReceipt } from '../../contract/message.js';
import type { Whisper } from '../../contract/supervision.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { acceptMessage } from '../message/accept.js';
import { accessConversation } from '../policies/conversation.js';
import { joinThread } from './join.js';

/**
 * Says something to the counselor that the visitor never hears: a message of the session's thread, which is made at
 * the first whisper. The session's own numbers stay whole.
 * @throws AppError NOT_FOUND, FORBIDDEN (neither bound nor called), RULE_REFUSED (not running)
 */
export async function whisper(ctx: Ctx, actor: Actor, input: Whisper): Promise<MessageReceipt> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'step-in');
  const thread = await joinThread(ctx, actor, conversation, 'always');
  if (!thread) throw new AppError('RULE_REFUSED', { message: '该会话刚刚结束，不能再悄悄提醒。' });
  return acceptMessage(ctx, actor, {
    conversationId: thread._id.toHexString(),
    clientMsgId: input.clientMsgId,
    kind: 'whisper',
    text: input.text,
  });
}
