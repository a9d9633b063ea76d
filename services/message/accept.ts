import type { SenderType, Urgency } from '../../contract/enums.js';
import type { MessageReceipt, SendMessage } from '../../contract/message.js';
import type { Conversation } from '../../models/conversation.js';
import { mayStandIn } from '../../models/message.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import { partiesOf } from '../conversation/cache.js';
import type { Actor, Ctx } from '../context.js';
import { composeBody } from './compose.js';
import { noteFirstReply } from './first-reply.js';
import type { Entry } from './entry.js';
import { raiseUrgency } from '../matchmaking/urgency.js';
import { marksOf, urgencyOf } from '../risk/words.js';
import { accessConversation, type Relation } from '../policies/conversation.js';

/** How a sender is told on the wire, by how they stand to the conversation. */
export const SENDER_TYPE: Partial<Record<Relation, SenderType>> = {
  visitor: 'VISITOR',
  counselor: 'COUNSELOR',
  overlap: 'COUNSELOR',
  called: 'SUPERVISOR',
  'co-chat': 'SUPERVISOR',
};

/**
 * Takes a message from a party and answers once it is durable (design.md, "Message path"). The same clientMsgId
 * again answers the first message, whatever it says now.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONVERSATION_ENDED, OVERLOADED, UNAVAILABLE (outcome unknown)
 */
export async function acceptMessage(ctx: Ctx, actor: Actor, input: SendMessage): Promise<MessageReceipt> {
  return appendMessage(ctx, await prepareMessage(ctx, actor, input));
}

/** The part that authorises; apart, so that a socket can keep its sender's order across slow and quick look-ups. */
export async function prepareMessage(ctx: Ctx, actor: Actor, input: SendMessage): Promise<Entry> {
  const { conversation, relation } = await accessConversation(ctx, actor, input.conversationId, 'send');
  if (!mayStandIn(input.kind, conversation.type))
    throw new AppError('BAD_INPUT', { message: '悄悄话只能发在与督导的会话中。' });
  if (input.card && relation === 'visitor') throw new AppError('FORBIDDEN');
  const key = await ctx.keys.conversation(conversation.key.toHexString());
  // Statistics ask for it and never read messages.
  const first =
    relation === 'counselor' && conversation.type === 'COUNSELING_SESSION' && !conversation.firstReply;
  // On the words as they come: once sealed, only the rules' ids are left.
  const rules = relation === 'visitor' ? (await ctx.policies.get(conversation.institution)).riskWords : [];
  const marks = input.text === undefined ? [] : marksOf(rules, input.text);
  const urgency = conversation.status === 'WAITING' ? urgencyOf(rules, marks) : 'none';
  return {
    ...(marks.length > 0 ? { marks } : {}),
    ...(first ? { onStored: (at: number) => noteFirstReply(ctx, conversation, actor, at) } : {}),
    ...(urgency === 'none' ? {} : { onStored: () => hurry(ctx, conversation, urgency) }),
    parties: partiesOf(conversation),
    lastSeq: conversation.lastSeq,
    key,
    kind: input.kind,
    sender: objectId(actor.id),
    senderType: actor.role === 'SUPERVISOR' ? 'SUPERVISOR' : (SENDER_TYPE[relation] ?? 'ADMINISTRATOR'),
    senderName: actor.name,
    clientMsgId: input.clientMsgId,
    body: await composeBody(ctx, actor, conversation, key, input),
    recheck: () => recheck(ctx, actor, input.conversationId),
  };
}

/** The words are stored and their sender is told so, whatever becomes of the place. */
async function hurry(ctx: Ctx, { _id }: Conversation, urgency: Urgency): Promise<void> {
  await raiseUrgency(ctx, _id, urgency, 'WORDS').catch((error: unknown) => {
    ctx.log.warn({ err: String(error) }, 'not put forward');
  });
}

export async function appendMessage(ctx: Ctx, entry: Entry): Promise<MessageReceipt> {
  const { id, seq, time } = await ctx.journal.append(entry);
  await entry.onStored?.(time);
  return { id, seq, time };
}

/** After a clash: read again what the cache may have missed. */
async function recheck(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  await ctx.conversations.reload(id);
  const { conversation } = await accessConversation(ctx, actor, id, 'send');
  if (!isOpen(conversation)) throw new AppError('CONVERSATION_ENDED');
}

export function isOpen(conversation: Conversation): boolean {
  return conversation.status === 'WAITING' || conversation.status === 'IN_PROGRESS';
}
