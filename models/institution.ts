import { Schema } from 'mongoose';

/** A school or centre; everything a person or conversation belongs to. */
export interface Institution {
  /** institutionCode */
  _id: string;
  name: string;
  appids: string[];
  /** What a counselling costs, fen. */
  prices?: { online?: number; offline?: number };
  demo?: true;
}

export const institutionSchema = new Schema<Institution>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    appids: { type: [String], default: [] },
    prices: { type: new Schema({ online: Number, offline: Number }, { _id: false }) },
    demo: Boolean,
  },
  { timestamps: true, collection: 'institutions' },
);
