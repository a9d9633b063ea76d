import { Schema, type Types } from 'mongoose';

/** A consent text that was in force. What is in force stands in the policy; it is kept here before another replaces it. */
export interface ConsentTextRow {
  _id: Types.ObjectId;
  institution: string;
  version: string;
  /** null = the documented text. */
  text: string | null;
  /** In force from; null = from the beginning. */
  from: Date | null;
  by: Types.ObjectId | null;
}

export const consentTextSchema = new Schema<ConsentTextRow>(
  {
    institution: { type: String, required: true },
    version: { type: String, required: true },
    text: { type: String, default: null },
    from: { type: Date, default: null },
    by: { type: Schema.Types.ObjectId, default: null },
  },
  { collection: 'consentTexts', versionKey: false },
);
consentTextSchema.index({ institution: 1, version: 1 }, { unique: true });
consentTextSchema.index({ institution: 1, from: -1 });
