/** IN_PROGRESS → WAITING: a session whose counselor is gone waits again, in front. */
import type { Types } from 'mongoose';
import type { RequeueCause } from '../../contract/enums.js';
import type { Ctx } from '../context.js';
import { enqueue } from '../matchmaking/queue.js';
import { pullSeat } from '../matchmaking/seat.js';
import { ringOfLoss } from '../supervision/ring.js';
import { chapter } from './history.js';
import { sourcesOf, targetOf } from './lifecycle.js';
import { tellChanged } from './tell-changed.js';

/**
 * Puts a running session back into the common queue: original arrival plus credit, the clock of the session
 * paused. Does nothing when it has moved on.
 * @param armed only while its `dropped` deadline stands at this very moment: the counselor has not come back
 * @returns true when it waits again
 */
export async function requeueConversation(
  ctx: Ctx,
  id: Types.ObjectId,
  owner: Types.ObjectId,
  cause: RequeueCause,
  armed?: Date,
): Promise<boolean> {
  const [source] = sourcesOf('requeue');
  const row = await ctx.models.Conversation.findOne({
    _id: id,
    type: 'COUNSELING_SESSION',
    status: source,
    counselor: owner,
  }).lean();
  if (!row) return false;
  await ringOfLoss(ctx, row, cause);
  const policy = await ctx.policies.get(row.institution);
  const now = ctx.clock.now();
  const waiting = { kind: 'waiting' as const, at: new Date(now + policy.waitingLimitMs) };
  // Credit is capped: the hard bound on how much longer anyone else waits.
  const gathered = row.creditMs ?? 0;
  const credit = Math.max(gathered, Math.min(gathered + policy.waitingCreditMs, policy.waitingCreditCapMs));
  const limit = row.deadlines.find(({ kind }) => kind === 'limit')?.at.getTime();
  const back = await ctx.models.Conversation.findOneAndUpdate(
    {
      _id: id,
      status: source,
      counselor: owner,
      attempt: row.attempt,
      ...(armed ? { deadlines: { $elemMatch: { kind: 'dropped', at: armed } } } : {}),
    },
    {
      $set: {
        status: targetOf('requeue', 'IN_PROGRESS'),
        counselor: null,
        counselorName: null,
        requested: null,
        // Who gave it away need not get it back before anybody else.
        ...(cause === 'TRANSFERRED' ? { preferred: null } : {}),
        overlap: null,
        assignedWhy: null,
        queueScore: row.queueScore - (credit - gathered),
        creditMs: credit,
        // What is left of the session stands still until somebody takes it again.
        ...(limit === undefined ? {} : { limitLeftMs: Math.max(1_000, limit - now) }),
        deadlines: [waiting],
        untold: true,
      },
      $push: { history: chapter('requeued', null, now, { cause }) },
      ...(cause === 'TRANSFERRED' ? { $addToSet: { offered: owner } } : {}),
      $inc: { rev: 1, attempt: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!back) return false;
  await pullSeat(ctx, owner, id);
  await enqueue(ctx, back);
  await tellChanged(ctx, back, owner);
  await ctx.waker.wake(id.toHexString(), waiting.kind, waiting.at);
  return true;
}

/** Every running session of a counselor who can't go on; the caller admits afterwards. */
export async function requeueOwned(
  ctx: Ctx,
  owner: Types.ObjectId,
  cause: RequeueCause = 'COUNSELOR_DROPPED',
): Promise<number> {
  const owned = await ctx.models.Conversation.find(
    { counselor: owner, status: 'IN_PROGRESS', type: 'COUNSELING_SESSION' },
    { _id: 1 },
  ).lean();
  for (const { _id } of owned) await requeueConversation(ctx, _id, owner, cause);
  return owned.length;
}
