/** A visitor asks for everything of theirs to be erased, and an admin settles it (docs/operations.md). */
import { z } from 'zod';
import { answer, maybeMoment, maybeText, moment, text } from './answer.js';
import { humanText, id, otherInstitution, page, size } from './common.js';
import { ERASURE_REFUSALS, ERASURE_REQUEST_STATES } from './enums.js';

export const ListErasureRequests = z
  .strictObject({
    institution: otherInstitution,
    state: z.enum(ERASURE_REQUEST_STATES).optional().describe('Only those; all when left out'),
    page,
    size: size(20),
  })
  .meta({ id: 'ListErasureRequests' });
export type ListErasureRequests = z.infer<typeof ListErasureRequests>;

export const SettleErasure = z
  .strictObject({
    id: id.describe('The request'),
    accept: z.boolean().describe('true = erases the visitor; false = refuses'),
    reference: humanText(100).min(1).describe('File number, told to the visitor too; no content'),
    reason: z.enum(ERASURE_REFUSALS).optional().describe('Why it is refused; told to the visitor'),
  })
  .refine(({ accept, reason }) => accept === (reason === undefined), '拒绝时请选择原因，同意时不填原因')
  .meta({ id: 'SettleErasure' });
export type SettleErasure = z.infer<typeof SettleErasure>;

const outcome = {
  settledTime: maybeMoment('When it was settled; null until then'),
  reference: maybeText('File number; null until it is settled'),
  reason: z.enum(ERASURE_REFUSALS).nullable().describe('Why it was refused; null unless it was'),
};

/** As its visitor sees it. Who was erased is signed out: they never see DONE on a log-in of before. */
export const OwnErasureRequest = answer('OwnErasureRequest', {
  state: z.enum(['NONE', ...ERASURE_REQUEST_STATES]).describe('NONE = nothing is asked for'),
  askedTime: maybeMoment('When it was asked for; null for NONE'),
  ...outcome,
});
export type OwnErasureRequest = z.infer<typeof OwnErasureRequest>;

export const ErasureRequest = answer('ErasureRequest', {
  id: text('The visitor; once erased, nobody: no name, no way in and no session leads there'),
  name: maybeText('Name as shown; null once erased'),
  institution: text('Code of the institution'),
  state: z.enum(ERASURE_REQUEST_STATES).describe('Whether somebody has to settle it'),
  askedTime: moment('When it was asked for'),
  ...outcome,
});
export type ErasureRequest = z.infer<typeof ErasureRequest>;
