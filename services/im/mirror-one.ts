/** One message of ours as Tencent takes it. */
import type { Conversation } from '../../models/conversation.js';
import type { Message } from '../../models/message.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { openBody, type Body } from '../message/seal.js';
import { randomOf } from './echo.js';

/** One message may have 8,000 bytes, envelope included. */
const MAX_TEXT_BYTES = 7_000;
const CUT = '……（全文请在心院热线中查看）';
const ELSEWHERE: Partial<Record<Message['kind'], string>> = {
  image: '[图片] 请在心院热线中查看',
  file: '[文件] 请在心院热线中查看',
  voice: '[语音] 请在心院热线中查看',
  card: '[卡片] 请在心院热线中查看',
};
/** Neither of the callbacks: what we send must not come back to us. */
const NO_CALLBACKS = ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'];

/** @throws ImRestError */
export async function mirrorOne(ctx: Ctx, conversation: Conversation, message: Message): Promise<void> {
  const body = await wordsOf(ctx, conversation, message);
  if (message.kind === 'system') {
    if (message.event === 'recalled' && body.data?.via !== 'im')
      await withdraw(ctx, conversation, message.ref);
    return;
  }
  const ways = waysOf(conversation, message);
  // What came from there is there; what was taken back meanwhile needs no copy.
  if (!ctx.im || !ways || message.clientMsgId.startsWith('im:') || message.recalled) return;
  if (message.kind === 'whisper' || message.kind === 'note') return;
  const { from, to } = ways;
  const id = message._id.toHexString();
  const conversationId = conversation._id.toHexString();
  const reply = await ctx.im.call(
    'openim/sendmsg',
    {
      SyncOtherMachine: 1,
      From_Account: from,
      To_Account: to,
      // The same numbers again within two minutes are one message there: a retry does no harm.
      MsgSeq: message.seq,
      MsgRandom: randomOf(message._id),
      ForbidCallbackControl: NO_CALLBACKS,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: textOf(message.kind, body) } }],
      CloudCustomData: JSON.stringify({ conversationId, messageId: id, seq: message.seq }),
    },
    [from, to],
  );
  if (typeof reply.MsgKey !== 'string') return;
  const link = { _id: message._id, conversation: conversation._id, from, to, msgKey: reply.MsgKey };
  await ctx.models.ImLink.create(link).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
  });
}

/** {} where the words are gone. */
async function wordsOf(ctx: Ctx, conversation: Conversation, message: Message): Promise<Body> {
  try {
    const key = await ctx.keys.conversation(conversation.key.toHexString());
    return openBody(key, message, conversation.institution);
  } catch (error) {
    if (error instanceof AppError && error.word === 'NOT_FOUND') return {};
    throw error;
  }
}

/** From whom to whom: a visitor speaks to the counselor, everybody else to the visitor. */
function waysOf(conversation: Conversation, message: Message): { from: string; to: string } | null {
  const from = message.sender?.toHexString();
  const visitor = conversation.visitor?.toHexString();
  const to = from === visitor ? conversation.counselor?.toHexString() : visitor;
  return from && to ? { from, to } : null;
}

function textOf(kind: Message['kind'], body: Body): string {
  const text = ELSEWHERE[kind] ?? body.text ?? '';
  if (Buffer.byteLength(text) <= MAX_TEXT_BYTES) return text === '' ? '[空消息]' : text;
  // Cut by bytes; half a character at the end is taken off.
  const cut = Buffer.from(text)
    .subarray(0, MAX_TEXT_BYTES)
    .toString()
    .replace(/\ufffd+$/, '');
  return cut + CUT;
}

async function withdraw(ctx: Ctx, conversation: Conversation, seq: number | undefined): Promise<void> {
  const target =
    seq === undefined
      ? null
      : await ctx.models.Message.findOne({ conversation: conversation._id, seq }).lean();
  const held = target && (await heldAs(ctx, conversation, target));
  if (!ctx.im || !held) return;
  const { from, to, msgKey } = held;
  await ctx.im.call('openim/admin_msgwithdraw', { From_Account: from, To_Account: to, MsgKey: msgKey });
}

/** Under which key Tencent holds it: the one it came with, or the one that our copy was given. */
async function heldAs(
  ctx: Ctx,
  conversation: Conversation,
  target: Message,
): Promise<{ from: string; to: string; msgKey: string } | null> {
  if (!target.clientMsgId.startsWith('im:')) return ctx.models.ImLink.findById(target._id).lean();
  const ways = waysOf(conversation, target);
  return ways && { ...ways, msgKey: target.clientMsgId.split(':')[1] ?? '' };
}
