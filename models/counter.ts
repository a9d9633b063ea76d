import { Schema } from 'mongoose';

/** Integer sequences (userID, case ids), made by the migration and only incremented afterwards. */
export interface Counter {
  _id: string;
  value: number;
}

export const COUNTERS = ['userID', 'caseID'] as const;
export type CounterName = (typeof COUNTERS)[number];

export const counterSchema = new Schema<Counter>(
  { _id: { type: String, required: true }, value: { type: Number, required: true } },
  { collection: 'counters' },
);
