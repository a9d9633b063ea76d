/** The consent texts of an institution, for its administrators. */
import { z } from 'zod';
import { ConsentText, ListConsentTexts, PublishConsentText } from '../../../contract/consent-text.js';
import { listConsentTexts, publishConsentText } from '../../../services/consent/texts.js';
import { route } from '../../route.js';

const ours = {
  dialect: 'ours',
  section: 'PUT /config',
  path: '/api/v1/consent-texts',
  auth: ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
  answer: z.array(ConsentText),
} as const;

export const consentTextRoutes = [
  route({
    ...ours,
    method: 'get',
    summary: '知情同意书的各个版本，现行的在最前',
    from: 'query',
    input: ListConsentTexts,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => listConsentTexts(ctx, actor, input.institution),
  }),
  route({
    ...ours,
    method: 'post',
    summary: '发布新版知情同意书；期间已有他人发布的，拒绝',
    from: 'json',
    input: PublishConsentText,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => publishConsentText(ctx, actor, input),
  }),
];
