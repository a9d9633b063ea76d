/** The institutions of the platform, for who looks after all of them. */
import { z } from 'zod';
import { answer, maybeText, text } from './answer.js';

export const InstitutionRow = answer('InstitutionRow', {
  code: text('institutionCode'),
  name: maybeText('Name'),
});
export type InstitutionRow = z.infer<typeof InstitutionRow>;
