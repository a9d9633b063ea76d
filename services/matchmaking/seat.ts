/** Seats are a set on the counselor's duty document, so that cap and seats are judged in one atomic step (I5, I8). */
import type { Types } from 'mongoose';
import type { SeatState } from '../../contract/enums.js';
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

/**
 * Takes a seat; false when there is none free at this very moment, or the counselor is no longer on line, lost
 * their connection, is still in their breathing space, or rests.
 * @param given.fromLine by matchmaking: a colleague's session, which they said yes to, may come while they rest
 */
export async function takeSeat(
  ctx: Ctx,
  counselor: Types.ObjectId,
  conversation: Types.ObjectId,
  attempt: number,
  {
    state = 'OPEN',
    breathingMs = 0,
    fromLine = false,
  }: { state?: SeatState; breathingMs?: number; fromLine?: boolean } = {},
): Promise<boolean> {
  const now = ctx.clock.now();
  const over = (field: 'assignedAt' | 'restUntil', by: number) => ({
    $or: [{ [field]: null }, { [field]: { $lte: new Date(by) } }],
  });
  const rested = [
    ...(breathingMs === 0 ? [] : [over('assignedAt', now - breathingMs)]),
    ...(fromLine ? [over('restUntil', now)] : []),
  ];
  const taken = await ctx.models.Duty.findOneAndUpdate(
    {
      _id: counselor,
      presence: 'online',
      enabled: true,
      lostAt: null,
      ...(rested.length > 0 ? { $and: rested } : {}),
      'seats.conversation': { $ne: conversation },
      $expr: { $lt: [{ $size: '$seats' }, '$maxConsults'] },
    },
    {
      $push: { seats: { conversation, state, attempt, at: new Date(now) } },
      $set: { assignedAt: new Date(now) },
    },
    { returnDocument: 'after' },
  ).lean();
  if (taken) await announceDuty(ctx, taken);
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
  if (freed) await announceDuty(ctx, freed);
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
  if (freed) await announceDuty(ctx, freed);
}

/** An offer was accepted: the seat that it held is the session's. Safe to repeat. */
export async function openSeat(
  ctx: Ctx,
  counselor: Types.ObjectId,
  conversation: Types.ObjectId,
): Promise<void> {
  await ctx.models.Duty.updateOne(
    { _id: counselor, seats: { $elemMatch: { conversation, state: 'OFFERED' } } },
    { $set: { 'seats.$.state': 'OPEN' } },
  );
}
