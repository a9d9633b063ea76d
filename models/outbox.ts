import { Schema, type Types } from 'mongoose';

/** A notice that must leave: written with the change itself, delivered at least once, in order per receiver. */
export interface OutboxRow {
  _id: Types.ObjectId;
  channel: 'mail' | 'sms' | 'wechat' | 'webhook';
  receiver: string;
  template: string;
  /** Ids and codes; what is personal is read again at delivery. */
  data: Record<string, unknown>;
  state: 'PENDING' | 'DONE' | 'DEAD';
  attempts: number;
  dueAt: Date;
  error: string | null;
  createdAt: Date;
}

export const outboxSchema = new Schema<OutboxRow>(
  {
    channel: { type: String, required: true },
    receiver: { type: String, required: true },
    template: { type: String, required: true },
    data: { type: Schema.Types.Mixed, default: {} },
    state: { type: String, default: 'PENDING' },
    attempts: { type: Number, default: 0 },
    dueAt: { type: Date, required: true },
    error: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'outbox', minimize: false },
);
outboxSchema.index({ state: 1, dueAt: 1 });
outboxSchema.index({ receiver: 1, createdAt: 1 });
