/**
 * After a session its seat may stay taken while the record is written (policy `wrapUpSeconds`, 0 by default): until
 * the counselor says that it is saved, or the limit passes. The limit stands at the seat.
 */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { announceDuty } from '../presence/announce.js';
import { restAfter } from './rest.js';
import { pullSeat } from './seat.js';

/** Frees the seat of what has ended, or keeps it for the record. Safe to repeat: the limit counts from the end. */
export async function leaveSeat(ctx: Ctx, ended: Conversation, counselor: Types.ObjectId): Promise<void> {
  await restAfter(ctx, ended, counselor);
  const { wrapUpSeconds } = await ctx.policies.get(ended.institution);
  const until = new Date((ended.endAt?.getTime() ?? 0) + wrapUpSeconds * 1_000);
  if (wrapUpSeconds === 0 || until.getTime() <= ctx.clock.now()) {
    await pullSeat(ctx, counselor, ended._id);
    return;
  }
  const kept = await ctx.models.Duty.updateOne(
    { _id: counselor, seats: { $elemMatch: { conversation: ended._id, state: { $ne: 'WRAP_UP' } } } },
    { $set: { 'seats.$.state': 'WRAP_UP', 'seats.$.until': until } },
  );
  if (kept.modifiedCount === 1) await ctx.waker.wake(ended._id.toHexString(), 'wrap-up', until);
}

/**
 * The counselor has saved the record: the seat is free at once. Again is harmless.
 * @throws AppError NOT_FOUND for what is not theirs, RULE_REFUSED (policy `recordRequired`, and there is none)
 */
export async function finishWrapUp(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  const row = await ctx.conversations.get(id);
  if (actor.role !== 'COUNSELOR' || row?.counselor?.toHexString() !== actor.id)
    throw new AppError('NOT_FOUND', { message: '没有找到该会话。' });
  const { recordRequired } = await ctx.policies.get(row.institution);
  if (recordRequired && !(await ctx.models.SessionRecord.exists({ _id: row._id })))
    throw new AppError('RULE_REFUSED', { message: '请先保存会谈记录，再接待下一位。' });
  await free(ctx, { counselor: row.counselor, conversation: row._id });
}

/** The record is saved: the seat that was kept for it is free. */
export async function freeWrapUp(
  ctx: Ctx,
  counselor: Types.ObjectId,
  conversation: Types.ObjectId,
): Promise<void> {
  await free(ctx, { counselor, conversation });
}

/** @param before only one whose limit has passed by then */
async function free(
  ctx: Ctx,
  { counselor, conversation }: { counselor: Types.ObjectId; conversation: Types.ObjectId },
  before?: Date,
): Promise<boolean> {
  const seat = { conversation, state: 'WRAP_UP' as const, ...(before ? { until: { $lte: before } } : {}) };
  const freed = await ctx.models.Duty.findOneAndUpdate(
    { _id: counselor, seats: { $elemMatch: seat } },
    {
      $pull: { seats: { conversation, state: 'WRAP_UP' as const } },
      $set: { idleSince: new Date(ctx.clock.now()) },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!freed) return false;
  await announceDuty(ctx, freed);
  await ctx.admissions.admit(freed.institution);
  return true;
}

/** A wrap-up whose limit may have passed. */
export async function fireWrapUp(ctx: Ctx, id: string): Promise<boolean> {
  const conversation = objectId(id);
  const row = conversation && (await ctx.models.Conversation.findById(conversation, { counselor: 1 }).lean());
  if (!row?.counselor) return false;
  return free(ctx, { counselor: row.counselor, conversation: row._id }, new Date(ctx.clock.now()));
}

export async function sweepWrapUps(ctx: Ctx): Promise<void> {
  const now = new Date(ctx.clock.now());
  for (const { _id, seats } of await ctx.models.Duty.find({ 'seats.until': { $lte: now } }).lean())
    for (const { conversation, until } of seats)
      if (until && until <= now) await free(ctx, { counselor: _id, conversation }, now);
}
