/** A message that a visitor leaves while nobody is there; staff sees it as a task (all ours). */
import { z } from 'zod';
import { answer, maybeMoment, maybeText, moment, text } from './answer.js';
import { humanText, id, page, size } from './common.js';
import { OFFLINE_STATES, URGENCIES } from './enums.js';

export const LeaveMessage = z
  .strictObject({
    clientMsgId: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/)
      .describe('Chosen by the client: the same one again answers the first message'),
    text: humanText(1_000).min(1).describe('What they want to say'),
    contact: humanText(100).optional().describe('How they can be reached, in their own words'),
  })
  .meta({ id: 'LeaveMessage' });
export type LeaveMessage = z.infer<typeof LeaveMessage>;

export const ListOfflineMessages = z
  .object({
    state: z.enum(OFFLINE_STATES).optional().describe('Only those; all when left out'),
    page,
    size: size(20),
  })
  .meta({ id: 'ListOfflineMessages' });
export type ListOfflineMessages = z.infer<typeof ListOfflineMessages>;

export const OneOfflineMessage = z
  .strictObject({ id: id.describe('The message') })
  .meta({ id: 'OneOfflineMessage' });

export const FinishOfflineMessage = z
  .strictObject({
    id: id.describe('The message'),
    remark: humanText(1_000).min(1).describe('What was done; for staff only'),
  })
  .meta({ id: 'FinishOfflineMessage' });
export type FinishOfflineMessage = z.infer<typeof FinishOfflineMessage>;

const own = {
  id: text('Identifier'),
  state: z.enum(OFFLINE_STATES).describe('Whether somebody looks after it'),
  createdTime: moment('When it was left'),
};
/** As its visitor sees it. */
export const OwnOfflineMessage = answer('OwnOfflineMessage', own);
export type OwnOfflineMessage = z.infer<typeof OwnOfflineMessage>;

const person = z.strictObject({ id: text('Identifier'), name: maybeText('Name as shown') });
const task = {
  ...own,
  visitor: person.describe('Who left it'),
  urgency: z.enum(URGENCIES).describe('What keyword rules found in it'),
  taker: person.nullable().describe('Who looks after it'),
  takenTime: maybeMoment('Since when; null while nobody does'),
  doneTime: maybeMoment('When it was finished; null until then'),
};
/** A row of the list: nothing of what it says. */
export const OfflineMessage = answer('OfflineMessage', task);
export type OfflineMessage = z.infer<typeof OfflineMessage>;

export const WholeOfflineMessage = answer('WholeOfflineMessage', {
  ...task,
  text: text('What it says'),
  contact: maybeText('How they can be reached'),
  remark: maybeText('What was done'),
});
export type WholeOfflineMessage = z.infer<typeof WholeOfflineMessage>;
