/** Reading what was said: pages by closed ranges of seq, since seq has no gaps (design.md, known traps). */
import type { Message as WireMessage, ReadHistory } from '../../contract/message.js';
import { MAX_PAGE } from '../../contract/message.js';
import type { Conversation } from '../../models/conversation.js';
import type { Message } from '../../models/message.js';
import { AppError } from '../../platform/errors.js';
import type { DataKey } from '../../platform/keyring.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { presentMessage } from '../presenters/message.js';
import { namesOf } from './names.js';
import { auditReading } from './reading.js';
import { openBody } from './seal.js';

type Sealed = Pick<Conversation, '_id' | 'key' | 'institution' | 'lastSeq'>;

/** Messages with from < seq <= to, oldest first. */
export async function readRange(
  ctx: Ctx,
  conversation: Conversation,
  from: number,
  to: number,
): Promise<WireMessage[]> {
  return presentAll(ctx, conversation, await rowsBetween(ctx, conversation, from, to));
}

/** As they are stored: from < seq <= to, oldest first. */
export async function rowsBetween(
  ctx: Ctx,
  conversation: Sealed,
  from: number,
  to: number,
): Promise<Message[]> {
  const rows = (await ctx.models.Message.collection
    .find(
      { conversation: conversation._id, seq: { $gt: from, $lte: to } },
      { readConcern: { level: 'majority' } },
    )
    .toArray()) as unknown as Message[];
  return rows.sort((a, b) => a.seq - b.seq);
}

/** The key of its messages; null once they are erased: the rows stand, their words are gone. */
export function bodyKey(ctx: Ctx, conversation: Sealed): Promise<DataKey | null> {
  return ctx.keys.conversation(conversation.key.toHexString()).catch((error: unknown) => {
    if (error instanceof AppError && error.word === 'NOT_FOUND') return null;
    throw error;
  });
}

async function presentAll(ctx: Ctx, conversation: Conversation, rows: Message[]): Promise<WireMessage[]> {
  if (rows.length === 0) return [];
  const key = await bodyKey(ctx, conversation);
  const names = await namesOf(
    ctx,
    rows.flatMap((row) => row.sender?.toHexString() ?? []),
  );
  return rows.map((row) =>
    presentMessage(
      row,
      key ? openBody(key, row, conversation.institution) : {},
      row.sender ? (names.get(row.sender.toHexString()) ?? null) : null,
    ),
  );
}

/** The highest seq there is, read from the lower bound onwards. */
export async function headSeq(ctx: Ctx, conversation: Sealed): Promise<number> {
  const rows = await ctx.models.Message.collection
    .find({ conversation: conversation._id, seq: { $gt: conversation.lastSeq } }, { projection: { seq: 1 } })
    .toArray();
  return rows.reduce((highest, row) => Math.max(highest, row.seq as number), conversation.lastSeq);
}

/**
 * A page of history for somebody who may read it. `after` pages forward; `before` answers the newest page below
 * it, oldest first as well. Whoever takes no part is written down first.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function readHistory(
  ctx: Ctx,
  actor: Actor,
  id: string,
  input: Pick<ReadHistory, 'after' | 'before' | 'limit' | 'reason'>,
): Promise<WireMessage[]> {
  const { conversation, relation } = await accessConversation(ctx, actor, id, 'read');
  const messages = await readPage(ctx, conversation, input);
  if (messages.length > 0) await auditReading(ctx, actor, conversation, relation, input.reason);
  return messages;
}

async function readPage(
  ctx: Ctx,
  conversation: Conversation,
  input: Pick<ReadHistory, 'after' | 'before' | 'limit'>,
): Promise<WireMessage[]> {
  const limit = Math.min(input.limit, MAX_PAGE);
  if (input.before !== undefined) {
    const below = input.before - 1;
    // Nothing is numbered beyond the head: the page below a far number is the newest there is.
    const to = below <= conversation.lastSeq ? below : Math.min(below, await headSeq(ctx, conversation));
    return readRange(ctx, conversation, Math.max(input.after, to - limit), to);
  }
  return readRange(ctx, conversation, input.after, input.after + limit);
}
