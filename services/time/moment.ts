/** Moments as the second document prints and reads them: Asia/Shanghai by name. */
import { DateTime } from 'luxon';
import { ZONE } from '../roster/day.js';

const at = (moment: Date) => DateTime.fromJSDate(moment, { zone: ZONE });

/** YYYY-MM-DD HH:mm:ss */
export const formatMoment = (moment: Date): string => at(moment).toFormat('yyyy-MM-dd HH:mm:ss');

/** HH:mm */
export const formatTime = (moment: Date): string => at(moment).toFormat('HH:mm');

/** 0 to 23. */
export const hourOf = (moment: Date): number => at(moment).hour;

/** 1 to 12. */
export const monthOf = (day: string): number => Number(day.slice(5, 7));

/** Minutes since midnight of HH:mm; 24:00 is 1440; null for what is no time of day. */
export function minutesOf(text: string): number | null {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim());
  if (!match) return null;
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  const total = hours * 60 + minutes;
  return minutes > 59 || total > 1440 ? null : total;
}

/** The moment so many minutes into a day. */
export function momentOf(day: string, minutes: number): Date {
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  const start = DateTime.fromISO(day, { zone: ZONE });
  return (hour === 24 ? start.plus({ days: 1 }) : start.set({ hour, minute })).toJSDate();
}

/** Whether it is a day of the calendar, YYYY-MM-DD. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: ZONE }).isValid;
