/** Messages that were sent through Tencent: the second door to the same journal. */
import type { ImMessage } from '../../contract/im.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Conversation } from '../../models/conversation.js';
import type { User } from '../../models/user.js';
import { partiesOf } from '../conversation/cache.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { isOpen, SENDER_TYPE } from '../message/accept.js';
import { mirroredMessage } from './echo.js';
import { mapElement } from './elements.js';
import { claimedConversation, isParty, personOf } from './people.js';
import { dead, DONE, type Outcome } from './outcome.js';

/** Why a message is not taken, in the words of a dead letter and in those that its sender reads. */
const REFUSALS = {
  'no-conversation': '消息没有注明所属会话，请从会话页面重新进入。',
  strangers: '您不是该会话的参与者，不能发送消息。',
  banned: '该账号已被停用，如有疑问请联系机构。',
  ended: '会谈已经结束，不能再发送消息。',
} as const;
type Refusal = keyof typeof REFUSALS;

interface Taken {
  conversation: Conversation;
  actor: Actor;
  user: User;
}

/** Before Tencent delivers: may this be said? Decided afresh each time. */
export async function beforeMessage(ctx: Ctx, message: ImMessage): Promise<Outcome> {
  const taken = await judge(ctx, message);
  if (typeof taken === 'object') return DONE;
  if (taken !== 'banned' && (await isEcho(ctx, message))) return DONE;
  return { kind: 'refused', message: REFUSALS[taken] };
}

/** After Tencent delivered, or failed to: into the transcript, once, whichever node is told how often. */
export async function afterMessage(ctx: Ctx, message: ImMessage): Promise<Outcome> {
  if (await isEcho(ctx, message)) return DONE;
  const taken = await judge(ctx, message);
  if (typeof taken === 'string') return dead(taken);
  // The callback fires for what was not delivered, too: the other side never saw it.
  const { SendMsgResult: result = 0 } = message;
  if (result !== 0) return dead(`undelivered:${String(result)}`);
  try {
    await append(ctx, taken, message);
  } catch (error) {
    if (error instanceof AppError && error.word === 'CONVERSATION_ENDED') return dead('ended');
    if (error instanceof AppError && error.word === 'FORBIDDEN') return dead('strangers');
    throw error;
  }
  return DONE;
}

async function judge(ctx: Ctx, message: ImMessage): Promise<Taken | Refusal> {
  const person = await personOf(ctx, message.From_Account);
  if (person && !person.user.enabled) return 'banned';
  const claimed = claimedConversation(message.CloudCustomData);
  if (claimed === null) return 'no-conversation';
  const conversation = await ctx.conversations.get(claimed);
  if (!conversation || !person) return 'strangers';
  const { From_Account: from, To_Account: to } = message;
  if (from === to || !isParty(conversation, from) || !isParty(conversation, to)) return 'strangers';
  try {
    await accessConversation(ctx, person.actor, claimed, 'send');
  } catch (error) {
    if (error instanceof AppError && (error.word === 'FORBIDDEN' || error.word === 'NOT_FOUND'))
      return 'strangers';
    throw error;
  }
  return isOpen(conversation) ? { conversation, ...person } : 'ended';
}

/** One of ours that came back: sent there by us, or by an administrator in our name. */
async function isEcho(ctx: Ctx, message: ImMessage): Promise<boolean> {
  const claimed = claimedConversation(message.CloudCustomData);
  const conversation = claimed === null ? null : await ctx.conversations.get(claimed);
  if (!conversation) return false;
  const sent = { seq: message.MsgSeq, random: message.MsgRandom };
  const own = await mirroredMessage(ctx, conversation, sent);
  return own?.sender?.toHexString() === message.From_Account;
}

/** Each element is a message of its own; the first carries the bare MsgKey. */
async function append(ctx: Ctx, { conversation, actor }: Taken, message: ImMessage): Promise<void> {
  const { relation } = await accessConversation(ctx, actor, conversation._id.toHexString(), 'send');
  const key = await ctx.keys.conversation(conversation.key.toHexString());
  const signals = message.OnlineOnlyFlag === 1;
  for (const [index, element] of message.MsgBody.entries()) {
    // What Tencent does not keep and has a form of its own is a signal between clients, not something said.
    if (signals && element.MsgType === 'TIMCustomElem') continue;
    const { kind, body } = mapElement(element);
    await ctx.journal.append({
      parties: partiesOf(conversation),
      lastSeq: conversation.lastSeq,
      key,
      kind,
      sender: objectId(actor.id),
      senderType: SENDER_TYPE[relation] ?? 'ADMINISTRATOR',
      senderName: actor.name,
      clientMsgId: index === 0 ? `im:${message.MsgKey}` : `im:${message.MsgKey}:${String(index)}`,
      body,
      recheck: () => recheck(ctx, actor, conversation._id.toHexString()),
    });
  }
}

async function recheck(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  await ctx.conversations.reload(id);
  const { conversation } = await accessConversation(ctx, actor, id, 'send');
  if (!isOpen(conversation)) throw new AppError('CONVERSATION_ENDED');
}
