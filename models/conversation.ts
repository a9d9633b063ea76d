import { Schema, type Types } from 'mongoose';
import {
  CALL_STATES,
  CHANNELS,
  CONVERSATION_EVENTS,
  CONVERSATION_STATUSES,
  CONVERSATION_TYPES,
  DEADLINE_KINDS,
  END_CAUSES,
  EXTENSION_REASONS,
  RISK_LEVELS,
  TRANSFER_KINDS,
  URGENCIES,
  URGENCY_SOURCES,
  WATCH_MODES,
  type CallState,
  type Channel,
  type ConversationEvent,
  type ConversationStatus,
  type ConversationType,
  type DeadlineKind,
  type EndCause,
  type ExtensionReason,
  type RiskLevel,
  type TransferKind,
  type Urgency,
  type UrgencySource,
  type WatchMode,
} from '../contract/enums.js';
import { countable } from './countable.js';
import { withGrams } from './grams.js';

export interface Deadline {
  kind: DeadlineKind;
  at: Date;
}

/** A supervisor called to a REQUEST_SUPERVISE. */
export interface Call {
  supervisor: Types.ObjectId;
  state: CallState;
  at: Date;
  /** When a device of theirs was told of the call. */
  reachedAt: Date | null;
  leftAt: Date | null;
}

/** A supervisor inside a session: hears it, or speaks in it too. */
export interface Watch {
  supervisor: Types.ObjectId;
  mode: WatchMode;
  at: Date;
}

/** A counselor is asked to take the session from its owner. */
export interface TransferRow {
  to: Types.ObjectId;
  by: Types.ObjectId;
  kind: TransferKind;
  /** Sealed with the session's key. */
  note: Buffer;
  /** The session's attempt when it was asked: another one, and it changed hands. */
  attempt: number;
  until: Date;
}

/** Offered to a counselor who has yet to accept; still WAITING, and a seat of theirs is held. */
export interface Offer {
  counselor: Types.ObjectId;
  at: Date;
  until: Date;
}

/** The one time that a session was given more time. */
export interface Extension {
  by: Types.ObjectId;
  reason: ExtensionReason;
  at: Date;
  ms: number;
}

