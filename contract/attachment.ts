/** Files in a conversation: uploaded first, then named by a message of kind image, file or voice. */
import { z } from 'zod';
import { answer, text, whole } from './answer.js';
import { humanText, id, lenientNumber } from './common.js';

/** Bytes as uploaded, by kind. */
export const MAX_UPLOAD = { image: 10 * 1_048_576, file: 20 * 1_048_576, voice: 5 * 1_048_576 } as const;
/** Longest voice note, in seconds. */
export const MAX_VOICE_SECONDS = 300;

export const UploadAttachment = z
  .strictObject({
    id: id.describe('The conversation'),
    kind: z.enum(['image', 'file', 'voice']).describe('What the message that will carry it is'),
    seconds: lenientNumber
      .pipe(z.number().min(0.1).max(MAX_VOICE_SECONDS))
      .optional()
      .describe(`Of a voice note, as recorded; at most ${String(MAX_VOICE_SECONDS)}`),
    name: humanText(200).optional().describe('What the file is called, where the form does not say it'),
  })
  .refine(({ kind, seconds }) => (kind === 'voice') === (seconds !== undefined), {
    path: ['seconds'],
    message: '语音需要时长，其他类型没有时长',
  })
  .meta({ id: 'UploadAttachment' });
export type UploadAttachment = z.infer<typeof UploadAttachment>;

export const AttachmentId = z
  .strictObject({ id: id.describe('As the upload answered it') })
  .meta({ id: 'AttachmentId' });

/** An attachment as a message carries it. Its bytes: `GET /api/v1/attachments/{id}` and `…/{id}/thumb`. */
export const Attachment = answer('Attachment', {
  id: text('Identifier'),
  name: text('What it is called for people; never a path'),
  type: text('Content type as found by content'),
  size: whole('Bytes of what is served'),
  width: whole('Of an image: pixels').optional(),
  height: whole('Of an image: pixels').optional(),
  seconds: z.number().optional().describe('Of a voice note: how long it is'),
  thumb: z.literal(true).optional().describe('True where a small picture can be had: of an image'),
});
export type Attachment = z.infer<typeof Attachment>;
