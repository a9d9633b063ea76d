import { Schema, type Types } from 'mongoose';
import { DISPOSITIONS, NO_BAND_REASONS, type Disposition, type NoBandReason } from '../contract/enums.js';

/** What a counselor wrote of a session; its facts stand on the session itself. */
export interface SessionRecord {
  /** The session's id: one record each. */
  _id: Types.ObjectId;
  institution: string;
  counselor: Types.ObjectId;
  endedAt: Date;
  disposition: Disposition;
  noBand: NoBandReason | null;
  template: string;
  /** JSON by field, sealed with the session's key. */
  fields: Buffer;
  interviewRecord: number | null;
  savedAt: Date;
}

export const sessionRecordSchema = new Schema<SessionRecord>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    counselor: { type: Schema.Types.ObjectId, required: true },
    endedAt: { type: Date, required: true },
    disposition: { type: String, enum: DISPOSITIONS, required: true },
    noBand: { type: String, enum: [...NO_BAND_REASONS, null], default: null },
    template: { type: String, required: true },
    fields: { type: Buffer, required: true },
    interviewRecord: { type: Number, default: null },
    savedAt: { type: Date, required: true },
  },
  { collection: 'sessionRecords' },
);
sessionRecordSchema.index({ institution: 1, endedAt: 1 });
