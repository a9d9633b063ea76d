/** Exports of transcripts (document sections 34 and 35) and the keys that sign them. */
import { z } from 'zod';
import { answer, flag, maybeMoment, moment, text, whole } from './answer.js';
import { blankAsAbsent, id } from './common.js';
import { EXPORT_FORMATS, EXPORT_STATUSES, type ExportFormat } from './enums.js';

/** Most conversations of one batch. */
export const MAX_BATCH = 500;

const format = blankAsAbsent(z.enum(EXPORT_FORMATS))
  .transform((value): ExportFormat => value ?? 'pdf')
  .describe('pdf when left out');
const redact = blankAsAbsent(
  z.union([
    z.boolean(),
    z.enum(['0', '1', 'true', 'false']).transform((value) => value === '1' || value === 'true'),
  ]),
)
  .transform((value) => value ?? false)
  .describe('Ours: 1 masks phones, ID numbers and names');

export const ExportConversation = z.object({ id, format, redact }).meta({ id: 'ExportConversation' });
export type ExportConversation = z.infer<typeof ExportConversation>;

export const BatchExport = z
  .object({
    list: z
      .array(id)
      .min(1, '请至少选择一个会谈。')
      .max(MAX_BATCH, `一次最多导出${String(MAX_BATCH)}个会谈。`)
      .describe('Conversation ids; the body is this array itself'),
    format,
    redact,
  })
  .meta({ id: 'BatchExport' });
export type BatchExport = z.infer<typeof BatchExport>;

/** An export as its asker sees it, by polling and as `export:updated`. */
export const ExportTask = answer('ExportTask', {
  id: text('Identifier'),
  status: z.enum(EXPORT_STATUSES).describe('How far it is'),
  progress: whole('0 to 100'),
  url: text('Where the file is, once DONE and until it expires').optional(),
  error: text('Why it FAILED, for people').optional(),
  format: z.enum(EXPORT_FORMATS).describe('Kind of file'),
  batch: flag('True for section 35: a zip with an index sheet'),
  redacted: flag('Phones, ID numbers and names are masked'),
  conversations: whole('How many'),
  createdTime: moment('When it was asked for'),
  file: z
    .strictObject({
      name: text('Name'),
      size: whole('Bytes'),
      sha256: text('SHA-256 in hex'),
      messages: whole('How many it holds'),
    })
    .optional()
    .describe('Once DONE'),
  proofUrl: text(
    'The signed proof that goes with a file that can’t carry its own (npm run verify -- file proof)',
  ).optional(),
  expiresTime: moment('The file is erased then').optional(),
});
export type ExportTask = z.infer<typeof ExportTask>;

/** A public key that exports were signed with. */
export const SealKey = answer('SealKey', {
  id: text('Identifier, as proofs name it'),
  algorithm: z.literal('Ed25519').describe('Kind of signature'),
  publicKey: text('32 bytes, base64url'),
  createdTime: moment('Since when it signs'),
  retiredTime: maybeMoment('null for the one in use; since when it signs no more'),
});
export type SealKey = z.infer<typeof SealKey>;
