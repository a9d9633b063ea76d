import { Schema, type Types } from 'mongoose';

/** An institution's rules as data: what is left out falls back to the defaults in services/policy. */
export interface PolicyRow {
  /** institutionCode */
  _id: string;
  values: Record<string, unknown>;
  /** Consent text with its version; null = the documented text. */
  consentVersion: string | null;
  consentText: string | null;
  /** Since when that text is in force, and who published it; null = it came with the platform. */
  consentFrom?: Date | null;
  consentBy?: Types.ObjectId | null;
  /** How long records are kept; what is left out follows services/retention/rules.ts. */
  retention?: Record<string, unknown>;
}

export const policySchema = new Schema<PolicyRow>(
  {
    _id: { type: String, required: true },
    values: { type: Schema.Types.Mixed, default: {} },
    consentVersion: { type: String, default: null },
    consentText: { type: String, default: null },
    consentFrom: { type: Date, default: null },
    consentBy: { type: Schema.Types.ObjectId, default: null },
    retention: Schema.Types.Mixed,
  },
  { timestamps: true, collection: 'policies', minimize: false },
);
