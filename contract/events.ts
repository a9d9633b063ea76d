/**
 * The live protocol (docs/protocol.md): clients ask in the imperative and always get an acknowledgement, the
 * server tells in the past tense. Shared by server, web, mini-program and tests.
 */
import type { WireError } from './errors.js';
import type { OfflineState, Presence, Urgency } from './enums.js';
import type {
  Message,
  MessageReceipt,
  ReadMark,
  ReadMessages,
  ReceivedMessages,
  RecallMessage,
  SendMessage,
  SetTyping,
  Sync,
} from './message.js';
import type { Offer } from './matchmaking.js';
import type { ExportTask } from './export.js';
import type { Conversation, EndConversation, QueuePlace, QueueSnapshot, SyncAnswer } from './conversation.js';
import type { FollowUpStep } from './enums.js';
import type { Mark } from './risk.js';
import type { Transfer, TransferClosed } from './transfer.js';
import type { Duty, PresenceChange, SetPresence } from './user.js';
import type { Wall } from './wall.js';

export type Ack<T> = { ok: true; data: T } | { ok: false; error: WireError };
type Ask<Input, Output> = (input: Input, ack: (answer: Ack<Output>) => void) => void;

/** What clients ask. */
export interface ClientEvents {
  'conversation:open': Ask<{ counselor?: string }, Conversation>;
  'conversation:end': Ask<EndConversation, Conversation>;
  'message:send': Ask<SendMessage, MessageReceipt>;
  'message:read': Ask<ReadMessages, ReadMark>;
  'message:received': Ask<ReceivedMessages, ReadMark>;
  'message:recall': Ask<RecallMessage, MessageReceipt>;
  'typing:set': Ask<SetTyping, null>;
  sync: Ask<Sync, SyncAnswer>;
  'presence:set': Ask<SetPresence, Duty>;
  'queue:watch': Ask<Record<string, never>, QueueSnapshot>;
  /** Answers the wall, and `wall:changed` follows until `on: false`, which answers null. */
  'wall:watch': Ask<{ on?: boolean }, Wall | null>;
}

/** One line of the beacon: what the server knows of a conversation the client is in. */
export interface BeaconLine {
  id: string;
  seq: number;
  rev: number;
}

/** To the owner of a follow-up whose day has come. */
export interface FollowUpDue {
  id: string;
  case: string;
  step: FollowUpStep;
  /** YYYY-MM-DD in Asia/Shanghai. */
  day: string;
}

/** A message that was left while nobody was there: that there is one, never what it says. */
export interface OfflineChange {
  id: string;
  state: OfflineState;
  urgency: Urgency;
}

/** What the server tells. */
export interface ServerEvents {
  'message:created': (message: Message) => void;
  'message:read': (mark: ReadMark) => void;
  'message:recalled': (recall: { conversationId: string; id: string; seq: number }) => void;
  'typing:changed': (typing: { conversationId: string; userId: string; on: boolean }) => void;
  'conversation:updated': (conversation: Conversation) => void;
  'queue:updated': (place: QueuePlace) => void;
  /** To staff of an institution: its queue changed; a version gap means `queue:watch` again. */
  'queue:changed': (queue: QueueSnapshot) => void;
  'presence:changed': (change: PresenceChange) => void;
  'wall:changed': (wall: Wall) => void;
  /** `alarm`: somebody is in danger. */
  'supervision:requested': (request: { conversationId: string; session: string; alarm?: true }) => void;
  /** To staff of a session: keyword rules found something in a message. It decides nothing. */
  'message:marked': (mark: Mark) => void;
  'follow-up:due': (task: FollowUpDue) => void;
  /** To the counselor whose session a supervisor has reviewed, or reviewed anew. */
  'review:saved': (review: { id: string; conversationId: string }) => void;
  /** To staff of the institution. */
  'offline-message:changed': (change: OfflineChange) => void;
  /** To the one who asked for it: its progress, and how it ended. */
  'export:updated': (task: ExportTask) => void;
  'offer:made': (offer: Offer) => void;
  'offer:withdrawn': (gone: { conversationId: string }) => void;
  /** To a counselor who is asked to take a session; then to them and its owner, how it was settled. */
  'transfer:offered': (transfer: Transfer) => void;
  'transfer:closed': (closed: TransferClosed) => void;
  'session:closed': (closing: { reason: string }) => void;
  /** Every few seconds, so that a push that was lost is noticed. */
  beacon: (beacon: { conversations: BeaconLine[]; queue?: number }) => void;
}

export type ClientEvent = keyof ClientEvents;
export type ServerEvent = keyof ServerEvents;
export type AskInput<E extends ClientEvent> = Parameters<ClientEvents[E]>[0];
export type AskOutput<E extends ClientEvent> = Parameters<ClientEvents[E]>[1] extends (
  answer: Ack<infer Output>,
) => void
  ? Output
  : never;

/** What a socket says of itself when it connects; a cookie of the same origin works too. */
export interface HandshakeAuth {
  token?: string;
}

/** `data` of a `connect_error`. */
export interface ConnectRefusal {
  code: 'UNAUTHENTICATED' | 'BANNED' | 'OVERLOADED' | 'UNAVAILABLE';
}

export type { Presence };
