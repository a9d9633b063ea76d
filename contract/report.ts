/** Statistics of an institution by hour and day, and of institutions beside each other. */
import { z } from 'zod';
import { answer, maybeText, maybeWhole, moment, text, whole } from './answer.js';
import { END_CAUSES } from './end-causes.js';
import { epochMs, id, otherInstitution } from './common.js';

const DAY_MS = 86_400_000;
const range = {
  from: epochMs.describe('First moment, epoch ms; taken back to the start of its hour or day'),
  to: epochMs.describe('Last moment, not included'),
};
const reasonable = ({ from, to }: { from: number; to: number }) => from < to && to - from <= 400 * DAY_MS;
const TOO_LONG = '时间范围不正确，最长400天';

export const ReadReport = z
  .strictObject({
    ...range,
    grain: z.enum(['hour', 'day']).default('day').describe('Steps of the series; hours for at most 31 days'),
    institution: otherInstitution,
    counselor: id.optional().describe('One counselor’s figures'),
  })
  .refine(reasonable, TOO_LONG)
  .refine(({ grain, from, to }) => grain === 'day' || to - from <= 31 * DAY_MS, '按小时统计最长31天')
  .meta({ id: 'ReadReport' });
export type ReadReport = z.infer<typeof ReadReport>;
export const CompareInstitutions = z
  .strictObject(range)
  .refine(reasonable, TOO_LONG)
  .meta({ id: 'CompareInstitutions' });
export type CompareInstitutions = z.infer<typeof CompareInstitutions>;

const mean = (what: string) => z.number().nullable().describe(`${what}; null = none`);
const figures = {
  arrivals: whole('Sessions asked for'),
  begun: whole('Sessions that began'),
  abandoned: whole('Asked for and ended before they began'),
  abandonRate: mean('abandoned / arrivals, 0 to 1'),
  waitAverage: mean('Seconds from arrival to beginning, of those that began'),
  replyAverage: mean('Seconds from beginning to the counselor’s first words'),
  ended: whole('Sessions that began and ended'),
  handleAverage: mean('Seconds of handling an ended session'),
  handled: whole('Seconds in which counselors had sessions, each session by itself'),
  online: whole('Seconds of counselors on line and connected'),
  occupancy: mean('Seats held / seats there, over time, 0 to 1'),
  rated: whole('Ratings with a level'),
  ratingAverage: mean('Mean level 1 to 5'),
  causes: z.partialRecord(z.enum(END_CAUSES), z.int()).describe('Endings by cause'),
};
export const Figures = answer('Figures', figures);
export type Figures = z.infer<typeof Figures>;

export const Report = answer('Report', {
  from: moment('Start of the first step'),
  to: moment('End of the last step'),
  totals: Figures.describe('All together'),
  series: z
    .array(z.strictObject({ at: moment('Start of the step'), ...figures }))
    .describe('Every step, oldest first'),
  counselors: z
    .array(z.strictObject({ counselor: text('Identifier'), name: maybeText('Name'), ...figures }))
    .describe('By counselor, most sessions first'),
});
export type Report = z.infer<typeof Report>;

const hidden = (what: string) => maybeWhole(`${what}; null = hidden, fewer than 5`);
export const Comparison = answer('Comparison', {
  institution: text('institutionCode'),
  name: maybeText('Name'),
  arrivals: hidden('Sessions asked for'),
  begun: hidden('Sessions that began'),
  abandoned: hidden('Asked for and ended before they began'),
  rated: hidden('Ratings'),
  waitAverage: mean('Seconds, where begun is shown'),
  ratingAverage: mean('Mean level, where rated is shown'),
});
export type Comparison = z.infer<typeof Comparison>;
