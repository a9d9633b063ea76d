import { Schema, type Types } from 'mongoose';

/** A log-in. The token carries the clear `sid`; here stands only its SHA-256. */
export interface Session {
  /** SHA-256 of the sid, hex. */
  _id: string;
  user: Types.ObjectId;
  /** The user's version when it was made or last renewed: a raised one ends the session. */
  userVersion: number;
  version: number;
  device: string | null;
  /** Which log-in made it: the consultant API's tokens live longer (design.md, "Identity"). */
  face?: 'consultant';
  createdAt: Date;
  idleEnd: Date;
  absoluteEnd: Date;
  endedAt: Date | null;
  /** Why it ended, shown to the client. */
  endReason: string | null;
}

export const sessionSchema = new Schema<Session>(
  {
    _id: { type: String, required: true },
    user: { type: Schema.Types.ObjectId, required: true },
    userVersion: { type: Number, required: true },
    version: { type: Number, required: true },
    device: { type: String, default: null },
    face: String,
    createdAt: { type: Date, required: true },
    idleEnd: { type: Date, required: true },
    absoluteEnd: { type: Date, required: true },
    endedAt: { type: Date, default: null },
    endReason: { type: String, default: null },
  },
  { collection: 'sessions' },
);
sessionSchema.index({ user: 1 });
sessionSchema.index({ absoluteEnd: 1 }, { expireAfterSeconds: 86_400 });
