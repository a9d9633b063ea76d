import type { ImReport } from '../../contract/im.js';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { headSeq } from '../message/history.js';
import { markRead } from '../message/read.js';
import { isOpen } from '../message/accept.js';
import { conversationsBetween, personOf } from './people.js';
import { dead, DONE, type Outcome } from './outcome.js';

/** How far back a read mark is looked for. */
const TAIL = 500;

/** Somebody read up to a time: the mark moves to the last message that stood by then. */
export async function afterReport(ctx: Ctx, input: ImReport): Promise<Outcome> {
  const reader = await personOf(ctx, input.Report_Account);
  const between = reader ? await conversationsBetween(ctx, input.Report_Account, input.Peer_Account) : [];
  const conversation = between.find((each) => isOpen(each)) ?? between[0];
  if (!reader || !conversation) return dead('strangers');
  // Whole seconds: what was sent within the second named counts as read.
  const seq = await seqAt(ctx, conversation, input.LastReadTime * 1_000 + 999);
  if (seq > 0) await markRead(ctx, reader.actor, { conversationId: conversation._id.toHexString(), seq });
  return DONE;
}

async function seqAt(ctx: Ctx, conversation: Conversation, time: number): Promise<number> {
  const head = await headSeq(ctx, conversation);
  const rows = await ctx.models.Message.find(
    { conversation: conversation._id, seq: { $gt: head - TAIL, $lte: head } },
    { seq: 1, at: 1 },
  ).lean();
  return rows.reduce((highest, row) => (row.at.getTime() <= time ? Math.max(highest, row.seq) : highest), 0);
}
