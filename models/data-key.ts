import { Schema, type Types } from 'mongoose';

/**
 * A wrapped key: an institution's (wrapped by the master key), a conversation's, or a block of keys of case files
 * (each wrapped by its institution's). Destroying a row is how a conversation is erased.
 */
export interface DataKeyRow {
  _id: Types.ObjectId;
  scope: 'institution' | 'conversation' | 'record';
  institution: string;
  /** The conversation's id, the institutionCode, or for a block the row's own id. */
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
