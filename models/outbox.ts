import { Schema, type Types } from 'mongoose';
import type { OutboxChannel } from '../contract/enums.js';

/** A notice that must leave: written with the change itself, delivered at least once, in order per receiver. */
export interface OutboxRow {
  _id: Types.ObjectId;
  channel: OutboxChannel;
  /** A person's id, or a webhook's. */
  receiver: string;
  /** Whose change it tells of. */
  institution?: string;
  template: string;
  /** Ids and codes; what is personal is read again at delivery. */
  data: Record<string, unknown>;
  state: 'PENDING' | 'DONE' | 'DEAD';
  attempts: number;
  dueAt: Date;
  error: string | null;
  /** Lower ones of a receiver leave first; later ones wait for them. */
  order?: number;
  createdAt: Date;
}

export const outboxSchema = new Schema<OutboxRow>(
  {
    channel: { type: String, required: true },
    receiver: { type: String, required: true },
    institution: String,
    template: { type: String, required: true },
    data: { type: Schema.Types.Mixed, default: {} },
    state: { type: String, default: 'PENDING' },
    attempts: { type: Number, default: 0 },
    dueAt: { type: Date, required: true },
    error: { type: String, default: null },
    order: Number,
    createdAt: { type: Date, required: true },
  },
  { collection: 'outbox', minimize: false },
);
outboxSchema.index({ state: 1, dueAt: 1 });
outboxSchema.index({ receiver: 1, state: 1, order: 1 });
// What was delivered is news of yesterday; what is dead stays until a person looked at it.
outboxSchema.index(
  { createdAt: 1 },
  { expireAfterSeconds: 90 * 86_400, partialFilterExpression: { state: 'DONE' } },
);
