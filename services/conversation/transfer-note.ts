/** What a counselor writes for the one who takes over: sealed with the session's key, erased with it. */
import type { Transfer as WireTransfer, TransferNote } from '../../contract/transfer.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { seal, unseal } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';
import { presentConversations } from '../presenters/conversation.js';
import { presentCard } from '../presenters/user.js';

type Row = Pick<Conversation, '_id' | 'key' | 'institution' | 'transfer'>;

const placeOf = ({ _id, institution }: Row) =>
  ['conversations', 'transfer', _id.toHexString(), institution] as const;

export async function sealNote(ctx: Pick<Ctx, 'keys'>, row: Row, note: TransferNote): Promise<Buffer> {
  const key = await ctx.keys.conversation(row.key.toHexString());
  return seal(key, Buffer.from(JSON.stringify(note)), [...placeOf(row)]);
}

async function readNote(ctx: Pick<Ctx, 'keys'>, row: Row): Promise<TransferNote | null> {
  if (!row.transfer) return null;
  const key = await ctx.keys.conversation(row.key.toHexString()).catch((error: unknown) => {
    if (error instanceof AppError && error.word === 'NOT_FOUND') return null;
    throw error;
  });
  return key && (JSON.parse(unseal(key, row.transfer.note, [...placeOf(row)]).toString()) as TransferNote);
}

/** As one text, for the thread of the session. */
export async function openNote(ctx: Pick<Ctx, 'keys'>, row: Row): Promise<string | null> {
  const note = await readNote(ctx, row);
  return note && textOf(note);
}

export function textOf({ state, risk, plan, next }: TransferNote): string {
  const parts = [
    ['现状', state],
    ['风险', risk],
    ['安全计划', plan],
    ['下一步', next],
  ] as const;
  return parts
    .filter(([, words]) => words !== undefined)
    .map(([name, words]) => `${name}：${words ?? ''}`)
    .join('\n');
}

export async function presentTransfers(ctx: Ctx, rows: Conversation[]): Promise<WireTransfer[]> {
  const people = await ctx.models.User.find({
    _id: { $in: rows.flatMap(({ transfer }) => (transfer ? [transfer.by, transfer.to] : [])) },
  }).lean();
  const cards = new Map(people.map((user) => [user._id.toHexString(), presentCard(user)]));
  const conversations = await presentConversations(ctx, rows);
  const presented = await Promise.all(
    rows.map(async (row, index): Promise<WireTransfer | null> => {
      const conversation = conversations[index];
      const { transfer } = row;
      if (!transfer || !conversation) return null;
      const note = await readNote(ctx, row);
      return {
        conversation,
        kind: transfer.kind,
        from: cards.get(transfer.by.toHexString()) ?? null,
        to: cards.get(transfer.to.toHexString()) ?? null,
        note: note && {
          state: note.state,
          risk: note.risk ?? null,
          plan: note.plan ?? null,
          next: note.next ?? null,
        },
        until: transfer.until.getTime(),
      };
    }),
  );
  return presented.filter((each) => each !== null);
}
