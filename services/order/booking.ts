/** A visitor's booking: whom one may book, when they are free, booking and cancelling (contract-notes.md section 4). */
import type { Book, BookingRow, ConsultantCard } from '../../contract/consultant/order.js';
import { ORDER_STATUS_WORDS } from '../../contract/enums.js';
import type { Order } from '../../models/order.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertOrder } from '../policies/order.js';
import { shownAvatar } from '../presenters/consultant.js';
import { presentSpan } from '../presenters/order.js';
import { formatTime, isDay, minutesOf, momentOf } from '../time/moment.js';
import { appointmentOf } from './appointment.js';
import { placeOrder } from './create.js';
import { moveOrder } from './lifecycle.js';
import { accessOrder } from './move.js';
import { pricesOf } from './price.js';
import { openOrderField, sealOrderField } from './sealed.js';
import { ensureCalendar, overlaps } from './slot.js';

const SLOT_MINUTES = 60;

/** The counselors of the caller's institution, oldest first. */
export async function listConsultants(ctx: Ctx, actor: Actor): Promise<ConsultantCard[]> {
  assertOrder(actor, 'booking.create');
  const [users, prices] = await Promise.all([
    ctx.models.User.find({ institution: actor.institution, role: 'COUNSELOR', deleted: false, enabled: true })
      .sort({ createdAt: 1, _id: 1 })
      .limit(200)
      .lean(),
    pricesOf(ctx, actor.institution),
  ]);
  return users.map((user) => ({
    userID: user.userID,
    name: user.name ?? '',
    avatar: shownAvatar(ctx, user),
    title: user.title ?? '',
    introduction: user.profile?.introduction ?? '',
    expertise: user.profile?.expertise ?? '',
    education: user.profile?.education ?? '',
    certifications: user.profile?.certifications ?? '',
    prices,
  }));
}

async function accessConsultant(ctx: Ctx, actor: Actor, userID: number): Promise<User> {
  assertOrder(actor, 'booking.create');
  const user = await ctx.models.User.findOne({
    userID,
    institution: actor.institution,
    role: 'COUNSELOR',
    deleted: false,
    enabled: true,
  }).lean();
  if (!user) throw new AppError('NOT_FOUND', { message: '没有找到该咨询师。' });
  return user;
}

/** The hours of a day that can still be booked, HH:mm-HH:mm, ascending: in the schedule, free, not on a stop, ahead. */
export async function freeSlots(ctx: Ctx, actor: Actor, userID: number, day: string): Promise<string[]> {
  const consultant = await accessConsultant(ctx, actor, userID);
  if (!isDay(day)) throw new AppError('BAD_INPUT', { message: '日期不存在，格式应为YYYY-MM-DD。' });
  const [schedule, calendar] = await Promise.all([
    ctx.models.WorkDay.findOne({ consultant: consultant._id, day }).lean(),
    ensureCalendar(ctx, consultant._id),
  ]);
  const now = new Date(ctx.clock.now());
  return (schedule?.spans ?? [])
    .flatMap(({ from, to }) => piecesOf(day, minutesOf(from), minutesOf(to)))
    .filter(
      (slot) =>
        slot.from > now && ![...calendar.busy, ...calendar.stops].some((taken) => overlaps(taken, slot)),
    )
    .map(({ from, to }) => presentSpan({ startAt: from, endAt: to }));
}

function piecesOf(day: string, from: number | null, to: number | null): { from: Date; to: Date }[] {
  if (from === null || to === null) return [];
  const count = Math.floor((to - from) / SLOT_MINUTES);
  return Array.from({ length: Math.max(0, count) }, (_, index) => ({
    from: momentOf(day, from + index * SLOT_MINUTES),
    to: momentOf(day, from + (index + 1) * SLOT_MINUTES),
  }));
}

/**
 * Books an hour inside the consultant's schedule; it waits for the consultant to accept it (待接单).
 * @throws AppError NOT_FOUND, RULE_REFUSED outside the schedule or in the past, CONFLICT when taken or on a stop
 */
export async function book(ctx: Ctx, actor: Actor, input: Book): Promise<BookingRow> {
  const consultant = await accessConsultant(ctx, actor, input.consultant);
  const { day, startAt, endAt } = appointmentOf(input.date, input.time);
  if (startAt.getTime() <= ctx.clock.now())
    throw new AppError('RULE_REFUSED', { message: '该时间已经过去，请选择其他时间。' });
  const schedule = await ctx.models.WorkDay.findOne({ consultant: consultant._id, day }).lean();
  const inside = (schedule?.spans ?? []).some(
    ({ from, to }) => from <= formatTime(startAt) && momentOf(day, minutesOf(to) ?? 0) >= endAt,
  );
  if (!inside) throw new AppError('RULE_REFUSED', { message: '该时间不在咨询师的排班内，请选择其他时间。' });
  const order = await placeOrder(
    ctx,
    consultant,
    { ...input, key_word: input.keyWords ?? [], amount: undefined },
    'PENDING',
    objectId(actor.id),
  );
  return presentBooking(ctx, order, consultant);
}

/** The caller's own, newest first. */
export async function listBookings(ctx: Ctx, actor: Actor): Promise<BookingRow[]> {
  assertOrder(actor, 'booking.create');
  const orders = await ctx.models.Order.find({ client: objectId(actor.id) })
    .sort({ caseID: -1 })
    .limit(200)
    .lean();
  const users = await ctx.models.User.find({
    _id: { $in: orders.map(({ consultant }) => consultant) },
  }).lean();
  const byId = new Map(users.map((user) => [user._id.toHexString(), user]));
  return Promise.all(
    orders.map((order) => presentBooking(ctx, order, byId.get(order.consultant.toHexString()) ?? null)),
  );
}

/** @throws AppError NOT_FOUND, CONFLICT once it has begun */
export async function cancelBooking(ctx: Ctx, actor: Actor, caseID: number): Promise<BookingRow> {
  const order = await accessOrder(ctx, actor, 'booking.cancel', caseID);
  const reason = await sealOrderField(ctx, order, 'reason', '来访者取消了预约。');
  const moved = await moveOrder(ctx, order, 'cancel', { reason });
  return presentBooking(ctx, moved, await ctx.models.User.findById(moved.consultant).lean());
}

async function presentBooking(
  ctx: Ctx,
  order: Order,
  consultant: Pick<User, 'userID' | 'name'> | null,
): Promise<BookingRow> {
  return {
    id: order.caseID,
    order_id: order.number,
    consultant: { userID: consultant?.userID ?? 0, name: consultant?.name ?? '' },
    type: order.type,
    date: order.day,
    time: presentSpan(order),
    status: ORDER_STATUS_WORDS[order.status],
    amount: order.amount,
    reason: await openOrderField(ctx, order, 'reason'),
  };
}
