import { Schema, type Types } from 'mongoose';

/** A genuine callback of Tencent IM that fits nowhere. Ids and codes are clear; what it says is sealed. */
export interface DeadLetterRow {
  _id: Types.ObjectId;
  /** SHA-256 of what makes it the same callback again. */
  key: string;
  command: string;
  reason: string;
  from: string | null;
  to: string | null;
  msgKey: string | null;
  /** Sealed with a data key of its own. */
  payload: Buffer;
  payloadKey: Types.ObjectId;
  state: 'KEPT' | 'DONE';
  count: number;
  attempts: number;
  at: Date;
}

export const deadLetterSchema = new Schema<DeadLetterRow>(
  {
    key: { type: String, required: true },
    command: { type: String, required: true },
    reason: { type: String, required: true },
    from: { type: String, default: null },
    to: { type: String, default: null },
    msgKey: { type: String, default: null },
    payload: { type: Buffer, required: true },
    payloadKey: { type: Schema.Types.ObjectId, required: true },
    state: { type: String, default: 'KEPT' },
    count: { type: Number, default: 1 },
    attempts: { type: Number, default: 0 },
    at: { type: Date, required: true },
  },
  { collection: 'deadLetters' },
);
deadLetterSchema.index({ key: 1 }, { unique: true });
deadLetterSchema.index({ state: 1, at: -1 });
// Tencent itself keeps a message for a month at most; nothing can be repaired after that.
deadLetterSchema.index({ at: 1 }, { expireAfterSeconds: 30 * 86_400 });
