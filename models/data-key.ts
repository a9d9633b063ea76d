import { Schema, type Types } from 'mongoose';

/**
 * A wrapped key: an institution's or the blind index's (wrapped by the master key), a conversation's, or a block of
 * keys of case files (each wrapped by its institution's). Destroying a row is how a conversation is erased.
 */
export interface DataKeyRow {
  _id: Types.ObjectId;
  scope: 'institution' | 'conversation' | 'record' | 'index';
  /** `*` for the blind index's, which serves all of them. */
  institution: string;
  /** The conversation's id, the institutionCode, for a block the row's own id, or `blind-index`. */
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
