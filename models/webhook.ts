import { Schema, type Types } from 'mongoose';

/** An integrator's address that is told what happens. */
export interface Webhook {
  _id: Types.ObjectId;
  institution: string;
  url: string;
  /** Which events (contract/webhook.ts). */
  events: string[];
  /** Sealed with the institution's key. */
  secret: Buffer;
  /** The one before, which signs too until then. */
  previous: { secret: Buffer; until: Date } | null;
  createdBy: Types.ObjectId;
  createdAt: Date;
  deletedAt: Date | null;
}

export const webhookSchema = new Schema<Webhook>(
  {
    institution: { type: String, required: true },
    url: { type: String, required: true },
    events: { type: [String], required: true },
    secret: { type: Buffer, required: true },
    previous: {
      type: new Schema({ secret: Buffer, until: Date }, { _id: false }),
      default: null,
    },
    createdBy: { type: Schema.Types.ObjectId, required: true },
    createdAt: { type: Date, required: true },
    deletedAt: { type: Date, default: null },
  },
  { collection: 'webhooks', versionKey: false },
);
webhookSchema.index({ institution: 1, createdAt: 1 });
