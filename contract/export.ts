/** Exports of transcripts (document sections 34 and 35) and the keys that sign them. */
import { z } from 'zod';
import { blankAsAbsent, id } from './common.js';
import { EXPORT_FORMATS, type ExportFormat, type ExportStatus } from './enums.js';

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
export interface ExportTask {
  id: string;
  status: ExportStatus;
  /** 0 to 100. */
  progress: number;
  /** Where the file is, once DONE and until it expires. */
  url?: string;
  /** Why it FAILED, for people. */
  error?: string;
  format: ExportFormat;
  batch: boolean;
  redacted: boolean;
  /** How many conversations. */
  conversations: number;
  /** Epoch milliseconds. */
  createdTime: number;
  /** Once DONE: the file's name, bytes, SHA-256 in hex and how many messages it holds. */
  file?: { name: string; size: number; sha256: string; messages: number };
  /** The signed proof that goes with a file that can't carry its own (`npm run verify -- file proof`). */
  proofUrl?: string;
  /** Epoch milliseconds; the file is erased then. */
  expiresTime?: number;
}

/** A public key that exports were signed with. */
export interface SealKey {
  id: string;
  algorithm: 'Ed25519';
  /** 32 bytes, base64url. */
  publicKey: string;
  createdTime: number;
  /** null for the one in use. */
  retiredTime: number | null;
}
