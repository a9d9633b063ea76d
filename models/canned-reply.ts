import { Schema, type Types } from 'mongoose';

/** A phrase that staff insert into what they write. It is about nobody, so it is kept in clear. */
export interface CannedReply {
  _id: Types.ObjectId;
  institution: string;
  /** Whose it is; null = shared by the whole institution. */
  owner: Types.ObjectId | null;
  title: string;
  category: string;
  text: string;
  /** How the title is typed in pinyin: whole, and the first letters. */
  pinyin: string[];
  savedAt: Date;
}

export const cannedReplySchema = new Schema<CannedReply>(
  {
    institution: { type: String, required: true },
    owner: { type: Schema.Types.ObjectId, default: null },
    title: { type: String, required: true },
    category: { type: String, default: '' },
    text: { type: String, required: true },
    pinyin: { type: [String], required: true },
    savedAt: { type: Date, required: true },
  },
  { collection: 'cannedReplies', versionKey: false },
);
cannedReplySchema.index({ institution: 1, owner: 1, category: 1, title: 1 });
