import { Schema, type Types } from 'mongoose';
import {
  ERASURE_REFUSALS,
  ERASURE_REQUEST_STATES,
  type ErasureRefusal,
  type ErasureRequestState,
} from '../contract/enums.js';

/**
 * A visitor's request to be erased, one a visitor, and afterwards the receipt that they were. Receipts stay: after a
 * restore from a backup they are applied again before anything is served.
 */
export interface ErasureRequest {
  /** The visitor. Once erased it is the id of a row that stands for nobody. */
  _id: Types.ObjectId;
  institution: string;
  state: ErasureRequestState;
  askedAt: Date;
  /** Since when an admin's acceptance is being carried out; null = nobody has accepted it. */
  claimedAt: Date | null;
  settledAt: Date | null;
  /** File number. */
  reference: string | null;
  reason: ErasureRefusal | null;
}

export const erasureRequestSchema = new Schema<ErasureRequest>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    state: { type: String, enum: ERASURE_REQUEST_STATES, required: true },
    askedAt: { type: Date, required: true },
    claimedAt: { type: Date, default: null },
    settledAt: { type: Date, default: null },
    reference: { type: String, default: null },
    reason: { type: String, enum: [...ERASURE_REFUSALS, null], default: null },
  },
  { collection: 'erasureRequests', versionKey: false },
);
erasureRequestSchema.index({ institution: 1, state: 1, askedAt: 1 });
erasureRequestSchema.index({ state: 1, askedAt: 1 });
