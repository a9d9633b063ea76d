import { Schema, type Types } from 'mongoose';
import { OFFLINE_STATES, URGENCIES, type OfflineState, type Urgency } from '../contract/enums.js';

/** What a visitor left while nobody was there, and the task that it is for staff. */
export interface OfflineMessage {
  _id: Types.ObjectId;
  institution: string;
  visitor: Types.ObjectId;
  visitorName: string | null;
  clientMsgId: string;
  consentVersion: string;
  /** Of its own: erasing the message is destroying it. */
  key: Types.ObjectId;
  /** {text, contact} as JSON, sealed. */
  body: Buffer;
  urgency: Urgency;
  state: OfflineState;
  taker: Types.ObjectId | null;
  takerName: string | null;
  takenAt: Date | null;
  doneAt: Date | null;
  /** Sealed. */
  remark: Buffer | null;
  createdAt: Date;
}

export const offlineMessageSchema = new Schema<OfflineMessage>(
  {
    institution: { type: String, required: true },
    visitor: { type: Schema.Types.ObjectId, required: true },
    visitorName: { type: String, default: null },
    clientMsgId: { type: String, required: true },
    consentVersion: { type: String, required: true },
    key: { type: Schema.Types.ObjectId, required: true },
    body: { type: Buffer, required: true },
    urgency: { type: String, enum: URGENCIES, required: true },
    state: { type: String, enum: OFFLINE_STATES, default: 'OPEN' },
    taker: { type: Schema.Types.ObjectId, default: null },
    takerName: { type: String, default: null },
    takenAt: { type: Date, default: null },
    doneAt: { type: Date, default: null },
    remark: { type: Buffer, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'offlineMessages', versionKey: false },
);
offlineMessageSchema.index({ visitor: 1, clientMsgId: 1 }, { unique: true });
offlineMessageSchema.index({ institution: 1, createdAt: -1 });
offlineMessageSchema.index({ institution: 1, state: 1, createdAt: -1 });
