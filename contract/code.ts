/** What would have been sent, in development and demo mode (design.md, "Live protocol"). */
import { z } from 'zod';
import { answer, maybeText, moment, text } from './answer.js';

export const OutboxEntry = answer('OutboxEntry', {
  to: text('Phone or e-mail address'),
  channel: z.enum(['mail', 'sms']).describe('How it would have gone'),
  purpose: maybeText('What the code is for; null = whichever is done first'),
  code: text('The code').optional(),
  text: text('The whole message'),
  time: moment('When'),
});
export type OutboxEntry = z.infer<typeof OutboxEntry>;
