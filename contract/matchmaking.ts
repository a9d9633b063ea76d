/** Offers, the return code, and more time for a session (all ours). */
import { z } from 'zod';
import { answer, flag, maybeMoment, maybeText, maybeWhole, moment, text, whole } from './answer.js';
import { id } from './common.js';
import { Conversation } from './conversation.js';
import { EXTENSION_REASONS } from './enums.js';
import { deviceValue } from './user.js';

export const ExtendConversation = z
  .strictObject({
    id: id.describe('The session'),
    reason: z.enum(EXTENSION_REASONS).describe('Why it needs more time'),
  })
  .meta({ id: 'ExtendConversation' });
export type ExtendConversation = z.infer<typeof ExtendConversation>;

/** Somebody who is offered to a counselor. */
export const Offer = answer('Offer', {
  conversation: Conversation.describe('Who waits'),
  until: moment('When the offer goes on to the next counselor'),
  why: maybeText('Why this counselor, in one sentence'),
});
export type Offer = z.infer<typeof Offer>;

export const ListForecasts = z
  .strictObject({ days: z.coerce.number().int().min(1).max(90).default(7).describe('How many days back') })
  .meta({ id: 'ListForecasts' });
export type ListForecasts = z.infer<typeof ListForecasts>;

/** What visitors were told of their wait, held against how long it was. */
export const WaitForecasts = answer('WaitForecasts', {
  told: whole('Visitors who were told a range when they came'),
  served: whole('Those of them who were served'),
  within: whole('Served within their range'),
  sooner: whole('Served before it'),
  later: whole('Served after it'),
  missedSeconds: whole('Of those outside: how far beyond the nearer end, the median'),
  medianWaits: z
    .strictObject({
      none: maybeWhole('Who was in no hurry'),
      moderate: maybeWhole('Of moderate urgency'),
      high: maybeWhole('Of high urgency'),
    })
    .describe('How long whoever was served had waited, in seconds, told a range or not; null = nobody'),
});
export type WaitForecasts = z.infer<typeof WaitForecasts>;

/** Answered once; only a digest is kept. */
export const ReturnCode = answer('ReturnCode', {
  code: text('Ten letters and digits in two groups; an earlier one is good for nothing any more'),
  until: moment('Until when it is good'),
});
export type ReturnCode = z.infer<typeof ReturnCode>;

export const ReturnByCode = z
  .strictObject({
    code: z.string().min(1).max(32).describe('As it was shown; case, spaces and dashes do not matter'),
    institution: z.string().min(1).max(64).optional().describe('institutionCode of the link'),
    device: deviceValue
      .optional()
      .describe(
        'A new random value of this device: from now on it is this visitor, and the one before is not',
      ),
  })
  .meta({ id: 'ReturnByCode' });
export type ReturnByCode = z.infer<typeof ReturnByCode>;

export const ReadHours = z
  .strictObject({ institution: z.string().min(1).max(64).optional().describe('institutionCode of the link') })
  .meta({ id: 'ReadHours' });
export type ReadHours = z.infer<typeof ReadHours>;

/** Whether visitors are received now; and who answers day and night. */
export const ServiceHours = answer('ServiceHours', {
  open: flag('False: opening a conversation is refused with CLOSED'),
  opensAt: maybeMoment('When somebody is there again; null while open, and when no day is known'),
  leaveMessage: flag('Nobody is there: a message may be left (POST /api/v1/me/offline-messages)'),
  closesAt: maybeMoment('Until when visitors are received today; null when always, and while closed'),
  emergency: z
    .array(
      z.strictObject({
        name: text('Who answers'),
        phone: text('What is dialled'),
        note: text('When, and for what'),
      }),
    )
    .describe('Crisis lines in the order in which they are shown'),
});
export type ServiceHours = z.infer<typeof ServiceHours>;
