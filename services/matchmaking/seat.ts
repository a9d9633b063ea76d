/** Seats are a set on the counselor's duty document, so that cap and seats are judged in one atomic step (I5, I8). */
import type { Types } from 'mongoose';
import type { Duty } from '../../models/duty.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { announceDuty } from '../presence/announce.js';

/** The counselor's duty document, made at first use. */
export async function ensureDuty(ctx: Ctx, counselor: Types.ObjectId, institution: string): Promise<Duty> {
  const existing = await ctx.models.Duty.findById(counselor).lean();
  if (existing) return existing;
  const policy = await ctx.policies.get(institution);
  const now = new Date(ctx.clock.now());
  try {
    await ctx.models.Duty.create({
      _id: counselor,
      institution,
      maxConsults: policy.maxConsults,
      presenceAt: now,
      idleSince: now,
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  return ctx.models.Duty.findById(counselor).lean().orFail();
}

/** Takes a seat; false when there is none free at this very moment, or the counselor is no longer on line. */
export async function takeSeat(
  ctx: Ctx,
  counselor: Types.ObjectId,
  conversation: Types.ObjectId,
  attempt: number,
): Promise<boolean> {
  const taken = await ctx.models.Duty.findOneAndUpdate(
    {
      _id: counselor,
      presence: 'online',
      enabled: true,
      'seats.conversation': { $ne: conversation },
      $expr: { $lt: [{ $size: '$seats' }, '$maxConsults'] },
    },
    { $push: { seats: { conversation, state: 'OPEN', attempt, at: new Date(ctx.clock.now()) } } },
    { returnDocument: 'after' },
  ).lean();
  if (taken) announceDuty(ctx, taken);
  return taken !== null;
}

/** Frees a seat; harmless when there is none. */
export async function pullSeat(
  ctx: Ctx,
  counselor: Types.ObjectId,
  conversation: Types.ObjectId,
): Promise<void> {
  const freed = await ctx.models.Duty.findOneAndUpdate(
    { _id: counselor, 'seats.conversation': conversation },
    { $pull: { seats: { conversation } }, $set: { idleSince: new Date(ctx.clock.now()) } },
    { returnDocument: 'after' },
  ).lean();
  if (freed) announceDuty(ctx, freed);
}

/** Frees the seat of one attempt only: a newer assignment to the same counselor keeps its own. */
export async function pullAttempt(
  ctx: Ctx,
  counselor: Types.ObjectId,
  conversation: Types.ObjectId,
  attempt: number,
): Promise<void> {
  const freed = await ctx.models.Duty.findOneAndUpdate(
    { _id: counselor },
    { $pull: { seats: { conversation, attempt } }, $set: { idleSince: new Date(ctx.clock.now()) } },
    { returnDocument: 'after' },
  ).lean();
  if (freed) announceDuty(ctx, freed);
}
