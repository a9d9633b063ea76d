/**
 * Deadlines are fields of the conversation; a job wakes each, a sweeper catches the rest. Taking effect is a
 * compare-and-set on the very date, so a moved deadline disarms the old job (design.md, "Time"; I10).
 */
import type { DeadlineKind } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { Message } from '../../models/message.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { finishConversation } from '../conversation/end.js';
import { upSince } from './uptime.js';

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
    case 'silence':
      return fireSilence(ctx, row, at);
  }
}

/** Silence is looked at when it is due, not written with every message. */
async function fireSilence(ctx: Ctx, row: Conversation, at: number): Promise<boolean> {
  const policy = await ctx.policies.get(row.institution);
  const spoken = await lastSpoken(ctx, row);
  // Time in which the whole platform was down is nobody's silence.
  const since = Math.max(spoken ?? 0, row.startAt?.getTime() ?? 0, (await upSince(ctx)) ?? 0);
  const due = since + policy.silenceCloseMs;
  if (due <= ctx.clock.now()) {
    await finishConversation(ctx, row._id.toHexString(), 'SILENCE', null);
    return true;
  }
  const moved = await ctx.models.Conversation.updateOne(
    { _id: row._id, deadlines: { $elemMatch: { kind: 'silence', at: new Date(at) } } },
    { $set: { 'deadlines.$.at': new Date(due) } },
  );
  if (moved.modifiedCount === 1) await ctx.waker.wake(row._id.toHexString(), 'silence', new Date(due));
  return false;
}

async function lastSpoken(ctx: Ctx, row: Conversation): Promise<number | null> {
  const recent = (await ctx.models.Message.collection
    .find(
      { conversation: row._id, seq: { $gt: Math.max(0, row.lastSeq - 50) } },
      { projection: { kind: 1, at: 1 } },
    )
    .toArray()) as unknown as Pick<Message, 'kind' | 'at'>[];
  const times = recent.filter((message) => message.kind !== 'system').map((message) => message.at.getTime());
  return times.length === 0 ? null : Math.max(...times);
}

/** Fires whatever is due and finishes ends that a crash interrupted. */
export async function sweepDeadlines(ctx: Ctx): Promise<void> {
  const now = new Date(ctx.clock.now());
  const due = await ctx.models.Conversation.find({ open: true, 'deadlines.at': { $lte: now } }, { deadlines: 1 })
    .limit(500)
    .lean();
  for (const row of due)
    for (const deadline of row.deadlines)
      if (deadline.at <= now) await fireDeadline(ctx, row._id.toHexString(), deadline.kind, deadline.at.getTime());
}
