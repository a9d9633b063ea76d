import { Schema, type Types } from 'mongoose';

/** Keeps a conversation, or everything of a visitor, from every erasure until it is lifted. */
export interface LegalHold {
  _id: Types.ObjectId;
  institution: string;
  conversation: Types.ObjectId | null;
  visitor: Types.ObjectId | null;
  /** A file number or the like; never what was said. */
  reference: string;
  by: Types.ObjectId;
  at: Date;
  liftedAt: Date | null;
}

export const legalHoldSchema = new Schema<LegalHold>(
  {
    institution: { type: String, required: true },
    conversation: { type: Schema.Types.ObjectId, default: null },
    visitor: { type: Schema.Types.ObjectId, default: null },
    reference: { type: String, required: true },
    by: { type: Schema.Types.ObjectId, required: true },
    at: { type: Date, required: true },
    liftedAt: { type: Date, default: null },
  },
  { collection: 'legalHolds', versionKey: false },
);
legalHoldSchema.index({ institution: 1, at: -1 });
legalHoldSchema.index({ conversation: 1 });
legalHoldSchema.index({ visitor: 1 });
