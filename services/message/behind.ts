/**
 * What a node that died stored and told nobody of. Its push is lost and its `lastSeq` was never written behind, so
 * no beacon would speak of it until somebody writes again: the sweep raises `lastSeq`, the next beacon tells (I4).
 */
import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';

/** Younger rows are still being written behind by the node that stored them. */
const OWN_MS = 2_000;
/** Conversations asked about at once. */
const CHUNK = 200;

type Known = { _id: Types.ObjectId; lastSeq: number };

/** @returns how many conversations had more than their `lastSeq` said */
export async function sweepBehind(ctx: Ctx): Promise<number> {
  const [sessions, threads] = await Promise.all([
    // Every open session has a deadline, and the index of deadlines holds open ones only.
    ctx.models.Conversation.find<Known>(
      { open: true, 'deadlines.at': { $gt: new Date(0) } },
      { lastSeq: 1 },
    ).lean(),
    ctx.models.Conversation.find<Known>({ openThread: true }, { lastSeq: 1 }).lean(),
  ]);
  const open = [...sessions, ...threads];
  let found = 0;
  for (let at = 0; at < open.length; at += CHUNK) found += await raise(ctx, open.slice(at, at + CHUNK));
  return found;
}

async function raise(ctx: Ctx, rows: Known[]): Promise<number> {
  // The very next number of each: seq has no gaps, so none there means none at all.
  const next = await ctx.models.Message.collection
    .find(
      {
        $or: rows.map(({ _id, lastSeq }) => ({ conversation: _id, seq: lastSeq + 1 })),
        at: { $lt: new Date(ctx.clock.now() - OWN_MS) },
      },
      { projection: { conversation: 1, seq: 1 } },
    )
    .toArray();
  for (const row of next) {
    const conversation = row.conversation as Types.ObjectId;
    const later = await ctx.models.Message.collection
      .find({ conversation, seq: { $gt: row.seq as number } }, { projection: { seq: 1 } })
      .toArray();
    const head = Math.max(row.seq as number, ...later.map((each) => each.seq as number));
    await ctx.models.Conversation.updateOne({ _id: conversation }, { $max: { lastSeq: head } });
  }
  return next.length;
}
