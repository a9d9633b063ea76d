/**
 * Deadlines are fields of the conversation; a job wakes each, a sweeper catches the rest. Taking effect is a
 * compare-and-set on the very date, so a moved deadline disarms the old job (design.md, "Time"; I10).
 */
import type { DeadlineKind } from '../../contract/enums.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { finishConversation } from '../conversation/end.js';
import { fireOffer } from '../matchmaking/offer.js';
import { fireWrapUp } from '../matchmaking/wrap-up.js';
import { fireCue } from './cue.js';
import { closeOverlap } from '../conversation/overlap.js';
import { fireTransfer } from '../conversation/transfer.js';
import { fallBack } from '../conversation/redirect.js';
import { escalate } from '../supervision/escalate.js';
import { fireDropped } from './dropped.js';
import { fireCheckIn, fireSilence } from './silence.js';

/** How many due deadlines one worker handles at once. */
const AT_ONCE = 16;

/**
 * Lets a deadline take effect if it still stands and is due; otherwise does nothing.
 * @returns true when it took effect
 */
export async function fireDeadline(ctx: Ctx, id: string, kind: DeadlineKind, at: number): Promise<boolean> {
  if (kind === 'wrap-up') return fireWrapUp(ctx, id);
  const row = await ctx.models.Conversation.findById(objectId(id)).lean();
  const stands = row?.deadlines.some((deadline) => deadline.kind === kind && deadline.at.getTime() === at);
  if (!row || !stands || ctx.clock.now() < at) return false;
  switch (kind) {
    case 'waiting':
      if (row.status !== 'WAITING') return false;
      await finishConversation(ctx, id, 'NOBODY_FREE', null);
      return true;
    case 'limit':
      await finishConversation(ctx, id, 'TIME_LIMIT', null);
      return true;
    case 'cue':
      return fireCue(ctx, row, at);
    case 'silence':
      return fireSilence(ctx, row, at);
    case 'check-in':
      return fireCheckIn(ctx, row, at);
    case 'fallback':
      return fallBack(ctx, row, at);
    case 'dropped':
      return fireDropped(ctx, row, at);
    case 'accept':
      return fireOffer(ctx, row, at);
    case 'call':
      return escalate(ctx, row, at);
    case 'transfer':
      return fireTransfer(ctx, row);
    case 'overlap':
      return closeOverlap(ctx, row);
  }
}

/** Fires whatever is due. */
export async function sweepDeadlines(ctx: Ctx): Promise<void> {
  const now = new Date(ctx.clock.now());
  const due = (which: { open: true } | { openThread: true }) =>
    ctx.models.Conversation.find({ ...which, 'deadlines.at': { $lte: now } }, { deadlines: 1 })
      .limit(2_000)
      .lean();
  const rows = [...(await due({ open: true })), ...(await due({ openThread: true }))];
  const rest = rows.values();
  // Those of one conversation one after the other, in their order; conversations beside each other.
  const lane = async () => {
    for (const row of rest) {
      const due = row.deadlines.filter((deadline) => deadline.at <= now);
      due.sort((a, b) => a.at.getTime() - b.at.getTime());
      for (const { kind, at } of due) await fireDeadline(ctx, row._id.toHexString(), kind, at.getTime());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
