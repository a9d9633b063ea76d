import { Schema } from 'mongoose';

/** Who may do a thing alone for a while (the migration, a sweep). */
export interface Lease {
  _id: string;
  holder: string;
  until: Date;
}

export const leaseSchema = new Schema<Lease>(
  {
    _id: { type: String, required: true },
    holder: { type: String, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'leases' },
);
