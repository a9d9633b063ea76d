/** Figures of the consoles' first page (document sections 30–33). */
import { z } from 'zod';
import { answer, maybeText, text, whole } from './answer.js';

/** One day of section 30. */
export const DayCount = answer('DayCount', {
  date: text('YYYY-MM-DD in Asia/Shanghai'),
  count: whole('Sessions that began on it'),
});
export type DayCount = z.infer<typeof DayCount>;

/** Section 31: sessions begun this month. */
export const NumberRank = answer('NumberRank', {
  counselor: text('The counselor’s id'),
  name: maybeText('Their name'),
  count: whole('Sessions begun; in section 32 ratings given'),
  rank: whole('1 = highest; equal figures share a rank, the next one is as if they did not'),
});
export type NumberRank = z.infer<typeof NumberRank>;

/** Section 32: this month's ratings. */
export const RatedRank = answer('RatedRank', {
  ...NumberRank.shape,
  average: z.number().describe('Mean level 1 to 5, two decimals'),
});
export type RatedRank = z.infer<typeof RatedRank>;

/** Section 33. */
export const TodayChange = answer('TodayChange', {
  today: whole('Sessions begun today'),
  yesterday: whole('Sessions begun yesterday until the same time'),
  change: whole('today less yesterday'),
  rate: z.number().nullable().describe('change / yesterday; null when that was 0'),
});
export type TodayChange = z.infer<typeof TodayChange>;
