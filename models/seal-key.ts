import { Schema, type Types } from 'mongoose';

/** A key that signs exports (Ed25519). Retired ones stay: what they signed must be verifiable for ever. */
export interface SealKeyRow {
  _id: Types.ObjectId;
  /** 32 bytes. */
  publicKey: Buffer;
  /** PKCS 8, sealed with the master key; null once retired. */
  privateKey: Buffer | null;
  /** True on the one in use, absent on the others: one by unique index. */
  active?: true;
  createdAt: Date;
  retiredAt: Date | null;
}

export const sealKeySchema = new Schema<SealKeyRow>(
  {
    publicKey: { type: Buffer, required: true },
    privateKey: { type: Buffer, default: null },
    active: Boolean,
    createdAt: { type: Date, required: true },
    retiredAt: { type: Date, default: null },
  },
  { collection: 'sealKeys' },
);
sealKeySchema.index({ active: 1 }, { unique: true, partialFilterExpression: { active: true } });
