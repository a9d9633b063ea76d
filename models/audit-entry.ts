import { Schema, type Types } from 'mongoose';

/** One line of an institution's chained audit log (invariants.md I15). */
export interface AuditEntry {
  _id: Types.ObjectId;
  institution: string;
  number: number;
  actor: Types.ObjectId | null;
  action: string;
  subject: string;
  reason: string | null;
  at: Date;
  /** SHA-256(previous link ‖ canonical entry) */
  link: Buffer;
}

export const auditEntrySchema = new Schema<AuditEntry>(
  {
    institution: { type: String, required: true },
    number: { type: Number, required: true },
    actor: { type: Schema.Types.ObjectId, default: null },
    action: { type: String, required: true },
    subject: { type: String, required: true },
    reason: { type: String, default: null },
    at: { type: Date, required: true },
    link: { type: Buffer, required: true },
  },
  { collection: 'auditEntries' },
);
auditEntrySchema.index({ institution: 1, number: 1 }, { unique: true });
auditEntrySchema.index({ subject: 1 });
auditEntrySchema.index({ institution: 1, actor: 1, number: -1 });
auditEntrySchema.index({ institution: 1, action: 1, number: -1 });
auditEntrySchema.index({ institution: 1, at: -1 });
