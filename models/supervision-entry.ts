import { Schema, type Types } from 'mongoose';

/** Supervision that was held with one counselor or a group: care for them, apart from any session. */
export interface SupervisionEntry {
  _id: Types.ObjectId;
  institution: string;
  supervisor: Types.ObjectId;
  supervisorName: string | null;
  counselors: Types.ObjectId[];
  /** YYYY-MM-DD in Asia/Shanghai. */
  day: string;
  minutes: number;
  /** Sealed with a key of its own (services/record/keys.ts). */
  words: Buffer;
  key: Types.ObjectId;
  keySlot: number;
  savedAt: Date;
}

export const supervisionEntrySchema = new Schema<SupervisionEntry>(
  {
    institution: { type: String, required: true },
    supervisor: { type: Schema.Types.ObjectId, required: true },
    supervisorName: { type: String, default: null },
    counselors: { type: [Schema.Types.ObjectId], required: true },
    day: { type: String, required: true },
    minutes: { type: Number, required: true },
    words: { type: Buffer, required: true },
    key: { type: Schema.Types.ObjectId, required: true },
    keySlot: { type: Number, required: true },
    savedAt: { type: Date, required: true },
  },
  { collection: 'supervisionEntries' },
);
supervisionEntrySchema.index({ counselors: 1, day: -1 });
supervisionEntrySchema.index({ supervisor: 1, day: -1 });
supervisionEntrySchema.index({ institution: 1, day: -1 });
