/** Calling a supervisor to a session, and what the supervisor answers (document section 27). */
import { z } from 'zod';
import { id } from './common.js';
import { STEPS_IN } from './enums.js';
import { clientMsgId, messageText, readingReason } from './message.js';

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

export const StepInto = z
  .strictObject({
    id: id.describe('The session, or the thread in which the supervisor was called'),
    step: z
      .enum(STEPS_IN)
      .describe(
        'WATCH: hear it, unseen by the visitor; CO_CHAT: speak in it; TAKE_OVER: own it until handed back',
      ),
  })
  .meta({ id: 'StepInto' });
export type StepInto = z.infer<typeof StepInto>;

export const StepOut = z.strictObject({ id: id.describe('The session') }).meta({ id: 'StepOut' });

export const HandBack = z
  .strictObject({
    id: id.describe('A session that the caller took over'),
    to: z
      .enum(['counselor', 'queue'])
      .default('counselor')
      .describe('counselor: from whom it was taken; queue: in front, for whoever is free'),
  })
  .meta({ id: 'HandBack' });
export type HandBack = z.infer<typeof HandBack>;

export const Whisper = z
  .strictObject({
    id: id.describe('The running session'),
    clientMsgId,
    text: messageText.describe('For the counselor'),
  })
  .meta({ id: 'Whisper' });
export type Whisper = z.infer<typeof Whisper>;

export const WriteNote = z
  .strictObject({
    id: id.describe('The running session'),
    clientMsgId,
    text: messageText.describe('For staff alone'),
  })
  .meta({ id: 'WriteNote' });
export type WriteNote = z.infer<typeof WriteNote>;

export const ReadNotes = z
  .strictObject({ id: id.describe('The session'), reason: readingReason })
  .meta({ id: 'ReadNotes' });
export type ReadNotes = z.infer<typeof ReadNotes>;
