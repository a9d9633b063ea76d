import { Schema, type Types } from 'mongoose';

/** How far a party has read a conversation, and how far it has received it. */
export interface ReadMarkRow {
  conversation: Types.ObjectId;
  user: Types.ObjectId;
  seq: number;
  /** Never below seq; absent on rows older than the field: then it is seq. */
  received?: number;
  at: Date;
}

export const readMarkSchema = new Schema<ReadMarkRow>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    user: { type: Schema.Types.ObjectId, required: true },
    seq: { type: Number, required: true },
    received: Number,
    at: { type: Date, required: true },
  },
  { collection: 'readMarks' },
);
readMarkSchema.index({ conversation: 1, user: 1 }, { unique: true });
