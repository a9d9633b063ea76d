/** One calendar of both plans: hours for bookings (second document) and duty days (hotline, sections 22 to 25). */
import { z } from 'zod';
import { answer, flag, text, whole } from '../answer.js';

export const MOST_CALENDAR_DAYS = 62;
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, '日期格式应为YYYY-MM-DD');

export const ReadCalendar = z
  .strictObject({
    from: day.describe('First day, YYYY-MM-DD, Asia/Shanghai'),
    to: day.describe(`Last day, included; at most ${String(MOST_CALENDAR_DAYS)} days in all`),
  })
  .meta({ id: 'ReadCalendar' });
export type ReadCalendar = z.infer<typeof ReadCalendar>;

/** Where two plans for one day of one person do not fit together. */
export const CLASHES = [
  'DUTY_AND_HOURS',
  'DUTY_AND_ORDER',
  'STOP_AND_DUTY',
  'STOP_AND_HOURS',
  'STOP_AND_ORDER',
] as const;
export type Clash = (typeof CLASHES)[number];

const spans = (what: string) => z.array(text('HH:mm-HH:mm')).describe(what);

export const CalendarRow = answer('CalendarRow', {
  day: text('YYYY-MM-DD'),
  userID: whole('The consultant'),
  name: text('Their name'),
  onDuty: flag('On the hotline’s roster that day'),
  hours: spans('Hours in which they can be booked'),
  orders: spans('Appointments taken, without names'),
  stops: spans('Stops, cut to the day'),
  clashes: z
    .array(
      z.strictObject({
        kind: z.enum(CLASHES).describe('Which two'),
        message: text('A sentence for people'),
      }),
    )
    .describe('Warnings; empty when all fits'),
});
export type CalendarRow = z.infer<typeof CalendarRow>;
