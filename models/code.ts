import { Schema } from 'mongoose';
import type { CodePurpose } from '../contract/enums.js';

/** The one verification code in force for an account; a newer one replaces it. */
export interface Code {
  /** Account type and blind index of the account: no address stands here. */
  _id: string;
  /** HMAC of account and code with the pepper: six digits alone would be guessed. */
  hash: string;
  /** null = good for whatever is done first. */
  purpose: CodePurpose | null;
  /** Wrong and right tries so far. */
  tries: number;
  expiresAt: Date;
}

export const codeSchema = new Schema<Code>(
  {
    _id: { type: String, required: true },
    hash: { type: String, required: true },
    purpose: { type: String, default: null },
    tries: { type: Number, default: 0 },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'codes' },
);
codeSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 3_600 });
