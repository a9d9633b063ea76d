import { Schema } from 'mongoose';

/** Something lost its rights: every node reads the new rows twice a second (design.md, Identity). */
export interface Cutoff {
  subject: 'user' | 'session' | 'key';
  /** User id, session row id or data key id. */
  ref: string;
  version: number;
  reason: string;
  at: Date;
}

export const cutoffSchema = new Schema<Cutoff>(
  {
    subject: { type: String, required: true },
    ref: { type: String, required: true },
    version: { type: Number, required: true },
    reason: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'cutoffs' },
);
// Read by time; kept a day, far beyond any node's pause that a client would survive.
cutoffSchema.index({ at: 1 }, { expireAfterSeconds: 86_400 });
