import type { Conversation } from '../../models/conversation.js';
import type { Message } from '../../models/message.js';
import type { Models } from '../../models/index.js';
import type { Ctx } from '../context.js';

/** How far back the first look at a session goes. */
const TAIL = 50;
const AT_ONCE = 8;
/** Sessions remembered; beyond it the oldest are looked at anew. */
const MAX_HELD = 10_000;

/** How far a session was read, and since when a word of its visitor stands unanswered. */
interface Held {
  seq: number;
  since: number | null;
}
const heldBy = new WeakMap<Models, Map<string, Held>>();

type Row = Pick<Conversation, '_id' | 'lastSeq'>;

/**
 * The oldest word of the visitor that nobody has answered, in epoch ms, of each of these sessions. Each message is
 * looked at once a node: what was read before is not read again.
 */
export async function unansweredOf(ctx: Pick<Ctx, 'models'>, rows: Row[]): Promise<Map<string, number>> {
  let held = heldBy.get(ctx.models);
  if (!held) heldBy.set(ctx.models, (held = new Map<string, Held>()));
  const known = held;
  const stale = rows.filter((row) => (known.get(row._id.toHexString())?.seq ?? 0) < row.lastSeq);
  const rest = stale.values();
  const lane = async () => {
    for (const row of rest) {
      const id = row._id.toHexString();
      const before = known.get(id) ?? { seq: Math.max(0, row.lastSeq - TAIL), since: null };
      known.set(id, await readOn(ctx, row, before));
      if (known.size > MAX_HELD) known.delete(known.keys().next().value ?? '');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return new Map(
    rows.flatMap((row): [string, number][] => {
      const id = row._id.toHexString();
      const since = known.get(id)?.since ?? null;
      return since === null ? [] : [[id, since]];
    }),
  );
}

async function readOn(ctx: Pick<Ctx, 'models'>, row: Row, from: Held): Promise<Held> {
  const messages = (await ctx.models.Message.collection
    .find(
      { conversation: row._id, seq: { $gt: from.seq, $lte: row.lastSeq } },
      { projection: { seq: 1, senderType: 1, at: 1 } },
    )
    .toArray()) as unknown as Pick<Message, 'seq' | 'senderType' | 'at'>[];
  messages.sort((a, b) => a.seq - b.seq);
  let { since } = from;
  for (const { senderType, at } of messages) {
    if (senderType === 'SYSTEM') continue;
    since = senderType === 'VISITOR' ? (since ?? at.getTime()) : null;
  }
  return { seq: messages.at(-1)?.seq ?? from.seq, since };
}
