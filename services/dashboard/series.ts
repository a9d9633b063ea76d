/**
 * The six series of the second document's 首页, as pure functions over a consultant's orders. Refused orders are no
 * business and are never handed in. Days are Asia/Shanghai.
 */
import type { Order } from '../../models/order.js';
import { hourOf, monthOf } from '../time/moment.js';

export type CountedOrder = Pick<
  Order,
  'caseID' | 'person' | 'gender' | 'age' | 'type' | 'day' | 'startAt' | 'endAt' | 'amount'
>;

/** @param orders those committed today; amount in fen */
export function transactions(orders: CountedOrder[]): { count: number; amount: number } {
  return { count: orders.length, amount: orders.reduce((sum, { amount }) => sum + amount, 0) };
}

/** `outline` is the document's word for 线下. */
export function categories(orders: CountedOrder[]): { online: number; outline: number } {
  const online = orders.filter(({ type }) => type === '在线咨询').length;
  return { online, outline: orders.length - online };
}

/**
 * @param orders of the year
 * @returns total = people, data = consultations of each month, January first
 */
export function yearly(orders: CountedOrder[]): { total: number; data: number[] } {
  const data = Array.from(
    { length: 12 },
    (_, index) => orders.filter(({ day }) => monthOf(day) === index + 1).length,
  );
  return { total: new Set(orders.map(({ person }) => person)).size, data };
}

/** Minutes since midnight, [from, to). */
export interface HourSpan {
  from: number;
  to: number;
}

/**
 * @param orders of the month
 * @param hours the consultant's booking hours of the month
 * @returns the hours that either touches, ascending, with the orders that begin in each
 */
export function timeSlots(
  orders: CountedOrder[],
  hours: HourSpan[],
): { timeSlots: number[]; appointments: number[] } {
  const touched = new Set([...orders.map(spanOf), ...hours].flatMap(hoursOf));
  const slots = [...touched].sort((one, other) => one - other);
  return {
    timeSlots: slots,
    appointments: slots.map((hour) => orders.filter(({ startAt }) => hourOf(startAt) === hour).length),
  };
}

/** What reaches over midnight counts to its end of day. */
function spanOf({ startAt, endAt }: CountedOrder): HourSpan {
  const from = hourOf(startAt) * 60 + (Math.floor(startAt.getTime() / 60_000) % 60);
  return { from, to: Math.min(1440, from + (endAt.getTime() - startAt.getTime()) / 60_000) };
}

function hoursOf({ from, to }: HourSpan): number[] {
  const first = Math.floor(from / 60);
  const last = Math.min(23, Math.ceil(to / 60) - 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** One order a person, the newest: what they said of themselves last. */
function people(orders: CountedOrder[]): CountedOrder[] {
  const newest = new Map<string, CountedOrder>();
  for (const order of orders) {
    const known = newest.get(order.person);
    if (!known || known.caseID < order.caseID) newest.set(order.person, order);
  }
  return [...newest.values()];
}

export function genders(orders: CountedOrder[]): { male: number; female: number } {
  const count = (word: string) => people(orders).filter(({ gender }) => gender.trim() === word).length;
  return { male: count('男'), female: count('女') };
}

/** Upper ends of 1-17, 18-25, 26-35, 36-45, 46-55; above is 55+. */
const AGE_ENDS = [17, 25, 35, 45, 55];

export function ages(orders: CountedOrder[]): { values: number[] } {
  const values = Array.from({ length: AGE_ENDS.length + 1 }, () => 0);
  for (const { age } of people(orders)) {
    const years = Number.parseInt(age, 10);
    if (!(years >= 1)) continue;
    const found = AGE_ENDS.findIndex((end) => years <= end);
    const band = found === -1 ? AGE_ENDS.length : found;
    values[band] = (values[band] ?? 0) + 1;
  }
  return { values };
}
