import { Schema, type Types } from 'mongoose';

/** A stretch of time, [from, to). */
export interface Span {
  from: Date;
  to: Date;
}

export interface BusySpan extends Span {
  order: Types.ObjectId;
  /** When it was taken; one whose order never came is given back after a while. */
  at: Date;
}

/**
 * What fills a consultant's time, in one document, so that "free and not on a stop" is judged in the atomic step
 * that takes it: two orders for one hour cannot both be let in.
 */
export interface Calendar {
  /** The consultant's user id. */
  _id: Types.ObjectId;
  busy: BusySpan[];
  /** Stops (停诊), overwritten as a whole. */
  stops: Span[];
}

export const calendarSchema = new Schema<Calendar>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    busy: {
      type: [
        new Schema<BusySpan>(
          { order: Schema.Types.ObjectId, from: Date, to: Date, at: Date },
          { _id: false },
        ),
      ],
      default: [],
    },
    stops: { type: [new Schema<Span>({ from: Date, to: Date }, { _id: false })], default: [] },
  },
  { collection: 'calendars', versionKey: false },
);
// A stop takes a counselor out of matchmaking: who has one at a given time.
calendarSchema.index({ 'stops.to': 1 });
