/** The consent texts of an institution: one is in force, those before it stay readable. */
import { z } from 'zod';
import { answer, maybeMoment, text, whole } from './answer.js';
import { humanText, otherInstitution } from './common.js';
import { CONSENT_TEXT_MAX } from './rich-text.js';

export const ListConsentTexts = z
  .strictObject({ institution: otherInstitution })
  .meta({ id: 'ListConsentTexts' });
export const PublishConsentText = z
  .strictObject({
    text: humanText(CONSENT_TEXT_MAX)
      .refine((value) => value.trim() !== '', '请填写正文')
      .describe('Plain text; a line is a line of the page'),
    after: z
      .string()
      .min(1)
      .max(64)
      .describe('The version that the writer saw in force: refused when another came meanwhile'),
    institution: otherInstitution,
  })
  .meta({ id: 'PublishConsentText' });
export type PublishConsentText = z.infer<typeof PublishConsentText>;

export const ConsentText = answer('ConsentText', {
  version: text('Names the text; what a visitor agreed to is stored by it'),
  text: text('Plain text; a line is a line of the page'),
  from: maybeMoment('In force from; null = from the beginning'),
  until: maybeMoment('In force until; null = it is in force'),
  by: z
    .strictObject({ id: text('User id'), name: z.string().nullable().describe('Name') })
    .nullable()
    .describe('Who published it; null = nobody did, it came with the platform'),
  given: whole('Visitors who ever agreed to this version'),
});
export type ConsentText = z.infer<typeof ConsentText>;
