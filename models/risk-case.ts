import { Schema, type Types } from 'mongoose';
import {
  CASE_SOURCES,
  CASE_STATUSES,
  RISK_LEVELS,
  type CaseSource,
  type CaseStatus,
  type RiskLevel,
} from '../contract/enums.js';

/** A high-risk session that somebody is to look after: open until it is signed off and closed. */
export interface RiskCase {
  _id: Types.ObjectId;
  institution: string;
  conversation: Types.ObjectId;
  visitor: Types.ObjectId | null;
  /** The counselor who keeps it. */
  owner: Types.ObjectId | null;
  status: CaseStatus;
  source: CaseSource;
  openedAt: Date;
  /** Of the newest assessment. */
  score: number | null;
  band: RiskLevel | null;
  /** Sealed with the session's key, as everything said about the visitor. */
  plan: Buffer | null;
  signedBy: Types.ObjectId | null;
  signedAt: Date | null;
  closedAt: Date | null;
  closedBy: Types.ObjectId | null;
  /** Grows with every change. */
  rev: number;
}

export const riskCaseSchema = new Schema<RiskCase>(
  {
    institution: { type: String, required: true },
    conversation: { type: Schema.Types.ObjectId, required: true },
    visitor: { type: Schema.Types.ObjectId, default: null },
    owner: { type: Schema.Types.ObjectId, default: null },
    status: { type: String, enum: CASE_STATUSES, default: 'OPEN' },
    source: { type: String, enum: CASE_SOURCES, required: true },
    openedAt: { type: Date, required: true },
    score: { type: Number, default: null },
    band: { type: String, enum: [...RISK_LEVELS, null], default: null },
    plan: { type: Buffer, default: null },
    signedBy: { type: Schema.Types.ObjectId, default: null },
    signedAt: { type: Date, default: null },
    closedAt: { type: Date, default: null },
    closedBy: { type: Schema.Types.ObjectId, default: null },
    rev: { type: Number, default: 1 },
  },
  { collection: 'riskCases' },
);
riskCaseSchema.index({ conversation: 1 }, { unique: true });
riskCaseSchema.index({ institution: 1, openedAt: -1 });
riskCaseSchema.index({ owner: 1, openedAt: -1 });

/** One filled-in scale. */
export interface RiskAssessment {
  _id: Types.ObjectId;
  institution: string;
  conversation: Types.ObjectId;
  form: string;
  score: number;
  band: RiskLevel;
  /** Sealed with the session's key. */
  answers: Buffer;
  by: Types.ObjectId;
  at: Date;
}

export const riskAssessmentSchema = new Schema<RiskAssessment>(
  {
    institution: { type: String, required: true },
    conversation: { type: Schema.Types.ObjectId, required: true },
    form: { type: String, required: true },
    score: { type: Number, required: true },
    band: { type: String, enum: RISK_LEVELS, required: true },
    answers: { type: Buffer, required: true },
    by: { type: Schema.Types.ObjectId, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'riskAssessments' },
);
riskAssessmentSchema.index({ conversation: 1, at: -1 });
