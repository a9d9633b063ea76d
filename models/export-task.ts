import { Schema, type Types } from 'mongoose';
import { EXPORT_FORMATS, EXPORT_STATUSES, type ExportFormat, type ExportStatus } from '../contract/enums.js';

/** An accepted export; it ends DONE or FAILED with a reason, whatever happens to its worker (I11). */
export interface ExportTask {
  _id: Types.ObjectId;
  institution: string;
  asker: Types.ObjectId;
  conversations: Types.ObjectId[];
  format: ExportFormat;
  batch: boolean;
  status: ExportStatus;
  /** 0 to 100. */
  progress: number;
  file: string | null;
  error: string | null;
  /** Grows with each worker that takes it up: only the newest may finish it. */
  fence: number;
  leaseUntil: Date | null;
  expiresAt: Date | null;
  createdAt: Date;
}

export const exportTaskSchema = new Schema<ExportTask>(
  {
    institution: { type: String, required: true },
    asker: { type: Schema.Types.ObjectId, required: true },
    conversations: { type: [Schema.Types.ObjectId], required: true },
    format: { type: String, enum: EXPORT_FORMATS, required: true },
    batch: { type: Boolean, default: false },
    status: { type: String, enum: EXPORT_STATUSES, required: true },
    progress: { type: Number, default: 0 },
    file: { type: String, default: null },
    error: { type: String, default: null },
    fence: { type: Number, default: 0 },
    leaseUntil: { type: Date, default: null },
    expiresAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'exportTasks' },
);
exportTaskSchema.index({ status: 1, leaseUntil: 1 });
exportTaskSchema.index({ asker: 1, createdAt: -1 });
