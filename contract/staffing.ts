/** How many places a day needs, beside those that the roster plans (ours). */
import { z } from 'zod';
import { answer, text, whole } from './answer.js';
import { lenientNumber, otherInstitution } from './common.js';

export const ReadStaffing = z
  .strictObject({
    day: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .describe('YYYY-MM-DD in Asia/Shanghai'),
    weeks: lenientNumber
      .pipe(z.number().int().min(1).max(26))
      .default(4)
      .describe('From how many earlier weeks, the same weekday, the arrivals are taken'),
    target: lenientNumber
      .pipe(z.number().int().min(0).max(3_600))
      .default(60)
      .describe('Seconds that most wait at most'),
    share: lenientNumber
      .pipe(z.number().min(0.5).max(0.99))
      .default(0.8)
      .describe('How many of them, 0.5 to 0.99'),
    institution: otherInstitution,
  })
  .meta({ id: 'ReadStaffing' });
export type ReadStaffing = z.infer<typeof ReadStaffing>;

export const StaffingHour = answer('StaffingHour', {
  hour: whole('0 to 23 in Asia/Shanghai'),
  arrivals: z.number().describe('Mean of the earlier weeks'),
  needed: whole('Places, by Erlang C'),
  planned: whole('Places of the counselors on the day’s roster'),
  short: whole('How many are missing; 0 when none'),
});
export const Staffing = answer('Staffing', {
  day: text('YYYY-MM-DD'),
  handle: whole('Mean seconds of a session in those weeks; 0 when there was none'),
  counselors: whole('On the roster of the day'),
  hours: z.array(StaffingHour).describe('24, in order'),
});
export type Staffing = z.infer<typeof Staffing>;
