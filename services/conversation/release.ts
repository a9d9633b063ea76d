/** A counselor who may no longer serve (banned, deleted) gives back everybody they hold or who waits for them. */
import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { enqueue, leaveQueue } from '../matchmaking/queue.js';
import { settleSeat } from '../matchmaking/settle.js';
import { announceDuty } from '../presence/announce.js';
import { requeueConversation } from './requeue.js';
import { publishConversation } from './publish.js';

const MOST_ROUNDS = 10;

/**
 * First no new seat can be taken, then every held one is given back: running sessions to the queue, assignments
 * under way withdrawn. Safe to repeat; the sweeper below finishes what a crash left.
 */
export async function releaseCounselor(ctx: Ctx, counselor: Types.ObjectId): Promise<void> {
  const duty = await ctx.models.Duty.findOneAndUpdate(
    { _id: counselor },
    {
      $set: {
        enabled: false,
        presence: 'offline',
        connectedUntil: null,
        presenceAt: new Date(ctx.clock.now()),
      },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!duty) return;
  announceDuty(ctx, duty);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const owned = await ctx.models.Conversation.find(
      { counselor, status: 'IN_PROGRESS', type: 'COUNSELING_SESSION' },
      { _id: 1 },
    ).lean();
    for (const { _id } of owned) await requeueConversation(ctx, _id, counselor, 'COUNSELOR_RELEASED');
    const { seats } = await ctx.models.Duty.findById(counselor).lean().orFail();
    const held = seats.filter(({ state }) => state !== 'WRAP_UP');
    for (const seat of held) await settleSeat(ctx, counselor, seat);
    if (owned.length === 0 && held.length === 0) break;
  }
  await redirectNamed(ctx, counselor);
  await ctx.admissions.admit(duty.institution);
}

/** Who asked for them by name takes whoever is free, in the place that they have. */
async function redirectNamed(ctx: Ctx, counselor: Types.ObjectId): Promise<void> {
  const named = { requested: counselor, status: 'WAITING' as const, open: true as const };
  for (const row of await ctx.models.Conversation.find(named).lean()) {
    const moved = await ctx.models.Conversation.findOneAndUpdate(
      { _id: row._id, ...named },
      { $set: { requested: null }, $inc: { rev: 1 } },
      { returnDocument: 'after' },
    ).lean();
    await leaveQueue(ctx, row);
    if (!moved) continue;
    await enqueue(ctx, moved);
    await publishConversation(ctx, moved, null);
  }
}

/** Counselors who are disabled and still hold somebody: their release broke off. */
export async function sweepDisabled(ctx: Ctx): Promise<number> {
  const duties = await ctx.models.Duty.find(
    { enabled: false, 'seats.state': { $in: ['OPEN', 'OFFERED'] } },
    { _id: 1 },
  ).lean();
  for (const { _id } of duties) await releaseCounselor(ctx, _id);
  return duties.length;
}
