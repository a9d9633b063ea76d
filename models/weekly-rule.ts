import { Schema, type Types } from 'mongoose';
import type { Role } from '../contract/enums.js';

/** One stretch of time under the same rule; the last one of a person is the one in force. */
export interface RuleSpan {
  /** First day, YYYY-MM-DD in Asia/Shanghai. */
  from: string;
  /** First day it no longer holds; null while it is in force. */
  until: string | null;
  /** 1 = Monday … 7 = Sunday. */
  weekDays: number[];
}

/**
 * On which days of the week a person is on duty (document section 23). Its days are computed, never stored, so
 * that they have no end and reading writes nothing; `arranges` holds the exceptions. Past spans are kept: what
 * the roster was on a past day does not change with a new rule.
 */
export interface WeeklyRule {
  /** The person's user id. */
  _id: Types.ObjectId;
  institution: string;
  role: Role;
  /** Of the user; part of a computed day's id. */
  userID: number;
  spans: RuleSpan[];
  demo?: true;
}

export const weeklyRuleSchema = new Schema<WeeklyRule>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    role: { type: String, required: true },
    userID: { type: Number, required: true },
    spans: {
      type: [
        new Schema<RuleSpan>(
          { from: String, until: { type: String, default: null }, weekDays: [Number] },
          { _id: false },
        ),
      ],
      default: [],
    },
    demo: Boolean,
  },
  { timestamps: true, collection: 'weeklyRules' },
);
weeklyRuleSchema.index({ institution: 1, role: 1 });
weeklyRuleSchema.index({ userID: 1 }, { unique: true });
