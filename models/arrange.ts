import { Schema, type Types } from 'mongoose';
import type { Role } from '../contract/enums.js';

/** One person on duty on one Asia/Shanghai day (排班). */
export interface Arrange {
  _id: Types.ObjectId;
  user: Types.ObjectId;
  role: Role;
  institution: string;
  /** YYYY-MM-DD in Asia/Shanghai. */
  day: string;
  /** 'day' rows stay as they are; 'rule' rows follow the weekly rule. */
  source: 'day' | 'rule';
  /** Removed by hand: stays as a mark so that the weekly rule does not make it again. */
  removed: boolean;
  demo?: true;
}

export const arrangeSchema = new Schema<Arrange>(
  {
    user: { type: Schema.Types.ObjectId, required: true },
    role: { type: String, required: true },
    institution: { type: String, required: true },
    day: { type: String, required: true },
    source: { type: String, default: 'day' },
    removed: { type: Boolean, default: false },
    demo: Boolean,
  },
  { timestamps: true, collection: 'arranges' },
);
arrangeSchema.index({ user: 1, day: 1 }, { unique: true });
arrangeSchema.index({ institution: 1, day: 1, role: 1 });
