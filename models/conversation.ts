import { Schema, type Types } from 'mongoose';
import {
  CHANNELS,
  CONVERSATION_STATUSES,
  CONVERSATION_TYPES,
  DEADLINE_KINDS,
  END_CAUSES,
  type Channel,
  type ConversationStatus,
  type ConversationType,
  type DeadlineKind,
  type EndCause,
} from '../contract/enums.js';

export interface Deadline {
  kind: DeadlineKind;
  at: Date;
}

/** A counseling session, or the thread between counselor and supervisor that belongs to one. */
export interface Conversation {
  _id: Types.ObjectId;
  type: ConversationType;
  status: ConversationStatus;
  channel: Channel;
  institution: string;
  visitor: Types.ObjectId | null;
  /** The owner; null while it waits. */
  counselor: Types.ObjectId | null;
  /** The counselor asked for by name. */
  requested: Types.ObjectId | null;
  /** Supervisors called to a REQUEST_SUPERVISE. */
  supervisors: Types.ObjectId[];
  /** The session that a REQUEST_SUPERVISE belongs to. */
  session: Types.ObjectId | null;
  /** True only on an open COUNSELING_SESSION: one a visitor by unique index. */
  open?: true;
  /** Grows with every change of status, owner or parties. */
  rev: number;
  /** Fences an assignment whose first step was withdrawn. */
  attempt: number;
  /** Place in the queue: arrival in ms minus credit. */
  queueScore: number;
  /** Why this counselor, in one sentence, for people. */
  assignedWhy: string | null;
  visitorName: string | null;
  counselorName: string | null;
  startAt: Date | null;
  endAt: Date | null;
  /** Whole seconds. */
  duration: number | null;
  endCause: EndCause | null;
  endedBy: Types.ObjectId | null;
  /** False from the end until the end marker stands. */
  sealed?: boolean;
  sealedSeq: number | null;
  /** A lower bound of the head, written behind. */
  lastSeq: number;
  deadlines: Deadline[];
  level: number | null;
  conversationLevel: number | null;
  counselorLevel: number | null;
  consentVersion: string | null;
  /** The data key of its messages. */
  key: Types.ObjectId;
  deletedAt: Date | null;
  demo?: true;
  createdAt: Date;
  updatedAt: Date;
}

export const conversationSchema = new Schema<Conversation>(
  {
    type: { type: String, enum: CONVERSATION_TYPES, required: true },
    status: { type: String, enum: CONVERSATION_STATUSES, required: true },
    channel: { type: String, enum: CHANNELS, default: 'TEXT' },
    institution: { type: String, required: true },
    visitor: { type: Schema.Types.ObjectId, default: null },
    counselor: { type: Schema.Types.ObjectId, default: null },
    requested: { type: Schema.Types.ObjectId, default: null },
    supervisors: { type: [Schema.Types.ObjectId], default: [] },
    session: { type: Schema.Types.ObjectId, default: null },
    open: Boolean,
    rev: { type: Number, default: 1 },
    attempt: { type: Number, default: 1 },
    queueScore: { type: Number, default: 0 },
    assignedWhy: { type: String, default: null },
    visitorName: { type: String, default: null },
    counselorName: { type: String, default: null },
    startAt: { type: Date, default: null },
    endAt: { type: Date, default: null },
    duration: { type: Number, default: null },
    endCause: { type: String, enum: [...END_CAUSES, null], default: null },
    endedBy: { type: Schema.Types.ObjectId, default: null },
    sealed: Boolean,
    sealedSeq: { type: Number, default: null },
    lastSeq: { type: Number, default: 0 },
    deadlines: {
      type: [new Schema<Deadline>({ kind: { type: String, enum: DEADLINE_KINDS }, at: Date }, { _id: false })],
      default: [],
    },
    level: { type: Number, default: null },
    conversationLevel: { type: Number, default: null },
    counselorLevel: { type: Number, default: null },
    consentVersion: { type: String, default: null },
    key: { type: Schema.Types.ObjectId, required: true },
    deletedAt: { type: Date, default: null },
    demo: Boolean,
  },
  { timestamps: true, collection: 'conversations' },
);
conversationSchema.index({ visitor: 1 }, { unique: true, partialFilterExpression: { open: true } });
conversationSchema.index(
  { institution: 1, queueScore: 1 },
  { partialFilterExpression: { status: 'WAITING', open: true }, name: 'waiting' },
);
conversationSchema.index({ 'deadlines.at': 1 }, { partialFilterExpression: { open: true } });
conversationSchema.index({ sealed: 1 }, { partialFilterExpression: { sealed: false } });
conversationSchema.index({ visitor: 1, createdAt: -1 });
conversationSchema.index({ counselor: 1, status: 1 });
conversationSchema.index({ counselor: 1, createdAt: -1 });
conversationSchema.index({ institution: 1, createdAt: -1 });
conversationSchema.index({ institution: 1, startAt: -1 });
conversationSchema.index({ session: 1 }, { sparse: true });
