import { Schema, type Types } from 'mongoose';
import { PRESENCES, type Presence } from '../contract/enums.js';
import { countable } from './countable.js';

/**
 * A stretch of a counselor's time in which nothing of this row changed: agent time is the sum of `to - from` by
 * state, occupancy the sum of `taken` × length over the sum of `cap` × length. Off line with no seat is no row.
 */
export interface PresenceInterval {
  _id: Types.ObjectId;
  counselor: Types.ObjectId;
  institution: string;
  /** What the counselor stated. */
  state: Presence;
  /** False from the moment a lost connection was noticed until it was back. */
  connected: boolean;
  /** Seats held: sessions, offers and wrap-ups. */
  taken: number;
  cap: number;
  /** [from, to); null while it goes on. */
  from: Date;
  to: Date | null;
  /** Only on the one that goes on: one a counselor by unique index. */
  open?: true;
  /** Set anew by every change, removed when the rollups have counted it (models/countable.ts). */
  unrolled?: Types.ObjectId;
}

export const presenceIntervalSchema = new Schema<PresenceInterval>(
  {
    counselor: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    state: { type: String, enum: PRESENCES, required: true },
    connected: { type: Boolean, required: true },
    taken: { type: Number, required: true },
    cap: { type: Number, required: true },
    from: { type: Date, required: true },
    to: { type: Date, default: null },
    open: Boolean,
  },
  { collection: 'presenceIntervals', versionKey: false },
);
presenceIntervalSchema.plugin(countable);
presenceIntervalSchema.index({ counselor: 1 }, { unique: true, partialFilterExpression: { open: true } });
presenceIntervalSchema.index({ institution: 1, from: 1 });
presenceIntervalSchema.index({ counselor: 1, from: 1 });
