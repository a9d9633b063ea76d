import { Schema, type Types } from 'mongoose';
import { PRESENCES, SEAT_STATES, type Presence, type SeatState } from '../contract/enums.js';

export interface Seat {
  conversation: Types.ObjectId;
  state: SeatState;
  /** The conversation's attempt under which it was taken. */
  attempt: number;
  at: Date;
  /** Of a WRAP_UP: when it is over by itself. */
  until?: Date;
}

/** A counselor's cap and seats, in one document so that both are judged in one atomic step (I5). */
export interface Duty {
  /** The counselor's user id. */
  _id: Types.ObjectId;
  institution: string;
  maxConsults: number;
  seats: Seat[];
  presence: Presence;
  presenceAt: Date;
  /** While sockets are what keeps the counselor on line: until when; null = stated over HTTP, no lease. */
  connectedUntil: Date | null;
  /** When the last connection was noticed as lost; null while there is one, and for who needs none. */
  lostAt: Date | null;
  /** When somebody was last given to them: round robin, and the breathing space after it. */
  assignedAt: Date | null;
  /** Until when nobody is given to them from the line, after a session of high risk. */
  restUntil?: Date | null;
  /** When the last seat was freed, for longest-idle order. */
  idleSince: Date;
  enabled: boolean;
  /** What visitors may wish for. */
  skills?: string[];
  languages?: string[];
}

export const dutySchema = new Schema<Duty>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    maxConsults: { type: Number, required: true },
    seats: {
      type: [
        new Schema<Seat>(
          {
            conversation: Schema.Types.ObjectId,
            state: { type: String, enum: SEAT_STATES },
            attempt: Number,
            at: Date,
            until: Date,
          },
          { _id: false },
        ),
      ],
      default: [],
    },
    presence: { type: String, enum: PRESENCES, default: 'offline' },
    presenceAt: { type: Date, required: true },
    connectedUntil: { type: Date, default: null },
    lostAt: { type: Date, default: null },
    assignedAt: { type: Date, default: null },
    restUntil: Date,
    idleSince: { type: Date, required: true },
    enabled: { type: Boolean, default: true },
    skills: { type: [String], default: undefined },
    languages: { type: [String], default: undefined },
  },
  { collection: 'duties' },
);
dutySchema.index({ institution: 1, presence: 1 });
dutySchema.index({ 'seats.at': 1 });
dutySchema.index({ 'seats.until': 1 }, { sparse: true });
