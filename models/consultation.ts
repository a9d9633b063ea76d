import { Schema, type Types } from 'mongoose';

/** One consultation under a case file (second document, 咨询记录). */
export interface Consultation {
  _id: Types.ObjectId;
  /** The integer id of the wire, from the counter that numbers orders and case files too. */
  caseID: number;
  record: Types.ObjectId;
  consultant: Types.ObjectId;
  /** Whose key seals it. */
  institution: string;
  /** Sealed JSON of every text that the document names: names and student id, findings, plans, crisis state. */
  body: Buffer;
  /** Blind index of the student id; absent without one. */
  student?: string;
  /** Which consultation it is, as a number: the record's highest counts. */
  ordinal: number;
  thirdParty: boolean;
  /** Names of sealed pictures in the file store. */
  signature: string | null;
  attachments: string[];
  createdAt: Date;
}

export const consultationSchema = new Schema<Consultation>(
  {
    caseID: { type: Number, required: true },
    record: { type: Schema.Types.ObjectId, required: true },
    consultant: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    body: { type: Buffer, required: true },
    student: String,
    ordinal: { type: Number, required: true },
    thirdParty: { type: Boolean, default: false },
    signature: { type: String, default: null },
    attachments: { type: [String], default: [] },
    createdAt: { type: Date, required: true },
  },
  { collection: 'consultations', versionKey: false },
);
consultationSchema.index({ caseID: 1 }, { unique: true });
consultationSchema.index({ record: 1, caseID: 1 });
consultationSchema.index({ consultant: 1, student: 1 });
