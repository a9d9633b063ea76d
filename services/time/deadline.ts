/**
 * Deadlines are fields of the conversation; a job wakes each, a sweeper catches the rest. Taking effect is a
 * compare-and-set on the very date, so a moved deadline disarms the old job (design.md, "Time"; I10).
 */
import type { DeadlineKind } from '../../contract/enums.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { finishConversation } from '../conversation/end.js';
import { fireCue } from './cue.js';
import { fireCheckIn, fireSilence } from './silence.js';

/**
 * Lets a deadline take effect if it still stands and is due; otherwise does nothing.
 * @returns true when it took effect
 */
export async function fireDeadline(ctx: Ctx, id: string, kind: DeadlineKind, at: number): Promise<boolean> {
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
  }
}

/** Fires whatever is due and finishes ends that a crash interrupted. */
export async function sweepDeadlines(ctx: Ctx): Promise<void> {
  const now = new Date(ctx.clock.now());
  const due = await ctx.models.Conversation.find(
    { open: true, 'deadlines.at': { $lte: now } },
    { deadlines: 1 },
  )
    .limit(500)
    .lean();
  for (const row of due)
    for (const deadline of row.deadlines)
      if (deadline.at <= now)
        await fireDeadline(ctx, row._id.toHexString(), deadline.kind, deadline.at.getTime());
}
