/** Calendar days as dayjs shows them, and the Asia/Shanghai moments they begin and end at. */
import dayjs, { type Dayjs } from 'dayjs';
import { DAY } from './time.js';

export type Day = Dayjs;

const OFFSET = 8 * 3_600_000;

/** A picked day names a day, not a moment of this computer's zone: only its year, month and date count. */
export const startOfDay = (day: Day) => Date.UTC(day.year(), day.month(), day.date()) - OFFSET;
/** As an address carries it: 2026-03-05. */
export const dayText = (moment: number) => new Date(moment + OFFSET).toISOString().slice(0, 10);
/** null for what is no day. */
export function dayFrom(text: string | null): Day | null {
  const day = dayjs(text ?? '');
  return day.isValid() ? day : null;
}

export const endOfDay = (day: Day) => startOfDay(day) + DAY - 1;
