import { Schema, type Types } from 'mongoose';
import { EXPORT_FORMATS, EXPORT_STATUSES, type ExportFormat, type ExportStatus } from '../contract/enums.js';

/** A finished file as it lies in the exports folder, sealed with the task's key. */
export interface ExportFile {
  /** What it is called for people. */
  name: string;
  /** Name in the folder; never from a request. */
  stored: string;
  /** Bytes and SHA-256 (hex) of what is downloaded. */
  size: number;
  sha256: string;
}

/** An accepted export; it ends DONE or FAILED with a reason, whatever happens to its worker (I11). */
export interface ExportTask {
  _id: Types.ObjectId;
  /** Whose audit log it is in: that of its conversations, or the asker's when they are of several. */
  institution: string;
  asker: Types.ObjectId;
  /** For the watermark; level C. */
  askerName: string | null;
  conversations: Types.ObjectId[];
  format: ExportFormat;
  batch: boolean;
  redact: boolean;
  status: ExportStatus;
  /** 0 to 100. */
  progress: number;
  /** Seals the files; sealed by the institution's key; null once they are erased. */
  key: Buffer | null;
  file: ExportFile | null;
  /** What proves a file that can't carry its own proof. */
  proof: ExportFile | null;
  /** Messages in the file. */
  messages: number | null;
  error: string | null;
  /** Grows with each worker that takes it up: only the newest may finish it. */
  fence: number;
  /** Tries that ended with an error of their own, as against a worker that died. */
  failures: number;
  leaseUntil: Date | null;
  /** Tries may have left files beside those above. */
  untidy?: true;
  expiresAt: Date | null;
  createdAt: Date;
}

const fileSchema = new Schema<ExportFile>(
  { name: String, stored: String, size: Number, sha256: String },
  { _id: false },
);

export const exportTaskSchema = new Schema<ExportTask>(
  {
    institution: { type: String, required: true },
    asker: { type: Schema.Types.ObjectId, required: true },
    askerName: { type: String, default: null },
    conversations: { type: [Schema.Types.ObjectId], required: true },
    format: { type: String, enum: EXPORT_FORMATS, required: true },
    batch: { type: Boolean, default: false },
    redact: { type: Boolean, default: false },
    status: { type: String, enum: EXPORT_STATUSES, required: true },
    progress: { type: Number, default: 0 },
    key: { type: Buffer, default: null },
    file: { type: fileSchema, default: null },
    proof: { type: fileSchema, default: null },
    messages: { type: Number, default: null },
    error: { type: String, default: null },
    fence: { type: Number, default: 0 },
    failures: { type: Number, default: 0 },
    leaseUntil: { type: Date, default: null },
    untidy: { type: Boolean },
    expiresAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'exportTasks' },
);
exportTaskSchema.index({ status: 1, leaseUntil: 1 });
exportTaskSchema.index({ status: 1, expiresAt: 1 });
exportTaskSchema.index({ untidy: 1 }, { sparse: true });
exportTaskSchema.index({ asker: 1, createdAt: -1 });
exportTaskSchema.index({ conversations: 1 });
