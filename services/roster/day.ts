/** Days of the roster: Asia/Shanghai by name, never the process's zone (design.md, "Time"). */
import { DateTime } from 'luxon';

export const ZONE = 'Asia/Shanghai';

/** A calendar day, YYYY-MM-DD in Asia/Shanghai; sorts and compares as text. */
export type Day = string;

export function dayOf(ms: number): Day {
  const day = DateTime.fromMillis(ms, { zone: ZONE }).toISODate();
  if (day === null) throw new RangeError(`no day holds ${String(ms)}`);
  return day;
}

/** Epoch milliseconds at which the day begins. */
export function startOfDay(day: Day): number {
  return parse(day).toMillis();
}

export function addDays(day: Day, count: number): Day {
  const moved = new Date(utc(day) + count * 86_400_000).toISOString();
  if (!/^\d{4}-/.test(moved)) throw new RangeError(`${day} + ${String(count)}`);
  return moved.slice(0, 10);
}

/** 1 = Monday … 7 = Sunday. */
export function isoWeekday(day: Day): number {
  return new Date(utc(day)).getUTCDay() || 7;
}

/** Days since 1970-01-01. */
export const dayNumber = (day: Day): number => utc(day) / 86_400_000;

/** A day's neighbours and its place in the week are the same in every zone: asking one for each cost a page 100 ms. */
function utc(day: Day): number {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day)
    throw new RangeError(`not a day: ${day}`);
  return ms;
}

/** The days of [from, from + count). */
export function daysFrom(from: Day, count: number): Day[] {
  return Array.from({ length: count }, (_, index) => addDays(from, index));
}

function parse(day: Day): DateTime {
  const parsed = DateTime.fromISO(day, { zone: ZONE }).startOf('day');
  if (!parsed.isValid || !/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError(`not a day: ${day}`);
  return parsed;
}
