/**
 * Hours for bookings and duty days are two things, planned by different people in different calls; here they stand
 * side by side, and where they do not fit together it is said.
 */
import {
  MOST_CALENDAR_DAYS,
  type CalendarRow,
  type Clash,
  type ReadCalendar,
} from '../../contract/consultant/calendar.js';
import type { Span } from '../../models/calendar.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { overlaps } from '../order/slot.js';
import { assertRecord } from '../policies/record.js';
import { presentSpan } from '../presenters/order.js';
import { addDays, daysFrom, startOfDay, type Day } from '../roster/day.js';
import { dutyDays } from '../roster/duty-days.js';
import { isDay, minutesOf, momentOf } from '../time/moment.js';
import { consultantsOf } from './consultants.js';

const WORDS: Record<Clash, string> = {
  DUTY_AND_HOURS: '当天值班热线，又开放了预约时间，两者可能冲突。',
  DUTY_AND_ORDER: '当天值班热线，又有预约的咨询。',
  STOP_AND_DUTY: '当天值班热线，但有停诊安排，停诊期间不会分配来访者。',
  STOP_AND_HOURS: '停诊时间与可预约时间重叠，重叠部分不能被预约。',
  STOP_AND_ORDER: '停诊时间内已有预约的咨询，请联系来访者改期。',
};

/**
 * The institution's counselors day by day; a day on which somebody has nothing is left out.
 * @throws AppError BAD_INPUT for a day that does not exist, reversed days and too long a range
 */
export async function readCalendar(ctx: Ctx, actor: Actor, input: ReadCalendar): Promise<CalendarRow[]> {
  assertRecord(actor, 'calendar.read');
  const days = daysBetween(input);
  const people = await consultantsOf(ctx, actor);
  const plans = await plansOf(ctx, actor, people, days);
  return days.flatMap((day) => {
    // Once a day, not once a person and day: it asks the calendar of a time zone.
    const whole = { from: new Date(startOfDay(day)), to: new Date(startOfDay(addDays(day, 1))) };
    return people.flatMap((person) => rowOf(day, whole, person, plans));
  });
}

function daysBetween({ from, to }: ReadCalendar): Day[] {
  const length =
    isDay(from) && isDay(to) ? Math.round((startOfDay(to) - startOfDay(from)) / 86_400_000) + 1 : 0;
  if (length < 1 || length > MOST_CALENDAR_DAYS)
    throw new AppError('BAD_INPUT', {
      message: `日期不正确：结束不早于开始，一次最多查看${String(MOST_CALENDAR_DAYS)}天。`,
    });
  return daysFrom(from, length);
}

type Person = Pick<User, '_id' | 'userID' | 'name' | 'username'>;
interface Plans {
  /** `day person` of every duty day. */
  duty: Set<string>;
  hours: Map<string, Span[]>;
  orders: Map<string, Span[]>;
  /** By person. */
  stops: Map<string, Span[]>;
}
const keyOf = (day: Day, person: { toHexString(): string }) => `${day} ${person.toHexString()}`;

async function plansOf(ctx: Ctx, actor: Actor, people: Person[], days: Day[]): Promise<Plans> {
  const [from = ''] = days;
  const users = people.map(({ _id }) => _id);
  // $lt, never $lte: see services/roster/duty-days.ts.
  const day = { $gte: from, $lt: addDays(from, days.length) };
  const [duties, workDays, orders, calendars] = await Promise.all([
    dutyDays(ctx, { institution: actor.institution, from, days: days.length, role: 'COUNSELOR' }),
    ctx.models.WorkDay.find({ consultant: { $in: users }, day }).lean(),
    ctx.models.Order.find({ consultant: { $in: users }, day, status: { $ne: 'REJECTED' } })
      .select({ consultant: 1, day: 1, startAt: 1, endAt: 1 })
      .lean(),
    ctx.models.Calendar.find({ _id: { $in: users } })
      .select({ stops: 1 })
      .lean(),
  ]);
  const plans: Plans = {
    duty: new Set(duties.map((duty) => keyOf(duty.day, duty.user))),
    hours: new Map(),
    orders: new Map(),
    stops: new Map(calendars.map(({ _id, stops }) => [_id.toHexString(), stops])),
  };
  for (const row of workDays)
    plans.hours.set(
      keyOf(row.day, row.consultant),
      row.spans.map((span) => ({
        from: momentOf(row.day, minutesOf(span.from) ?? 0),
        to: momentOf(row.day, minutesOf(span.to) ?? 0),
      })),
    );
  for (const order of orders) {
    const key = keyOf(order.day, order.consultant);
    plans.orders.set(key, [...(plans.orders.get(key) ?? []), { from: order.startAt, to: order.endAt }]);
  }
  return plans;
}

function rowOf(day: Day, whole: Span, person: Person, plans: Plans): CalendarRow[] {
  const key = keyOf(day, person._id);
  const stops = (plans.stops.get(person._id.toHexString()) ?? [])
    .filter((stop) => overlaps(stop, whole))
    .map(({ from, to }) => ({
      from: from < whole.from ? whole.from : from,
      to: to > whole.to ? whole.to : to,
    }));
  const onDuty = plans.duty.has(key);
  const hours = plans.hours.get(key) ?? [];
  const orders = plans.orders.get(key) ?? [];
  if (!onDuty && hours.length === 0 && orders.length === 0 && stops.length === 0) return [];
  const meet = (some: Span[], others: Span[]) =>
    some.some((one) => others.some((other) => overlaps(one, other)));
  const found: Record<Clash, boolean> = {
    DUTY_AND_HOURS: onDuty && hours.length > 0,
    DUTY_AND_ORDER: onDuty && orders.length > 0,
    STOP_AND_DUTY: onDuty && stops.length > 0,
    STOP_AND_HOURS: meet(stops, hours),
    STOP_AND_ORDER: meet(stops, orders),
  };
  return [
    {
      day,
      userID: person.userID,
      name: person.name ?? person.username,
      onDuty,
      hours: shown(hours),
      orders: shown(orders),
      stops: shown(stops),
      clashes: (Object.keys(WORDS) as Clash[])
        .filter((kind) => found[kind])
        .map((kind) => ({ kind, message: WORDS[kind] })),
    },
  ];
}

const shown = (spans: Span[]): string[] =>
  [...spans]
    .sort((a, b) => a.from.getTime() - b.from.getTime())
    .map(({ from, to }) => presentSpan({ startAt: from, endAt: to }));
