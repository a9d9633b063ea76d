import { Schema, type Types } from 'mongoose';
import { EVALUATION_OBJECTS, type EvaluationObject } from '../contract/enums.js';
import { countable } from './countable.js';

/** A rating of a conversation or of its counselor (document section 38a). */
export interface Evaluation {
  _id: Types.ObjectId;
  /** What is rated: a conversation, or an order that had none. */
  conversation: Types.ObjectId;
  /** That order; its words are sealed with a key of their own (services/record/keys.ts). */
  order?: Types.ObjectId;
  key?: Types.ObjectId;
  keySlot?: number;
  objectType: EvaluationObject;
  rater: Types.ObjectId;
  counselor: Types.ObjectId | null;
  institution: string;
  level: number | null;
  /** Sealed with the conversation's key. */
  content: Buffer | null;
  tags: string[];
  at: Date;
  /** True until the outbox has taken it over. */
  untold?: true;
  /** Set anew by every change, removed when the rollups have counted it (models/countable.ts). */
  unrolled?: Types.ObjectId;
  demo?: true;
}

export const evaluationSchema = new Schema<Evaluation>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    order: Schema.Types.ObjectId,
    key: Schema.Types.ObjectId,
    keySlot: Number,
    objectType: { type: String, enum: EVALUATION_OBJECTS, required: true },
    rater: { type: Schema.Types.ObjectId, required: true },
    counselor: { type: Schema.Types.ObjectId, default: null },
    institution: { type: String, required: true },
    level: { type: Number, default: null },
    content: { type: Buffer, default: null },
    tags: { type: [String], default: [] },
    at: { type: Date, required: true },
    untold: { type: Boolean, default: true },
    demo: Boolean,
  },
  { collection: 'evaluations' },
);
evaluationSchema.plugin(countable);
evaluationSchema.index({ untold: 1 }, { sparse: true });
evaluationSchema.index({ conversation: 1, objectType: 1, rater: 1 }, { unique: true });
evaluationSchema.index({ counselor: 1, at: -1 });
evaluationSchema.index({ institution: 1, at: -1 });
evaluationSchema.index({ at: -1 });
