/** Calendar days as dayjs shows them, and the Asia/Shanghai moments they begin and end at. */
import type { Dayjs } from 'dayjs';
import { DAY } from '../ui/time.js';

export type Day = Dayjs;

const OFFSET = 8 * 3_600_000;

/** A picked day names a day, not a moment of this computer's zone: only its year, month and date count. */
export const startOfDay = (day: Day) => Date.UTC(day.year(), day.month(), day.date()) - OFFSET;
export const endOfDay = (day: Day) => startOfDay(day) + DAY - 1;
