import { Schema, type Types } from 'mongoose';

/** Who a client is in their own words (second document, 个人档案): of a case file, or of an order. */
export interface PersonalProfile {
  _id: Types.ObjectId;
  /** The integer id of the case file or order. */
  caseID: number;
  /** Whose key seals it. */
  institution: string;
  /** Where its own data key lies (services/record/keys.ts). */
  key: Types.ObjectId;
  keySlot: number;
  /** Sealed JSON. */
  body: Buffer;
}

export const personalProfileSchema = new Schema<PersonalProfile>(
  {
    caseID: { type: Number, required: true },
    institution: { type: String, required: true },
    key: { type: Schema.Types.ObjectId, required: true },
    keySlot: { type: Number, required: true },
    body: { type: Buffer, required: true },
  },
  { collection: 'personalProfiles', versionKey: false },
);
personalProfileSchema.index({ caseID: 1 }, { unique: true });
