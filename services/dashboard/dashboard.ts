/** Reads what each series of the 首页 counts: the caller's own orders that were not refused. */
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertOrder } from '../policies/order.js';
import { addDays, dayOf, startOfDay } from '../roster/day.js';
import { minutesOf } from '../time/moment.js';
import {
  ages,
  categories,
  genders,
  timeSlots,
  transactions,
  yearly,
  type CountedOrder,
  type HourSpan,
} from './series.js';

const COUNTED = {
  caseID: 1,
  person: 1,
  gender: 1,
  age: 1,
  type: 1,
  day: 1,
  startAt: 1,
  endAt: 1,
  amount: 1,
} as const;

function own(actor: Actor) {
  assertOrder(actor, 'order.list');
  const consultant = objectId(actor.id);
  if (!consultant) throw new AppError('FORBIDDEN');
  return consultant;
}

function read(ctx: Ctx, actor: Actor, narrowed: Record<string, unknown> = {}): Promise<CountedOrder[]> {
  return ctx.models.Order.find(
    { consultant: own(actor), status: { $ne: 'REJECTED' }, ...narrowed },
    COUNTED,
  ).lean();
}

export async function todayTransactions(ctx: Ctx, actor: Actor) {
  const today = dayOf(ctx.clock.now());
  const [from, to] = [startOfDay(today), startOfDay(addDays(today, 1))];
  return transactions(await read(ctx, actor, { createdAt: { $gte: new Date(from), $lt: new Date(to) } }));
}

export async function categoryData(ctx: Ctx, actor: Actor) {
  return categories(await read(ctx, actor));
}

/** By the day of the appointment. */
export async function yearlyConsultations(ctx: Ctx, actor: Actor) {
  const year = dayOf(ctx.clock.now()).slice(0, 4);
  return yearly(await read(ctx, actor, { day: { $gte: `${year}-01-01`, $lte: `${year}-12-31` } }));
}

export async function timeSlotData(ctx: Ctx, actor: Actor) {
  const month = dayOf(ctx.clock.now()).slice(0, 7);
  const day = { $gte: `${month}-01`, $lte: `${month}-31` };
  const [orders, days] = await Promise.all([
    read(ctx, actor, { day }),
    ctx.models.WorkDay.find({ consultant: own(actor), day }, { spans: 1 }).lean(),
  ]);
  const hours = days.flatMap(({ spans }) => spans.flatMap(hourSpanOf));
  return timeSlots(orders, hours);
}

function hourSpanOf({ from, to }: { from: string; to: string }): HourSpan[] {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  return start === null || end === null ? [] : [{ from: start, to: end }];
}

export async function genderData(ctx: Ctx, actor: Actor) {
  return genders(await read(ctx, actor));
}

export async function ageData(ctx: Ctx, actor: Actor) {
  return ages(await read(ctx, actor));
}
