import { Schema, type Types } from 'mongoose';

/** How far a party has read a conversation. */
export interface ReadMarkRow {
  conversation: Types.ObjectId;
  user: Types.ObjectId;
  seq: number;
  at: Date;
}

export const readMarkSchema = new Schema<ReadMarkRow>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    user: { type: Schema.Types.ObjectId, required: true },
    seq: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'readMarks' },
);
readMarkSchema.index({ conversation: 1, user: 1 }, { unique: true });
