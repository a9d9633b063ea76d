/** Care for counselors: what each carries, and the supervision that they were given (all ours). */
import { z } from 'zod';
import { answer, flag, maybeMoment, maybeText, moment, text, whole } from './answer.js';
import { blankAsAbsent, humanText, id, otherInstitution, page, size } from './common.js';
import { STRAINS } from './enums.js';

export const ListLoad = z
  .strictObject({
    institution: otherInstitution,
    counselor: blankAsAbsent(id).describe('Of one counselor only'),
    page,
    size: size(50),
  })
  .meta({ id: 'ListLoad' });
export type ListLoad = z.infer<typeof ListLoad>;

const Span = (what: string) =>
  z
    .strictObject({
      today: z.int().describe('Since 00:00 in Asia/Shanghai'),
      week: z.int().describe('On the last seven days, today included'),
    })
    .describe(what);

export const Load = answer('Load', {
  counselor: text('Identifier'),
  name: maybeText('As shown'),
  sessions: Span('Sessions that began, of those that they have or had at the end'),
  highRisk: Span('Of them of high risk'),
  onlineSeconds: Span('Whole seconds on line and connected'),
  inARow: whole('Sessions since their last pause (policy `workLimits.pauseMinutes`), running ones included'),
  recordsMissing: whole('Sessions that ended more than 24 h ago and have no record'),
  rostered: flag('On the roster of today'),
  restUntil: maybeMoment(
    'Nobody is given to them before, after a session of high risk; null when not resting',
  ),
  reached: z
    .array(z.enum(STRAINS))
    .describe(
      'Limits reached (policy `workLimits`; none while its mode is off); OFF_ROSTER: on line, not rostered',
    ),
  held: flag('The rules of the house keep the next visitor from them: a record, a limit'),
});
export type Load = z.infer<typeof Load>;

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, '日期格式为YYYY-MM-DD')
  .refine((value) => !Number.isNaN(Date.parse(`${value}T00:00:00Z`)), '没有这一天');

/** What a supervisor writes of supervision that was held. */
const held = {
  counselors: z
    .array(id)
    .min(1)
    .max(30)
    .refine((ids) => new Set(ids).size === ids.length, '同一位咨询师只填一次')
    .describe('With whom; one = individual, several = a group'),
  day: day.describe('YYYY-MM-DD in Asia/Shanghai; not in the future'),
  minutes: z.number().int().min(5).max(600).describe('How long'),
  words: humanText(8_000).default('').describe('Topics, what was agreed'),
};
export const HoldSupervision = z.strictObject(held).meta({ id: 'HoldSupervision' });
export type HoldSupervision = z.infer<typeof HoldSupervision>;
export const RewriteSupervision = z
  .strictObject({ id: id.describe('The entry'), ...held })
  .meta({ id: 'RewriteSupervision' });
export type RewriteSupervision = z.infer<typeof RewriteSupervision>;
export const OneSupervisionEntry = z
  .strictObject({ id: id.describe('The entry') })
  .meta({ id: 'OneSupervisionEntry' });

export const ListSupervisionEntries = z
  .strictObject({
    counselor: blankAsAbsent(id).describe('Held with one counselor only'),
    page,
    size: size(50),
  })
  .meta({ id: 'ListSupervisionEntries' });
export type ListSupervisionEntries = z.infer<typeof ListSupervisionEntries>;

export const SupervisionEntry = answer('SupervisionEntry', {
  id: text('Identifier'),
  supervisor: text('Who held it'),
  supervisorName: maybeText('Their name when they wrote it'),
  counselors: z.array(z.string()).describe('With whom'),
  day: text('YYYY-MM-DD in Asia/Shanghai'),
  minutes: whole('How long'),
  savedTime: moment('When it was last written'),
});
export type SupervisionEntry = z.infer<typeof SupervisionEntry>;
/** With its words: for those who were there. */
export const WholeSupervisionEntry = answer('WholeSupervisionEntry', {
  ...SupervisionEntry.shape,
  words: text('Topics, what was agreed'),
});
export type WholeSupervisionEntry = z.infer<typeof WholeSupervisionEntry>;
