/** Second document, 排班管理. */
import { z } from 'zod';
import { answer, text, whole as number } from '../answer.js';
import { humanText, lenientNumber } from '../common.js';

const whole = (least: number, most: number) => lenientNumber.pipe(z.number().int().min(least).max(most));
const year = whole(1970, 2999).describe('Year');
const month = whole(1, 12).describe('Month, 1 to 12');
/** What a form carries as one text is a list of one. */
const list = <T extends z.ZodType>(item: T, most: number) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item).max(most));

export const ReadMonth = z
  .object({
    year,
    month,
    organization: z
      .preprocess((value) => value ?? '', humanText(128).pipe(z.string().trim()))
      .describe('Empty = one’s own'),
  })
  .meta({ id: 'ReadMonth' });
export type ReadMonth = z.infer<typeof ReadMonth>;

export const UpdateDay = z
  .object({
    year,
    month,
    date: whole(1, 31).describe('Day of the month'),
    work_schedules: list(z.string().max(32), 48).describe('HH:mm-HH:mm; [] clears the day'),
  })
  .meta({ id: 'UpdateDay' });
export type UpdateDay = z.infer<typeof UpdateDay>;

export const UpdateStops = z
  .object({
    stop_schedules: z
      .array(
        z.object({
          start_time: z.string().max(32).describe('From'),
          end_time: z.string().max(32).describe('Until'),
        }),
      )
      .max(500)
      .describe('The whole list; YYYY-MM-DD HH:mm, seconds allowed, or YYYY-MM-DD for whole days'),
  })
  .meta({ id: 'UpdateStops' });
export type UpdateStops = z.infer<typeof UpdateStops>;

export const MonthDay = answer('MonthDay', {
  date: number('Day of the month'),
  schedules: z
    .array(
      z.strictObject({
        id: number('Identifier'),
        name: text('Whose'),
        work_time: text('HH:mm-HH:mm'),
      }),
    )
    .describe('One entry a stretch of time'),
});
export type MonthDay = z.infer<typeof MonthDay>;

export const StopRow = answer('StopRow', {
  name: text('Whose'),
  start_time: text('YYYY-MM-DD HH:mm:ss'),
  end_time: text('YYYY-MM-DD HH:mm:ss'),
});
export type StopRow = z.infer<typeof StopRow>;
