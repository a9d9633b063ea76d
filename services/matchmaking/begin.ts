import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import { chapter } from '../conversation/history.js';
import { sourcesOf, targetOf } from '../conversation/lifecycle.js';
import { publishConversation } from '../conversation/publish.js';
import { completeLine } from '../conversation/tell-changed.js';
import type { Ctx } from '../context.js';
import { postSystem } from '../message/system.js';
import { followSession } from '../supervision/follow.js';
import { sessionDeadlines } from '../time/session-deadlines.js';
import { noteReady } from '../wechat/ready-notice.js';
import { leaveQueue } from './queue.js';

/**
 * WAITING → IN_PROGRESS by compare-and-set on the attempt under which the counselor's seat was taken; tellBegun()
 * follows.
 * @param how.offered it must be offered to them still; otherwise it must be offered to nobody
 * @returns null when somebody else was quicker: the caller gives the seat back
 */
export async function beginSession(
  ctx: Ctx,
  row: Conversation,
  counselor: Types.ObjectId,
  how: { why: string; offered: boolean },
): Promise<Conversation | null> {
  const [source] = sourcesOf('assign');
  const policy = await ctx.policies.get(row.institution);
  const user = await ctx.models.User.findById(counselor, { name: 1 }).lean();
  const now = ctx.clock.now();
  // One that comes back goes on with what was left of its time.
  const limit = row.limitLeftMs ?? (row.channel === 'VOICE' ? policy.voiceLimitMs : policy.textLimitMs);
  const deadlines = sessionDeadlines(policy, now, limit);
  await noteReady(ctx, row);
  return ctx.models.Conversation.findOneAndUpdate(
    {
      _id: row._id,
      status: source,
      attempt: row.attempt,
      ...(how.offered ? { 'offer.counselor': counselor } : { offer: null }),
    },
    {
      $set: {
        status: targetOf('assign', 'WAITING'),
        counselor,
        counselorName: user?.name ?? null,
        startAt: row.startAt ?? new Date(now),
        assignedWhy: how.why,
        offer: null,
        offered: [],
        deadlines,
        untold: true,
      },
      $push: { history: chapter('assigned', counselor, now) },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
}

/**
 * Everybody is told of a session that has begun, and its deadlines are woken.
 * @param row as it waited
 */
export async function tellBegun(ctx: Ctx, row: Conversation, assigned: Conversation): Promise<void> {
  await leaveQueue(ctx, row);
  if (row.startAt) await completeLine(ctx, row);
  await publishConversation(ctx, assigned, null);
  // One that was served before may have a thread, which its new owner joins.
  if (row.startAt) await followSession(ctx, assigned);
  await postSystem(ctx, assigned, `sys:assigned:${String(assigned.attempt)}`, {
    event: 'assigned',
    data: { counselor: assigned.counselor?.toHexString() ?? null, name: assigned.counselorName },
  });
  for (const { kind, at } of assigned.deadlines) await ctx.waker.wake(row._id.toHexString(), kind, at);
}
