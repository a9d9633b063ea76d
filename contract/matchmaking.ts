/** Offers, the return code, and more time for a session (all ours). */
import { z } from 'zod';
import { answer, maybeText, moment } from './answer.js';
import { id } from './common.js';
import { Conversation } from './conversation.js';
import { EXTENSION_REASONS } from './enums.js';

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