/** One thing that happened to a conversation, written in the same update as the change itself. */
export interface Chapter {
  event: ConversationEvent;
  /** Who had it from then on; null = the queue. */
  counselor: Types.ObjectId | null;
  at: Date;
  /** What the numbered line of a change of owner says: ids, codes, minutes. Kept so that it can be written late. */
  line?: Record<string, string | number | boolean>;
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
  /** Supervisors who hear a REQUEST_SUPERVISE: called and neither declined nor gone. */
  supervisors: Types.ObjectId[];
  /** Of a REQUEST_SUPERVISE only. */
  calls?: Call[];
  /** Of a REQUEST_SUPERVISE: somebody is in danger, so nobody is waited for longer than a minute. */
  alarm?: true;
  /** Supervisors inside a session. Not told to its visitor, and so without a rev while they only hear. */
  watch?: Watch[];
  /** While a supervisor owns the session: from whom it was taken, to be handed back to. */
  takenFrom?: Types.ObjectId | null;
  /** The session that a REQUEST_SUPERVISE belongs to. */
  session: Types.ObjectId | null;
  /** True only on an open COUNSELING_SESSION: one a visitor by unique index. */
  open?: true;
  /** True only on an open REQUEST_SUPERVISE: one a session by unique index. */
  openThread?: true;
  /** Grows with every change of status, owner or parties. */
  rev: number;
  /** Fences an assignment whose first step was withdrawn. */
  attempt: number;
  /** Place in the queue: arrival in ms minus credit. It only ever falls. */
  queueScore: number;
  /** How much credit it has gathered by coming back, in milliseconds. */
  creditMs?: number;
  /** How soon they must be served, and how that is known; it only grows, and `queueScore` falls with it. */
  urgency?: Urgency;
  urgencyFrom?: UrgencySource;
  /** When the visitor answered the questions of the waiting room. */
  intakeAt?: Date;
  /** What is known of the visitor's risk; keeps silence from closing a high one. */
  risk: RiskLevel;
  transfer?: TransferRow | null;
  /** After a warm transfer: who gave it, and until when they are still there. */
  overlap?: { counselor: Types.ObjectId; until: Date } | null;
  /** While an accept timer runs. */
  offer?: Offer | null;
  /** Who had it offered and did not take it; they come last until everybody had. */
  offered?: Types.ObjectId[];
  extension?: Extension | null;
  /** Who served this visitor last, if the institution prefers them. */
  preferred?: Types.ObjectId | null;
  /** What the visitor would like of a counselor. */
  wish?: { skill: string | null; language: string | null; gender: string | null } | null;
  /** The counselor asked for by name had no time; whoever is free takes them. */
  fellBack?: boolean;
  /** Since when the visitor holds no connection, for who had one. */
  visitorLostAt?: Date | null;
  /** The first range that the visitor was told of their wait, in milliseconds; to be held against the real one. */
  waitTold?: { least: number; most: number; at: Date };
  /** Why this counselor, in one sentence, for people. */
  assignedWhy: string | null;
  visitorName: string | null;
  counselorName: string | null;
  /** Pieces of the names, for fuzzy filters (models/grams.ts). Never read out. */
  visitorNameGrams?: string[];
  counselorNameGrams?: string[];
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
  /** What was left of the session's time when it went back to the queue, in milliseconds. */
  limitLeftMs?: number | null;
  level: number | null;
  conversationLevel: number | null;
  counselorLevel: number | null;
  consentVersion: string | null;
  /** The data key of its messages. */
  key: Types.ObjectId;
  deletedAt: Date | null;
  /** In order; none on rows that are older than this field. */
  history?: Chapter[];
  /** True while `history` holds what the outbox has not taken over; `told` = how many it has. */
  untold?: true;
  told?: number;
  /** The counselor's first words to the visitor. */
  firstReply?: { at: Date; by: Types.ObjectId };
  /** Labels that staff put on it; never presented to its visitor. */
  tags?: string[];
  /** When its record was first saved (models/session-record.ts). */
  recordedAt?: Date | null;
  /** It took place and stays in the figures, though it was purged or erased at a person's request. */
  figuresStay?: true;
  /** Set anew by every change, removed when the rollups have counted it (models/countable.ts). */
  unrolled?: Types.ObjectId;
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
    calls: {
      type: [
        new Schema<Call>(
          {
            supervisor: Schema.Types.ObjectId,
            state: { type: String, enum: CALL_STATES },
            at: Date,
            reachedAt: { type: Date, default: null },
            leftAt: { type: Date, default: null },
          },
          { _id: false },
        ),
      ],
      default: undefined,
    },
    watch: {
      type: [
        new Schema<Watch>(
          { supervisor: Schema.Types.ObjectId, mode: { type: String, enum: WATCH_MODES }, at: Date },
          { _id: false },
        ),
      ],
      default: undefined,
    },
    alarm: Boolean,
    takenFrom: Schema.Types.ObjectId,
    session: { type: Schema.Types.ObjectId, default: null },
    open: Boolean,
    openThread: Boolean,
    rev: { type: Number, default: 1 },
    attempt: { type: Number, default: 1 },
    queueScore: { type: Number, default: 0 },
    creditMs: Number,
    risk: { type: String, enum: RISK_LEVELS, default: 'none' },
    urgency: { type: String, enum: URGENCIES },
    urgencyFrom: { type: String, enum: URGENCY_SOURCES },
    intakeAt: Date,
    offer: {
      type: new Schema<Offer>({ counselor: Schema.Types.ObjectId, at: Date, until: Date }, { _id: false }),
      default: undefined,
    },
    transfer: {
      type: new Schema<TransferRow>(
        {
          to: Schema.Types.ObjectId,
          by: Schema.Types.ObjectId,
          kind: { type: String, enum: TRANSFER_KINDS },
          note: Buffer,
          attempt: Number,
          until: Date,
        },
        { _id: false },
      ),
      default: undefined,
    },
    overlap: {
      type: new Schema({ counselor: Schema.Types.ObjectId, until: Date }, { _id: false }),
      default: undefined,
    },
    offered: { type: [Schema.Types.ObjectId], default: undefined },
    extension: {
      type: new Schema<Extension>(
        {
          by: Schema.Types.ObjectId,
          reason: { type: String, enum: EXTENSION_REASONS },
          at: Date,
          ms: Number,
        },
        { _id: false },
      ),
      default: undefined,
    },
    preferred: { type: Schema.Types.ObjectId, default: undefined },
    wish: {
      type: new Schema({ skill: String, language: String, gender: String }, { _id: false }),
      default: undefined,
    },
    fellBack: Boolean,
    visitorLostAt: Date,
    waitTold: {
      type: new Schema({ least: Number, most: Number, at: Date }, { _id: false }),
      default: undefined,
    },
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
      type: [
        new Schema<Deadline>({ kind: { type: String, enum: DEADLINE_KINDS }, at: Date }, { _id: false }),
      ],
      default: [],
    },
    limitLeftMs: Number,
    level: { type: Number, default: null },
    conversationLevel: { type: Number, default: null },
    counselorLevel: { type: Number, default: null },
    consentVersion: { type: String, default: null },
    key: { type: Schema.Types.ObjectId, required: true },
    deletedAt: { type: Date, default: null },
    history: {
      type: [
        new Schema<Chapter>(
          {
            event: { type: String, enum: CONVERSATION_EVENTS },
            counselor: { type: Schema.Types.ObjectId, default: null },
            at: Date,
            line: Schema.Types.Mixed,
          },
          { _id: false },
        ),
      ],
      default: undefined,
    },
    tags: { type: [String], default: undefined },
    recordedAt: Date,
    figuresStay: Boolean,
    untold: Boolean,
    told: Number,
    firstReply: { type: new Schema({ at: Date, by: Schema.Types.ObjectId }, { _id: false }) },
    demo: Boolean,
  },
  { timestamps: true, collection: 'conversations' },
);
conversationSchema.plugin(countable);
withGrams(conversationSchema, 'visitorName', 'counselorName');
conversationSchema.index({ untold: 1 }, { sparse: true });
conversationSchema.index({ figuresStay: 1, startAt: 1 }, { partialFilterExpression: { figuresStay: true } });
conversationSchema.index({ visitor: 1 }, { unique: true, partialFilterExpression: { open: true } });
conversationSchema.index(
  { institution: 1, queueScore: 1 },
  { partialFilterExpression: { status: 'WAITING', open: true }, name: 'waiting' },
);
// The live wall: everything open in one institution.
conversationSchema.index(
  { open: 1, institution: 1 },
  { partialFilterExpression: { open: true }, name: 'wall' },
);
conversationSchema.index({ 'deadlines.at': 1 }, { partialFilterExpression: { open: true } });
conversationSchema.index({ sealed: 1 }, { partialFilterExpression: { sealed: false } });
conversationSchema.index({ visitor: 1, createdAt: -1 });
conversationSchema.index({ counselor: 1, status: 1 });
conversationSchema.index({ counselor: 1, createdAt: -1 });
conversationSchema.index({ institution: 1, createdAt: -1 });
conversationSchema.index({ institution: 1, startAt: -1 });
// Statistics name every field of these: the stand-in uses an index only for a filter that it covers.
const begun = { type: 1, deletedAt: 1, startAt: 1 } as const;
conversationSchema.index({ ...begun });
conversationSchema.index({ institution: 1, ...begun });
conversationSchema.index({ counselor: 1, institution: 1, ...begun });
// Records that are missing.
const unrecorded = { type: 1, recordedAt: 1, endAt: 1 } as const;
conversationSchema.index({ institution: 1, ...unrecorded });
conversationSchema.index({ counselor: 1, ...unrecorded });
conversationSchema.index({ session: 1 }, { sparse: true });
// openThread first: the stand-in finds nothing by a field that stands behind another in a partial index.
conversationSchema.index(
  { openThread: 1, session: 1 },
  { unique: true, partialFilterExpression: { openThread: true } },
);
conversationSchema.index(
  { 'calls.supervisor': 1, createdAt: -1 },
  { partialFilterExpression: { type: 'REQUEST_SUPERVISE' } },
);
conversationSchema.index({ 'offer.counselor': 1 }, { sparse: true });
conversationSchema.index({ 'transfer.to': 1 }, { sparse: true });
