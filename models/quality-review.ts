import { Schema, type Types } from 'mongoose';
import type { QualityCriterion } from '../contract/enums.js';

/** What a supervisor says of a session that is over. */
export interface QualityReview {
  /** Made of session and reviewer (services/quality-review/save.ts): one each. */
  _id: Types.ObjectId;
  institution: string;
  conversation: Types.ObjectId;
  counselor: Types.ObjectId;
  reviewer: Types.ObjectId;
  reviewerName: string | null;
  points: Partial<Record<QualityCriterion, number>>;
  /** JSON of comment and remarks, sealed with the session's key. */
  words: Buffer;
  savedAt: Date;
  readAt: Date | null;
}

export const qualityReviewSchema = new Schema<QualityReview>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    conversation: { type: Schema.Types.ObjectId, required: true },
    counselor: { type: Schema.Types.ObjectId, required: true },
    reviewer: { type: Schema.Types.ObjectId, required: true },
    reviewerName: { type: String, default: null },
    points: { type: Schema.Types.Mixed, required: true },
    words: { type: Buffer, required: true },
    savedAt: { type: Date, required: true },
    readAt: { type: Date, default: null },
  },
  { collection: 'qualityReviews' },
);
qualityReviewSchema.index({ conversation: 1, savedAt: 1 });
qualityReviewSchema.index({ counselor: 1, savedAt: -1 });
qualityReviewSchema.index({ institution: 1, savedAt: -1 });
