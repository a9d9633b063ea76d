import { Schema, type Types } from 'mongoose';

/** A blank form that an institution shares (second document, 模板文件). */
export interface Template {
  _id: Types.ObjectId;
  institution: string;
  owner: Types.ObjectId;
  /** As uploaded; unique in the institution. */
  fileName: string;
  /** Bytes of the file as uploaded. */
  size: number;
  /** Name in the file store. */
  file: string;
  createdAt: Date;
}

export const templateSchema = new Schema<Template>(
  {
    institution: { type: String, required: true },
    owner: { type: Schema.Types.ObjectId, required: true },
    fileName: { type: String, required: true },
    size: { type: Number, required: true },
    file: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'templates', versionKey: false },
);
templateSchema.index({ institution: 1, fileName: 1 }, { unique: true });
