/** The record of a session: facts that the system knows, and what the counselor writes (all ours). */
import { z } from 'zod';
import { answer, maybeMoment, maybeText, maybeWhole, moment, text, whole } from './answer.js';
import { humanText, id, page, size } from './common.js';
import { DISPOSITIONS, END_CAUSES, NO_BAND_REASONS, RISK_LEVELS } from './enums.js';
import { otherInstitution, epochMs } from './common.js';

/** What a counselor writes after a session: an institution's rule, and what the desk draws. */
export const RecordTemplate = z
  .strictObject({
    version: z.string().min(1).max(64).describe('A changed template needs another one'),
    fields: z
      .array(
        z.strictObject({
          id: z
            .string()
            .regex(/^[a-zA-Z0-9-]{1,40}$/)
            .describe('Key of what is written'),
          label: z.string().min(1).max(60).describe('As shown'),
          required: z.boolean().describe('May not stay empty'),
        }),
      )
      .min(1)
      .max(40)
      .describe('In this order'),
  })
  .meta({ id: 'RecordTemplate' });
export type RecordTemplate = z.infer<typeof RecordTemplate>;

export const SaveSessionRecord = z
  .strictObject({
    id: id.describe('The session, over'),
    disposition: z.enum(DISPOSITIONS).describe('What kind of contact it was'),
    noBand: z
      .enum(NO_BAND_REASONS)
      .optional()
      .describe('Why there is no risk band: required where no scale was filled in'),
    template: z.string().min(1).max(64).describe('Version of the template (policy `recordTemplate`)'),
    fields: z
      .record(z.string().max(40), humanText(8_000))
      .describe('What was written, by the template’s fields'),
    interviewRecord: z
      .number()
      .int()
      .optional()
      .describe('Integer id of the counselor’s own case file that it belongs to'),
  })
  .meta({ id: 'SaveSessionRecord' });
export type SaveSessionRecord = z.infer<typeof SaveSessionRecord>;

export const ReadSessionRecord = z
  .strictObject({ id: id.describe('The session') })
  .meta({ id: 'ReadSessionRecord' });

export const SessionRecord = answer('SessionRecord', {
  conversationId: text('The session'),
  counselor: maybeText('Who had it at its end'),
  createdTime: moment('When it was asked for'),
  startTime: maybeMoment('When it began'),
  endTime: maybeMoment('When it ended'),
  wait: maybeWhole('Whole seconds from the asking to the beginning'),
  duration: maybeWhole('Whole seconds'),
  endCause: z.enum(END_CAUSES).nullable().describe('Why it ended'),
  savedTime: maybeMoment('When the record was last saved; null while there is none'),
  disposition: z.enum(DISPOSITIONS).nullable().describe('What kind of contact it was'),
  band: z.enum(RISK_LEVELS).nullable().describe('Of the newest scale'),
  noBand: z.enum(NO_BAND_REASONS).nullable().describe('Why there is none'),
  template: maybeText('Version of the template that it was written with'),
  fields: z.record(z.string(), z.string()).nullable().describe('What was written; null once erased'),
  interviewRecord: maybeWhole('The case file that it belongs to'),
  form: RecordTemplate.describe('The template in force, for what is written now'),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

export const ListMissing = z.strictObject({ page, size: size(50) }).meta({ id: 'ListMissing' });
export type ListMissing = z.infer<typeof ListMissing>;
export const MissingRecord = answer('MissingRecord', {
  conversationId: text('The session'),
  counselor: maybeText('Who had it at its end'),
  counselorName: maybeText('Their name'),
  visitorName: maybeText('Whose session it was'),
  endTime: moment('When it ended'),
});
export type MissingRecord = z.infer<typeof MissingRecord>;

export const ReadContacts = z
  .strictObject({ from: epochMs, to: epochMs, institution: otherInstitution })
  .refine(({ from, to }) => from < to && to - from <= 400 * 86_400_000, '时间范围不正确，最长400天')
  .meta({ id: 'ReadContacts' });
export type ReadContacts = z.infer<typeof ReadContacts>;
export const Contacts = answer('Contacts', {
  recorded: whole('Records of sessions that ended in the range'),
  valid: whole('Of them counseling contacts'),
  invalid: whole('Silence, harassment, too short, tests, wrong door'),
  byDisposition: z.record(z.string(), z.int()).describe('Count by kind'),
});
export type Contacts = z.infer<typeof Contacts>;
