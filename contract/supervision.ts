/** Calling a supervisor to a session, and what the supervisor answers (document section 27). */
import { z } from 'zod';
import { id } from './common.js';

export const RequestSupervision = z
  .object({
    supervise: id.describe('The supervisor'),
    conversationId: id.describe('The running session'),
  })
  .meta({ id: 'RequestSupervision' });
export type RequestSupervision = z.infer<typeof RequestSupervision>;

/** The id of the thread (conversationType REQUEST_SUPERVISE). */
export const AnswerSupervision = z.strictObject({ id }).meta({ id: 'AnswerSupervision' });
export type AnswerSupervision = z.infer<typeof AnswerSupervision>;
