/** What the reference client takes and what it shows. Types only: nothing here exists at run time. */
import type { Conversation, QueuePlace, QueueSnapshot } from '../conversation.js';
import type { HandshakeAuth, ServerEvents } from '../events.js';
import type { Attachment } from '../attachment.js';
import type { AttachedKind, Card, Message, MessageReceipt } from '../message.js';
import type { PresenceChange } from '../user.js';

/** As much of a socket as the client needs; socket.io-client's Socket fits. */
export interface Socketlike {
  readonly connected: boolean;
  connect(): unknown;
  disconnect(): unknown;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an event map of any kind has to fit
  on(event: string, listener: (...args: any[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
}

export interface HttpAnswer {
  status: number;
  body: unknown;
}

/** Rejects when no answer came at all; every answer, whatever its status, resolves. */
export type Http = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options?: { signal?: AbortSignal },
) => Promise<HttpAnswer>;

/** A file that somebody chose or recorded, as the transport knows it (a Blob, a path of the mini-program). */
export interface LocalFile {
  kind: AttachedKind;
  body: unknown;
  name: string;
  /** Bytes. */
  size: number;
  /** Of a voice note. */
  seconds?: number;
}

/** Multipart upload with progress from 0 to 1; rejects when no answer came, or when it was aborted. */
export type Upload = (
  path: string,
  file: LocalFile,
  options: { progress: (done: number) => void; signal?: AbortSignal },
) => Promise<HttpAnswer>;

/** What a person wants to say. */
export type Said =
  | { kind: 'text' | 'emoji'; text: string; quote?: number }
  | { kind: 'file'; file: LocalFile; text?: string; quote?: number }
  | { kind: 'card'; card: Card; text: string; quote?: number };

/** Time as the client sees it, so that tests can hold it still. */
export interface Timers {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** Keeps what was written and not yet acknowledged, e.g. in sessionStorage. */
export interface PendingStore {
  load(): PendingMessage[];
  save(pending: PendingMessage[]): void;
}

export interface HotlineClientOptions {
  http: Http;
  connect: (auth: HandshakeAuth) => Socketlike;
  /** Left out where no files can be sent. */
  upload?: Upload;
  /** Left out when the cookie of the same origin speaks for us. */
  token?: string;
  timers?: Partial<Timers>;
  /** Makes a clientMsgId: 1–64 printable characters, never the same twice. */
  newId: () => string;
  /** A number in [0, 1) for the spread of back-offs. */
  random?: () => number;
  store?: PendingStore;
  /** How long an acknowledgement may take. */
  askTimeout?: number;
  /** How long the socket may be away before plain HTTP takes over. */
  fallbackAfter?: number;
}

/**
 * connected: the socket lives and everything missed has been merged. reconnecting: being worked on. http: the
 * socket is blocked and plain HTTP carries the chat. offline: neither works; both are tried again.
 */
export type ConnectionState = 'connected' | 'reconnecting' | 'http' | 'offline';

/** A message of our own that the timeline does not hold yet. */
export interface PendingMessage {
  clientMsgId: string;
  conversationId: string;
  kind: 'text' | 'emoji' | 'card' | AttachedKind;
  /** '' where it has no words. */
  text: string;
  quote?: number;
  card?: Card;
  /** Of a file: what is shown until it is uploaded, and how far that is, from 0 to 1. */
  file?: { name: string; size: number; seconds?: number; progress: number };
  /** Of a file: once it is uploaded. */
  attachment?: Attachment;
  /** The highest seq that was known when it was written. */
  after: number;
  /** When it was written, by our own clock. */
  time: number;
  /**
   * uploading = its file is on its way; those written after it do not wait. sent = acknowledged, so durable, but not
   * merged yet. failed = refused: only `retry` sends it again.
   */
  state: 'uploading' | 'sending' | 'sent' | 'failed';
  receipt?: MessageReceipt;
  error?: { code: string; message: string };
}

/** A line to show: a message of the timeline, or one of our own that is still on its way. */
export type Row = { key: string; message: Message } | { key: string; pending: PendingMessage };

export interface ConversationView {
  id: string;
  /** null until the server told us. */
  conversation: Conversation | null;
  /** True once a first page is held; before that only `latest` is kept. */
  loaded: boolean;
  rows: readonly Row[];
  messages: readonly Message[];
  pending: readonly PendingMessage[];
  /** The newest message known, also where no page is loaded. */
  latest: Message | null;
  /** True while a hole is being fetched. */
  catchingUp: boolean;
  hasOlder: boolean;
  loadingOlder: boolean;
  /** User id → highest seq read. */
  reads: Readonly<Record<string, number>>;
  /** User id → highest seq that arrived on a device of theirs; never below what they read. */
  received: Readonly<Record<string, number>>;
  /** Messages that others quote and that the timeline does not hold, by seq; null = there is none to see. */
  quoted: Readonly<Record<number, Message | null>>;
  /** User ids that are typing. */
  typing: readonly string[];
  place: QueuePlace | null;
  /** True when the server says that we may not (or no longer) see it. */
  gone: boolean;
}

/** Replaced, never changed: compare by identity. */
export interface ClientState {
  connection: ConnectionState;
  /** Why the server closed the session; null while it lives. */
  closed: string | null;
  conversations: Readonly<Record<string, ConversationView>>;
  presence: Readonly<Record<string, PresenceChange>>;
  queue: QueueSnapshot | null;
  /** Server clock minus ours, in milliseconds; 0 until a sync told it. */
  clockOffset: number;
}

export type PushListener = <E extends keyof ServerEvents>(
  event: E,
  payload: Parameters<ServerEvents[E]>[0],
) => void;
