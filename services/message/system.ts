import type { Conversation } from '../../models/conversation.js';
import { partiesOf } from '../conversation/cache.js';
import type { Ctx } from '../context.js';
import type { Appended } from './entry.js';
import type { Body } from './seal.js';

/**
 * A numbered message of the system's own. Safe to repeat: the same `sys:` id in one conversation is one message.
 * @param clientMsgId `sys:<cause>[:<key>]`
 */
export async function postSystem(
  ctx: Ctx,
  conversation: Conversation,
  clientMsgId: `sys:${string}`,
  body: Body,
): Promise<Appended> {
  return ctx.journal.append({
    parties: partiesOf(conversation),
    lastSeq: conversation.lastSeq,
    key: await ctx.keys.conversation(conversation.key.toHexString()),
    kind: 'system',
    sender: null,
    senderType: 'SYSTEM',
    senderName: null,
    clientMsgId,
    body,
  });
}
