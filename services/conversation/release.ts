/** A counselor who may no longer serve (banned, deleted) gives back everybody they hold or who waits for them. */
import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { withdrawOffers } from '../matchmaking/offer.js';
import { settleSeat } from '../matchmaking/settle.js';
import { announceDuty } from '../presence/announce.js';
import { requeueOwned } from './requeue.js';
import { redirectNamed } from './redirect.js';

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
  await announceDuty(ctx, duty);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const owned = await requeueOwned(ctx, counselor, 'COUNSELOR_RELEASED');
    await withdrawOffers(ctx, counselor);
    const { seats } = await ctx.models.Duty.findById(counselor).lean().orFail();
    const held = seats.filter(({ state }) => state !== 'WRAP_UP');
    for (const seat of held) await settleSeat(ctx, counselor, seat);
    if (owned === 0 && held.length === 0) break;
  }
  await redirectNamed(ctx, counselor);
  await ctx.admissions.admit(duty.institution);
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
