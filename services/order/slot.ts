/**
 * Taking a consultant's time. Everything that fills it stands in one document (models/calendar.ts), so that one
 * conditional write judges "free and not on a stop" and takes it: no two orders overlap, however many come at once.
 */
import type { Types } from 'mongoose';
import type { Calendar, Span } from '../../models/calendar.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';

/** A slot whose order was not stored within this time belongs to a crash and is given back. */
const ORPHAN_MS = 60_000;

/** The consultant's calendar, made at first use. */
export async function ensureCalendar(
  ctx: Pick<Ctx, 'models'>,
  consultant: Types.ObjectId,
): Promise<Calendar> {
  const existing = await ctx.models.Calendar.findById(consultant).lean();
  if (existing) return existing;
  try {
    await ctx.models.Calendar.create({ _id: consultant });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  return ctx.models.Calendar.findById(consultant).lean().orFail();
}

/** Touching ends are free: half-open spans. */
export const overlaps = (one: Span, other: Span): boolean => one.from < other.to && other.from < one.to;

const overlapping = (span: Span) => ({ $elemMatch: { from: { $lt: span.to }, to: { $gt: span.from } } });

/**
 * @param order the id under which the order is stored afterwards
 * @throws AppError CONFLICT when the time is taken or on a stop
 */
export async function takeSlot(
  ctx: Ctx,
  consultant: Types.ObjectId,
  order: Types.ObjectId,
  span: Span,
): Promise<void> {
  const calendar = await ensureCalendar(ctx, consultant);
  if (await push(ctx, consultant, order, span)) return;
  // Only a refusal looks for slots that a crash left behind.
  const freed = await freeOrphans(ctx, calendar);
  if (freed && (await push(ctx, consultant, order, span))) return;
  const now = await ensureCalendar(ctx, consultant);
  throw new AppError('CONFLICT', {
    message: now.stops.some((stop) => overlaps(stop, span))
      ? '该时段咨询师停诊，请选择其他时间。'
      : '该时段已被预约，请选择其他时间。',
  });
}

async function push(
  ctx: Ctx,
  consultant: Types.ObjectId,
  order: Types.ObjectId,
  span: Span,
): Promise<boolean> {
  const taken = await ctx.models.Calendar.updateOne(
    { _id: consultant, busy: { $not: overlapping(span) }, stops: { $not: overlapping(span) } },
    { $push: { busy: { order, ...span, at: new Date(ctx.clock.now()) } } },
  );
  return taken.modifiedCount === 1;
}

/** Harmless when it is free. */
export async function freeSlot(ctx: Ctx, consultant: Types.ObjectId, order: Types.ObjectId): Promise<void> {
  await ctx.models.Calendar.updateOne({ _id: consultant }, { $pull: { busy: { order } } });
}

async function freeOrphans(ctx: Ctx, calendar: Calendar): Promise<boolean> {
  const before = ctx.clock.now() - ORPHAN_MS;
  const old = calendar.busy.filter(({ at }) => at.getTime() < before).map(({ order }) => order);
  const held = await ctx.models.Order.find({ _id: { $in: old }, status: { $ne: 'REJECTED' } })
    .select({ _id: 1 })
    .lean();
  const standing = new Set(held.map(({ _id }) => _id.toHexString()));
  const orphans = old.filter((order) => !standing.has(order.toHexString()));
  if (orphans.length === 0) return false;
  await ctx.models.Calendar.updateOne(
    { _id: calendar._id },
    { $pull: { busy: { order: { $in: orphans } } } },
  );
  return true;
}
