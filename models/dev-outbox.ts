import { Schema, type Types } from 'mongoose';

/** What would have been sent, where no mail or SMS service is set up; outside production only. */
export interface DevOutboxRow {
  _id: Types.ObjectId;
  /** Blind index of the receiver. */
  receiver: string;
  /** Sealed JSON: {to, channel, purpose, code?, text}. */
  sealed: Buffer;
  at: Date;
}

export const devOutboxSchema = new Schema<DevOutboxRow>(
  {
    receiver: { type: String, required: true },
    sealed: { type: Buffer, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'devOutbox' },
);
devOutboxSchema.index({ receiver: 1, at: -1 });
devOutboxSchema.index({ at: 1 }, { expireAfterSeconds: 86_400 });
