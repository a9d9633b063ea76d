import { Schema } from 'mongoose';
import type { BackupPart } from '../contract/enums.js';

/** The last backup of each part that became whole; the next one replaces it. No backup holds these rows. */
export interface Backup {
  _id: BackupPart;
  /** When its reading began: what was written later is not in it. */
  at: Date;
  documents: number;
  /** Of the local file store. */
  files: number;
  /** Of all its files, as they lie there. */
  bytes: number;
}

export const backupSchema = new Schema<Backup>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    documents: { type: Number, required: true },
    files: { type: Number, required: true },
    bytes: { type: Number, required: true },
  },
  { collection: 'backups' },
);
