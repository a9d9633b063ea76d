import { Schema } from 'mongoose';

/** A school or centre; everything a person or conversation belongs to. */
export interface Institution {
  /** institutionCode */
  _id: string;
  name: string;
  appids: string[];
  demo?: true;
}

export const institutionSchema = new Schema<Institution>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    appids: { type: [String], default: [] },
    demo: Boolean,
  },
  { timestamps: true, collection: 'institutions' },
);
