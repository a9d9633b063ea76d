import { Schema, type Types } from 'mongoose';

/** A case file of a consultant (second document, 咨询档案): one student, and under it its consultation records. */
export interface InterviewRecord {
  _id: Types.ObjectId;
  /** The integer id of the wire, from the counter that numbers orders and consultation records too. */
  caseID: number;
  consultant: Types.ObjectId;
  /** Whose key seals it: the consultant's institution when it was made. */
  institution: string;
  /** Where its own data key lies (services/record/keys.ts). */
  key: Types.ObjectId;
  keySlot: number;
  /** Sealed: the student's name (level B), the evaluation and the plan (level A, with the own key). */
  name: Buffer | null;
  evaluation: Buffer | null;
  plan: Buffer | null;
  /** Blind index of name, school, grade and class within the consultant's rows. */
  person: string;
  /** Blind index of the student id, on records that a consultation record with one made. */
  student?: string;
  grade: string;
  class: string;
  school: string;
  /** As people wrote it; "3" and "第3次" both occur. */
  count: string;
  status: string;
  type: string;
  createdAt: Date;
  demo?: true;
}

const text = { type: String, default: '' };

export const interviewRecordSchema = new Schema<InterviewRecord>(
  {
    caseID: { type: Number, required: true },
    consultant: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    key: { type: Schema.Types.ObjectId, required: true },
    keySlot: { type: Number, required: true },
    name: { type: Buffer, default: null },
    evaluation: { type: Buffer, default: null },
    plan: { type: Buffer, default: null },
    person: { type: String, required: true },
    student: String,
    grade: text,
    class: text,
    school: text,
    count: text,
    status: text,
    type: text,
    createdAt: { type: Date, required: true },
    demo: Boolean,
  },
  { collection: 'interviewRecords', versionKey: false },
);
// Few, narrow and not unique: an upload writes thousands of rows, and each index with each of them. One counter gives
// every caseID once; both blind indexes have the consultant inside.
interviewRecordSchema.index({ consultant: 1, caseID: -1 });
interviewRecordSchema.index({ person: 1 });
// Two consultation records of one new student at once make one case file.
interviewRecordSchema.index(
  { student: 1 },
  { unique: true, partialFilterExpression: { student: { $type: 'string' } } },
);
