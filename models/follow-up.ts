import { Schema, type Types } from 'mongoose';
import {
  DISCLOSED_TO,
  FOLLOW_UP_OUTCOMES,
  FOLLOW_UP_STATES,
  FOLLOW_UP_STEPS,
  type DisclosedTo,
  type FollowUpOutcome,
  type FollowUpState,
  type FollowUpStep,
} from '../contract/enums.js';

/** One of the five times at which somebody in danger is asked after. */
export interface FollowUp {
  _id: Types.ObjectId;
  institution: string;
  case: Types.ObjectId;
  conversation: Types.ObjectId;
  step: FollowUpStep;
  /** YYYY-MM-DD in Asia/Shanghai. */
  day: string;
  owner: Types.ObjectId | null;
  state: FollowUpState;
  outcome: FollowUpOutcome | null;
  /** Sealed with the session's key. */
  note: Buffer | null;
  /** When its owner was told that its day has come. */
  remindedAt: Date | null;
  doneAt: Date | null;
  doneBy: Types.ObjectId | null;
}

export const followUpSchema = new Schema<FollowUp>(
  {
    institution: { type: String, required: true },
    case: { type: Schema.Types.ObjectId, required: true },
    conversation: { type: Schema.Types.ObjectId, required: true },
    step: { type: String, enum: FOLLOW_UP_STEPS, required: true },
    day: { type: String, required: true },
    owner: { type: Schema.Types.ObjectId, default: null },
    state: { type: String, enum: FOLLOW_UP_STATES, default: 'OPEN' },
    outcome: { type: String, enum: [...FOLLOW_UP_OUTCOMES, null], default: null },
    note: { type: Buffer, default: null },
    remindedAt: { type: Date, default: null },
    doneAt: { type: Date, default: null },
    doneBy: { type: Schema.Types.ObjectId, default: null },
  },
  { collection: 'followUps' },
);
followUpSchema.index({ case: 1, step: 1 }, { unique: true });
followUpSchema.index({ institution: 1, state: 1, day: 1 });
followUpSchema.index({ owner: 1, state: 1, day: 1 });
followUpSchema.index({ state: 1, remindedAt: 1, day: 1 });

/** Something of a case that was told outside, with the signatures of two people. */
export interface Disclosure {
  _id: Types.ObjectId;
  institution: string;
  case: Types.ObjectId;
  conversation: Types.ObjectId;
  to: DisclosedTo;
  /** Sealed with the session's key: whom, why, and why the visitor was not told. */
  whom: Buffer;
  reason: Buffer;
  untold: Buffer | null;
  visitorTold: boolean;
  by: Types.ObjectId;
  at: Date;
  signedBy: Types.ObjectId | null;
  signedAt: Date | null;
}

export const disclosureSchema = new Schema<Disclosure>(
  {
    institution: { type: String, required: true },
    case: { type: Schema.Types.ObjectId, required: true },
    conversation: { type: Schema.Types.ObjectId, required: true },
    to: { type: String, enum: DISCLOSED_TO, required: true },
    whom: { type: Buffer, required: true },
    reason: { type: Buffer, required: true },
    untold: { type: Buffer, default: null },
    visitorTold: { type: Boolean, required: true },
    by: { type: Schema.Types.ObjectId, required: true },
    at: { type: Date, required: true },
    signedBy: { type: Schema.Types.ObjectId, default: null },
    signedAt: { type: Date, default: null },
  },
  { collection: 'disclosures' },
);
disclosureSchema.index({ case: 1, at: -1 });
