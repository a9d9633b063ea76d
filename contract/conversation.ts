/** Conversations: opening, ending, listing, rating (document sections 26–29, 38a). */
import { z } from 'zod';
import { blankAsAbsent, epochMs, id, lenientNumber, page, size, humanText } from './common.js';
import type { CallState, Channel, ConversationStatus, ConversationType, EndCause } from './enums.js';
import { CONVERSATION_STATUSES, EVALUATION_OBJECTS } from './enums.js';
import type { UserCard } from './user.js';
import type { Message, ReadMark } from './message.js';

export const OpenConversation = z
  .object({
    counselor: blankAsAbsent(id).describe('The counselor asked for; left out = whoever is free'),
  })
  .meta({ id: 'OpenConversation' });
export type OpenConversation = z.infer<typeof OpenConversation>;

export const EndConversation = z.strictObject({ conversationId: id }).meta({ id: 'EndConversation' });
export type EndConversation = z.infer<typeof EndConversation>;

export const CONSULT_SORTS = [
  'level',
  'startTime',
  'endTime',
  'duration',
  'createdTime',
  'visitorName',
  'counselorName',
] as const;

export const ListConsults = z
  .object({
    visitorName: blankAsAbsent(z.string().max(64)).describe('Part of the visitor’s name'),
    counselorName: blankAsAbsent(z.string().max(64)).describe('Part of the counselor’s name'),
    startTime: blankAsAbsent(epochMs).describe('Earliest startTime, included'),
    endTime: blankAsAbsent(epochMs).describe('Latest startTime, included'),
    property: blankAsAbsent(z.enum(CONSULT_SORTS)).describe('Sort by; createdTime when left out'),
    direction: blankAsAbsent(z.enum(['asc', 'desc'])).describe('desc when left out'),
    status: blankAsAbsent(z.enum([...CONVERSATION_STATUSES, 'OPEN'])).describe(
      'Ours: one status, or OPEN for WAITING and IN_PROGRESS',
    ),
    page,
    size: size(10),
  })
  .meta({ id: 'ListConsults' });
export type ListConsults = z.infer<typeof ListConsults>;

export const ListOwnConversations = z
  .object({ page: z.unknown().optional(), size: z.unknown().optional() })
  .transform((query) => ({
    page: page.parse(query.page),
    // All of them, at most 200, unless the caller pages (endpoints.tsv 29).
    size: query.page === undefined && query.size === undefined ? 200 : size(10).parse(query.size),
  }))
  .meta({ id: 'ListOwnConversations' });
export type ListOwnConversations = z.infer<typeof ListOwnConversations>;

export const Evaluate = z
  .object({
    conversationId: id.describe('A conversation, or with COUNSELOR a counselor’s id'),
    objectType: z.enum(EVALUATION_OBJECTS),
    level: blankAsAbsent(lenientNumber.pipe(z.number().int().min(1).max(5))).describe('1 to 5'),
    content: blankAsAbsent(humanText(1000)).describe('Free words'),
    tags: blankAsAbsent(z.array(humanText(20)).max(10)).describe('Chosen labels'),
  })
  .meta({ id: 'Evaluate' });
export type Evaluate = z.infer<typeof Evaluate>;

/** A conversation as 26a answers it and as `conversation:updated` tells it. */
export interface Conversation {
  id: string;
  conversationType: ConversationType;
  status: ConversationStatus;
  channel: Channel;
  /** Grows with every change of status, owner or parties. */
  rev: number;
  /** 1 = next; null when not waiting. */
  position: number | null;
  /** Expected wait in seconds, null when unknown or not waiting. */
  wait: number | null;
  visitor: UserCard | null;
  counselor: UserCard | null;
  /** The counselor that was asked for by name, while waiting for them. */
  requestedCounselor: UserCard | null;
  createdTime: number;
  startTime: number | null;
  endTime: number | null;
  /** When the time limit ends it; null while it waits. */
  limitTime: number | null;
  /** Until when it waits at most; null once served. */
  waitDeadline: number | null;
  /** Whole seconds from start to end; null until ended. */
  duration: number | null;
  endCause: EndCause | null;
  /** The rating of 28: of the conversation, else of the counselor, else null. */
  level: number | null;
  /** Highest seq that exists at least. */
  lastSeq: number;
  /** For staff: the session that a REQUEST_SUPERVISE belongs to. */
  session: string | null;
  /** Of a REQUEST_SUPERVISE only: who was called, and what they answered. */
  calls?: SupervisorCall[];
}

export interface SupervisorCall {
  supervisor: UserCard | null;
  state: CallState;
  /** Epoch milliseconds of the state. */
  at: number;
  /** False while no device of theirs has been told: the counselor should not count on an answer. */
  reached: boolean;
  /** They accepted and left again. */
  left: boolean;
}

/** One conversation of a sync answer: its state and the messages after what the client holds. */
export interface SyncedConversation {
  conversation: Conversation;
  messages: Message[];
  /** True when more messages than one page are missing: ask again. */
  more: boolean;
  reads: ReadMark[];
}

export interface SyncAnswer {
  conversations: SyncedConversation[];
  /** Ids the caller may not (or no longer) see. */
  gone: string[];
  /** The server's clock, epoch milliseconds. */
  time: number;
}

/** Where a waiting conversation stands. */
export interface QueuePlace {
  conversationId: string;
  position: number;
  /** Expected wait in seconds, null when it can’t be told honestly. */
  wait: number | null;
}

/** The queue of an institution as staff sees it. */
export interface QueueSnapshot {
  /** Fingerprint of the content, in the beacon too: another one than the client holds means fetch again. */
  version: number;
  waiting: Conversation[];
}

/** The last line of a conversation list row. */
export interface ConversationPreview {
  conversationId: string;
  last: Message | null;
  unread: number;
}
