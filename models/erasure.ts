import { Schema, type Types } from 'mongoose';
import { ERASURE_CAUSES, type ErasureCause } from '../contract/enums.js';

/**
 * A conversation that is to be erased once its grace is over, and afterwards the receipt that it was. Receipts stay:
 * after a restore from a backup they are applied again before anything is served.
 */
export interface Erasure {
  /** The conversation. */
  _id: Types.ObjectId;
  institution: string;
  /** The data key whose destruction erases it. */
  key: Types.ObjectId;
  /** Absent on rows of before there were several: deleted by hand. */
  cause?: ErasureCause;
  /** File number of a person's request. */
  reference?: string | null;
  /** null = the purge. */
  requestedBy: Types.ObjectId | null;
  requestedAt: Date;
  dueAt: Date;
  erasedAt: Date | null;
  /** What was there: messages, and the last link of their chain. */
  messages: number | null;
  lastLink: Buffer | null;
}

export const erasureSchema = new Schema<Erasure>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    key: { type: Schema.Types.ObjectId, required: true },
    cause: { type: String, enum: ERASURE_CAUSES },
    reference: { type: String, default: null },
    requestedBy: { type: Schema.Types.ObjectId, default: null },
    requestedAt: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    erasedAt: { type: Date, default: null },
    messages: { type: Number, default: null },
    lastLink: { type: Buffer, default: null },
  },
  { collection: 'erasures' },
);
erasureSchema.index({ erasedAt: 1, dueAt: 1 });
erasureSchema.index({ institution: 1, requestedAt: -1 });
