import { objectId } from '../../platform/mongo.js';
import { chapter } from '../conversation/history.js';
import { publishConversation } from '../conversation/publish.js';
import { sourcesOf, targetOf } from '../conversation/lifecycle.js';
import type { Ctx } from '../context.js';
import { postSystem } from '../message/system.js';
import { noteReady } from '../wechat/ready-notice.js';
import { followSession } from '../supervision/follow.js';
import { sessionDeadlines } from '../time/session-deadlines.js';
import type { Pair } from './claim.js';
import { dropLease, leaveQueue } from './queue.js';
import { pullAttempt, takeSeat } from './seat.js';

/**
 * Gives a waiting conversation to a counselor in two compare-and-sets: (1) the seat, where cap and seats are
 * judged together; (2) the conversation, WAITING on the attempt under which the seat was taken. Whoever loses
 * gives back what they took.
 * @returns false when somebody else was quicker
 */
export async function assign(ctx: Ctx, institution: string, pair: Pair): Promise<boolean> {
  const counselor = objectId(pair.counselor);
  const row = await ctx.models.Conversation.findById(pair.conversation).lean();
  if (!row || !counselor || row.status !== 'WAITING') {
    // A ghost in the queue: ended elsewhere, or moved on.
    if (row) await leaveQueue(ctx, row);
    return false;
  }
  if (!(await takeSeat(ctx, counselor, row._id, row.attempt))) {
    await dropLease(ctx, institution, pair.conversation);
    return false;
  }
  const [source] = sourcesOf('assign');
  const policy = await ctx.policies.get(institution);
  const user = await ctx.models.User.findById(counselor, { name: 1 }).lean();
  const now = ctx.clock.now();
  // One that comes back goes on with what was left of its time.
  const limit = row.limitLeftMs ?? (row.channel === 'VOICE' ? policy.voiceLimitMs : policy.textLimitMs);
  const deadlines = sessionDeadlines(policy, now, limit);
  await noteReady(ctx, row);
  const assigned = await ctx.models.Conversation.findOneAndUpdate(
    { _id: row._id, status: source, attempt: row.attempt },
    {
      $set: {
        status: targetOf('assign', 'WAITING'),
        counselor,
        counselorName: user?.name ?? null,
        startAt: row.startAt ?? new Date(now),
        assignedWhy: row.requested ? '访客指定了该咨询师' : '在线且空位最多的咨询师，按到达先后接入',
        deadlines,
        untold: true,
      },
      $push: { history: chapter('assigned', counselor, now) },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!assigned) {
    await pullAttempt(ctx, counselor, row._id, row.attempt);
    await dropLease(ctx, institution, pair.conversation);
    return false;
  }
  await leaveQueue(ctx, row);
  await publishConversation(ctx, assigned, null);
  // One that was served before may have a thread, which its new owner joins.
  if (row.startAt) await followSession(ctx, assigned);
  await postSystem(ctx, assigned, `sys:assigned:${String(assigned.attempt)}`, {
    event: 'assigned',
    data: { counselor: pair.counselor, name: user?.name ?? null },
  });
  for (const { kind, at } of deadlines) await ctx.waker.wake(pair.conversation, kind, at);
  return true;
}
