import { Schema, type Types } from 'mongoose';

/**
 * A wrapped key: an institution's (wrapped by the master key) or a conversation's (wrapped by its
 * institution's). Destroying a row is how a conversation is erased.
 */
export interface DataKeyRow {
  _id: Types.ObjectId;
  scope: 'institution' | 'conversation';
  institution: string;
  /** The conversation's id, or the institutionCode. */
  ref: string;
  /** null once destroyed. */
  wrapped: Buffer | null;
  createdAt: Date;
}

export const dataKeySchema = new Schema<DataKeyRow>(
  {
    scope: { type: String, required: true },
    institution: { type: String, required: true },
    ref: { type: String, required: true },
    wrapped: { type: Buffer, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'dataKeys' },
);
dataKeySchema.index({ scope: 1, ref: 1 }, { unique: true });
