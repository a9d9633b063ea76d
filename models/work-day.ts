import { Schema, type Types } from 'mongoose';

/** One stretch of a day in which a consultant can be booked; times of day as HH:mm, `to` up to 24:00. */
export interface WorkSpan {
  /** Integer from the counter caseID, printed by schedule/work. */
  id: number;
  from: string;
  to: string;
}

/** The booking hours of one consultant on one Asia/Shanghai day (not the hotline's duty days). */
export interface WorkDay {
  _id: Types.ObjectId;
  consultant: Types.ObjectId;
  institution: string;
  /** YYYY-MM-DD in Asia/Shanghai. */
  day: string;
  /** In order, never overlapping. */
  spans: WorkSpan[];
  demo?: true;
}

export const workDaySchema = new Schema<WorkDay>(
  {
    consultant: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    day: { type: String, required: true },
    spans: {
      type: [new Schema<WorkSpan>({ id: Number, from: String, to: String }, { _id: false })],
      default: [],
    },
    demo: Boolean,
  },
  { timestamps: true, collection: 'workDays' },
);
workDaySchema.index({ consultant: 1, day: 1 }, { unique: true });
workDaySchema.index({ institution: 1, day: 1 });
