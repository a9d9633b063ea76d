/** Giving a running session to somebody else: asked and accepted by name, or back to the queue (all ours). */
import { z } from 'zod';
import { answer, maybeText, moment, text } from './answer.js';
import { humanText, id } from './common.js';
import { Conversation } from './conversation.js';
import { TRANSFER_KINDS, type TransferOutcome } from './enums.js';
import { UserCard } from './user.js';

const words = (what: string) =>
  humanText(1_000)
    .refine((value) => value.trim() !== '', '不能为空')
    .describe(what);

export const TransferNote = z
  .strictObject({
    state: words('How the visitor is, and what was spoken of'),
    risk: words('What is known of their risk').optional(),
    plan: words('What was agreed for their safety').optional(),
    next: words('The agreed next step').optional(),
  })
  .describe('For who takes it; a high-risk session needs all four');
export type TransferNote = z.infer<typeof TransferNote>;

export const OfferTransfer = z
  .strictObject({
    id: id.describe('The running session'),
    counselor: id.describe('Who is asked to take it'),
    note: TransferNote,
  })
  .meta({ id: 'OfferTransfer' });
export type OfferTransfer = z.infer<typeof OfferTransfer>;

export const AnswerTransfer = z
  .strictObject({ id: id.describe('The session') })
  .meta({ id: 'AnswerTransfer' });

export const GiveBack = z
  .strictObject({
    id: id.describe('The running session'),
    note: TransferNote.optional().describe('For whoever takes it next'),
  })
  .meta({ id: 'GiveBack' });
export type GiveBack = z.infer<typeof GiveBack>;

/** A session that somebody is asked to take. */
export const Transfer = answer('Transfer', {
  conversation: Conversation.describe('The session'),
  kind: z.enum(TRANSFER_KINDS).describe('HIGH_RISK: it never goes without somebody who said yes'),
  from: UserCard.nullable().describe('Who gives it'),
  to: UserCard.nullable().describe('Who is asked'),
  note: z
    .strictObject({
      state: text('How the visitor is'),
      risk: maybeText('Their risk'),
      plan: maybeText('For their safety'),
      next: maybeText('The next step'),
    })
    .nullable()
    .describe('null once the session is erased'),
  until: moment('When it is no longer asked'),
});
export type Transfer = z.infer<typeof Transfer>;

/** To who gave and who was asked: it is settled. */
export interface TransferClosed {
  conversationId: string;
  outcome: TransferOutcome;
}
