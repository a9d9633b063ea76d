/** Webhooks: what happens in an institution, told to systems of integrators (docs/webhooks.md). */
import { z } from 'zod';
import { answer, maybeMoment, maybeText, moment, text, whole } from './answer.js';
import { id, otherInstitution, page, size } from './common.js';
import { CONVERSATION_EVENTS } from './enums.js';

export const WEBHOOK_EVENTS = [
  ...CONVERSATION_EVENTS.map((event) => `conversation.${event}` as const),
  'conversation.rated',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export const ListWebhooks = z.strictObject({ institution: otherInstitution }).meta({ id: 'ListWebhooks' });
export const CreateWebhook = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .describe('Where events are posted to; https'),
    events: z
      .array(z.enum(WEBHOOK_EVENTS))
      .min(1)
      .max(WEBHOOK_EVENTS.length)
      .transform((events) => [...new Set(events)])
      .describe('Which events'),
    institution: otherInstitution,
  })
  .meta({ id: 'CreateWebhook' });
export type CreateWebhook = z.infer<typeof CreateWebhook>;
export const OneWebhook = z.strictObject({ id }).meta({ id: 'OneWebhook' });
export const ListDead = z.strictObject({ id, page, size: size(20) }).meta({ id: 'ListDead' });
export type ListDead = z.infer<typeof ListDead>;
export const ReplayDead = z.strictObject({ id, row: id }).meta({ id: 'ReplayDead' });

export const Webhook = answer('Webhook', {
  id: text('Identifier'),
  institution: text('institutionCode'),
  url: text('Where events are posted to'),
  events: z.array(z.enum(WEBHOOK_EVENTS)).describe('Which events'),
  createdTime: moment('Since when'),
  waiting: whole('Events that wait to be delivered'),
  dead: whole('Events that were given up'),
  lastError: maybeText('Why the last try of a waiting event failed; null = none did'),
  nextTry: maybeMoment('When the first waiting event is tried again'),
});
export type Webhook = z.infer<typeof Webhook>;

/** The secret is told once. */
export const WebhookSecret = answer('WebhookSecret', {
  id: text('Identifier'),
  secret: text('whsec_ and base64: signs every body; it is not told again'),
});
export type WebhookSecret = z.infer<typeof WebhookSecret>;

export const DeadEvent = answer('DeadEvent', {
  id: text('Identifier; the webhook-id of the delivery is msg_ and it'),
  type: z.enum(WEBHOOK_EVENTS).describe('What happened'),
  attempts: whole('How often it was tried'),
  error: maybeText('Why the last try failed'),
  time: moment('When it happened'),
});
export type DeadEvent = z.infer<typeof DeadEvent>;
