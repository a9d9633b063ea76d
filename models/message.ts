import { Schema, type Types } from 'mongoose';
import {
  MESSAGE_KINDS,
  SENDER_TYPES,
  STAFF_KINDS,
  type ConversationType,
  type MessageKind,
  type SenderType,
  type SystemEvent,
} from '../contract/enums.js';

/**
 * Whether a kind may stand in a conversation of this type: what staff say among themselves never stands in a
 * session, whoever asks (design.md, "Rooms", first wall). The journal asks before every write.
 */
export function mayStandIn(kind: MessageKind, type: ConversationType): boolean {
  return type === 'REQUEST_SUPERVISE' || !(STAFF_KINDS as readonly MessageKind[]).includes(kind);
}

/**
 * One numbered line of a conversation. The body is sealed with the conversation's own key; `digest` and `link`
 * survive its recall and erasure (design.md, "Seal, encryption, erasure, search").
 */
export interface Message {
  _id: Types.ObjectId;
  conversation: Types.ObjectId;
  seq: number;
  kind: MessageKind;
  /** null = the system */
  sender: Types.ObjectId | null;
  senderType: SenderType;
  clientMsgId: string;
  at: Date;
  /** Sealed salt ‖ canonical JSON; null after recall or erasure. */
  body: Buffer | null;
  /** HMAC-SHA-256(salt, canonical body) */
  digest: Buffer;
  /** SHA-256(previous link ‖ header ‖ digest) */
  link: Buffer;
  /** Clear, because the head and the sweepers read them: which event, and of which seq it speaks. */
  event?: SystemEvent;
  ref?: number;
  recalled?: true;
  /** Ids of the keyword rules that found something in it; for staff only, never presented with it. */
  marks?: string[];
}

export const messageSchema = new Schema<Message>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    seq: { type: Number, required: true },
    kind: { type: String, enum: MESSAGE_KINDS, required: true },
    sender: { type: Schema.Types.ObjectId, default: null },
    senderType: { type: String, enum: SENDER_TYPES, required: true },
    clientMsgId: { type: String, required: true },
    at: { type: Date, required: true },
    body: { type: Buffer, default: null },
    digest: { type: Buffer, required: true },
    link: { type: Buffer, required: true },
    event: String,
    ref: Number,
    recalled: Boolean,
    marks: { type: [String], default: undefined },
  },
  { collection: 'messages' },
);
messageSchema.index({ conversation: 1, seq: 1 }, { unique: true });
messageSchema.index({ conversation: 1, sender: 1, clientMsgId: 1 }, { unique: true });
messageSchema.index({ conversation: 1, marks: 1 }, { partialFilterExpression: { marks: { $exists: true } } });
