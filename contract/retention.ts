/** Retention, legal hold and erasure (docs/operations.md). */
import { z } from 'zod';
import { answer, maybeMoment, maybeText, maybeWhole, moment, text } from './answer.js';
import { humanText, id, otherInstitution, page, size } from './common.js';
import { ERASURE_CAUSES } from './enums.js';

const rule = z
  .strictObject({
    minDays: z.int().min(0).max(36_500).describe('The purge refuses what is younger'),
    maxDays: z.int().min(1).max(36_500).nullable().describe('The purge takes what is older; null = nothing'),
  })
  .describe('How many days a class of records is kept');
export const RetentionRules = z
  .strictObject({
    conversation: rule.describe('Sessions with messages, files and ratings, from their end'),
    deadLetter: rule.describe('Callbacks of Tencent IM that fitted nowhere'),
    session: rule.describe('Log-ins that are over'),
    exportTask: rule.describe('Tasks of exports; their files live 24 hours'),
  })
  .meta({ id: 'RetentionRules' });
export type RetentionRules = z.infer<typeof RetentionRules>;

export const ReadRetention = z.strictObject({ institution: otherInstitution }).meta({ id: 'ReadRetention' });
export const SetRetention = RetentionRules.partial()
  .extend({ institution: otherInstitution })
  .meta({ id: 'SetRetention' });

/** One of the two. */
const whose = {
  conversation: id.optional().describe('One session with its supervision threads'),
  visitor: id.optional().describe('Everything of one visitor'),
};
const reference = humanText(100).min(1).describe('File number of the request or order; no content');
export const RequestErasure = z
  .strictObject({ ...whose, reference })
  .refine(
    ({ conversation, visitor }) => (conversation === undefined) !== (visitor === undefined),
    '会谈和访客请只填一个',
  )
  .meta({ id: 'RequestErasure' });
export type RequestErasure = z.infer<typeof RequestErasure>;
export const CreateHold = z
  .strictObject({ ...whose, reference })
  .refine(
    ({ conversation, visitor }) => (conversation === undefined) !== (visitor === undefined),
    '会谈和访客请只填一个',
  )
  .meta({ id: 'CreateHold' });
export type CreateHold = z.infer<typeof CreateHold>;
export const ListHolds = z.strictObject({ institution: otherInstitution }).meta({ id: 'ListHolds' });
export const OneHold = z.strictObject({ id }).meta({ id: 'OneHold' });
export const ListErasures = z
  .strictObject({ institution: otherInstitution, page, size: size(20) })
  .meta({ id: 'ListErasures' });
export type ListErasures = z.infer<typeof ListErasures>;

export const LegalHold = answer('LegalHold', {
  id: text('Identifier'),
  conversation: maybeText('The session that is held'),
  visitor: maybeText('The visitor of whom everything is held'),
  reference: text('File number'),
  time: moment('Since when'),
});
export type LegalHold = z.infer<typeof LegalHold>;

export const Erasure = answer('Erasure', {
  conversation: text('The conversation'),
  cause: z.enum(ERASURE_CAUSES).describe('deleted by hand, purged for its age, or a person’s request'),
  reference: maybeText('File number of a request'),
  requestedTime: moment('When it was asked for'),
  dueTime: moment('When it is erased, unless it is taken back or held'),
  erasedTime: maybeMoment('When it was; null = not yet'),
  messages: maybeWhole('How many messages there were'),
});
export type Erasure = z.infer<typeof Erasure>;

export const ErasureAnswer = answer('ErasureAnswer', {
  conversations: z.array(z.string()).describe('Conversations that are erased within the minute'),
});
export type ErasureAnswer = z.infer<typeof ErasureAnswer>;
