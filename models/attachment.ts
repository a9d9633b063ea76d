import { Schema, type Types } from 'mongoose';

/**
 * A file of a conversation. Its bytes lie in the file store, sealed by the conversation's own key like everything
 * that is known of it: with the key gone nothing of it can be opened (design.md, "Erasure").
 */
export interface AttachmentRow {
  _id: Types.ObjectId;
  conversation: Types.ObjectId;
  institution: string;
  uploader: Types.ObjectId;
  /** Which message of the uploader's carries it; null until one was sent. */
  clientMsgId: string | null;
  /** True until a message carries it: what stays unsent is swept. */
  unsent?: true;
  /** Sealed JSON: kind, name, type, sizes, SHA-256 (services/files/attachment-meta.ts). */
  meta: Buffer;
  /** Bytes in the store, thumbnail included; counted against the conversation's quota. */
  bytes: number;
  createdAt: Date;
}

export const attachmentSchema = new Schema<AttachmentRow>(
  {
    conversation: { type: Schema.Types.ObjectId, required: true },
    institution: { type: String, required: true },
    uploader: { type: Schema.Types.ObjectId, required: true },
    clientMsgId: { type: String, default: null },
    unsent: Boolean,
    meta: { type: Buffer, required: true },
    bytes: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'attachments' },
);
attachmentSchema.index({ conversation: 1, uploader: 1, clientMsgId: 1 });
attachmentSchema.index({ unsent: 1 }, { partialFilterExpression: { unsent: true } });
