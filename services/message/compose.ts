/** What a message says, from what its sender asked: the words, the file it carries, what it answers, which card. */
import type { SendMessage } from '../../contract/message.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import type { DataKey } from '../../platform/keyring.js';
import type { Actor, Ctx } from '../context.js';
import { claimAttachment } from '../files/attachment.js';
import type { Body } from './seal.js';

/** @throws AppError NOT_FOUND (the upload), BAD_INPUT (quote of what is not there) */
export async function composeBody(
  ctx: Ctx,
  actor: Actor,
  conversation: Conversation,
  key: DataKey,
  input: SendMessage,
): Promise<Body> {
  const { kind, clientMsgId, text, attachment, quote, card } = input;
  if (quote !== undefined) await assertQuotable(ctx, conversation, quote);
  const attached =
    attachment !== undefined && (kind === 'image' || kind === 'file' || kind === 'voice')
      ? await claimAttachment(ctx, actor, conversation, key, { id: attachment, kind, clientMsgId })
      : undefined;
  return {
    ...(text === undefined ? {} : { text }),
    ...(card === undefined ? {} : await cardBody(ctx, conversation, card)),
    ...(attached === undefined ? {} : { attachment: attached }),
    ...(quote === undefined ? {} : { quote }),
  };
}

/** Only the number is kept: a copy of the words would outlive their recall. */
async function assertQuotable(ctx: Ctx, conversation: Conversation, seq: number): Promise<void> {
  const row = await ctx.models.Message.findOne({ conversation: conversation._id, seq }, { kind: 1 }).lean();
  if (!row || row.kind === 'system')
    throw new AppError('BAD_INPUT', { message: '没有找到要引用的消息，请重新选择。' });
}

/** The text is what a client without cards of its own shows; the crisis lines are those in force now. */
async function cardBody(
  ctx: Ctx,
  conversation: Conversation,
  card: NonNullable<SendMessage['card']>,
): Promise<Body> {
  if (card.type === 'questionnaire')
    return { text: card.title, data: { card: 'questionnaire', questionnaire: card.id } };
  const { emergency } = await ctx.policies.get(conversation.institution);
  const lines = emergency.map(
    ({ name, phone, note }) => `${name} ${phone}${note === '' ? '' : `（${note}）`}`,
  );
  return { text: lines.join('\n'), data: { card: 'emergency' } };
}
