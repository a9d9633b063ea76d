import { Schema, type Types } from 'mongoose';
import { IM_REPORT_STATES, type ImReportState } from '../contract/enums.js';

/**
 * How far a conversation has been copied to Tencent: everything up to `done`, since seq has no gaps. A row is
 * pending while `wanted` is ahead.
 */
export interface ImMirrorRow {
  /** The conversation. */
  _id: Types.ObjectId;
  wanted: number;
  done: number;
  pending: boolean;
  attempts: number;
  dueAt: Date;
  /** Tencent's last error code; none when all is well. */
  error: string | null;
  /** Messages that Tencent will never take (blocked content, too long): passed over. */
  skipped: number[];
}

export const imMirrorSchema = new Schema<ImMirrorRow>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    wanted: { type: Number, required: true },
    done: { type: Number, default: 0 },
    pending: { type: Boolean, default: true },
    attempts: { type: Number, default: 0 },
    dueAt: { type: Date, required: true },
    error: { type: String, default: null },
    skipped: { type: [Number], default: [] },
  },
  { collection: 'imMirrors', versionKey: false },
);
imMirrorSchema.index({ dueAt: 1 }, { partialFilterExpression: { pending: true } });

/** Under which key Tencent holds a message of ours: what a withdrawal names. */
export interface ImLinkRow {
  /** The message. */
  _id: Types.ObjectId;
  conversation: Types.ObjectId;
  from: string;
  to: string;
  msgKey: string;
}

export const imLinkSchema = new Schema<ImLinkRow>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    conversation: { type: Schema.Types.ObjectId, required: true },
    from: { type: String, required: true },
    to: { type: String, required: true },
    msgKey: { type: String, required: true },
  },
  { collection: 'imLinks', versionKey: false },
);
imLinkSchema.index({ conversation: 1 });

/** What a comparison with Tencent found and did; one a night, and those that were started by hand. */
export interface ImReportRow {
  /** YYYY-MM-DD in Asia/Shanghai, or a moment for one by hand. */
  _id: string;
  state: ImReportState;
  /** Not over by then: a worker takes it up, again if the one before went away. null = over. */
  wakeAt: Date | null;
  /** The administrator who started it; null = the night, or a command. */
  by: Types.ObjectId | null;
  from: Date;
  to: Date;
  conversations: number;
  /** Messages that Tencent holds and we did not: fetched. */
  fetched: number;
  /** Recalls that we had missed. */
  recalled: number;
  /** Conversations whose copying had stopped: begun again. */
  resumed: number;
  failures: number;
  startedAt: Date;
  endedAt: Date | null;
}

export const imReportSchema = new Schema<ImReportRow>(
  {
    _id: { type: String, required: true },
    state: { type: String, enum: IM_REPORT_STATES, required: true },
    wakeAt: { type: Date, default: null },
    by: { type: Schema.Types.ObjectId, default: null },
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    conversations: { type: Number, default: 0 },
    fetched: { type: Number, default: 0 },
    recalled: { type: Number, default: 0 },
    resumed: { type: Number, default: 0 },
    failures: { type: Number, default: 0 },
    startedAt: { type: Date, required: true },
    endedAt: { type: Date, default: null },
  },
  { collection: 'imReports', versionKey: false },
);
imReportSchema.index({ startedAt: -1, _id: -1 });
imReportSchema.index({ wakeAt: 1 });
