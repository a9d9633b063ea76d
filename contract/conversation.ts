/** Conversations: opening, ending, listing, rating (document sections 26–29, 38a). */
import { z } from 'zod';
import { blankAsAbsent, epochMs, id, lenientNumber, page, size, humanText } from './common.js';
import { answer, flag, maybeMoment, maybeText, maybeWhole, moment, text, whole } from './answer.js';
import {
  CALL_STATES,
  CHANNELS,
  CONVERSATION_STATUSES,
  CONVERSATION_TYPES,
  DISPOSITIONS,
  END_CAUSES,
  EVALUATION_OBJECTS,
  URGENCIES,
} from './enums.js';
import { UserCard } from './user.js';
import { Message, ReadMark } from './message.js';

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
    counselor: blankAsAbsent(id).describe('Ours: the counselor’s id, whatever their name'),
    startTime: blankAsAbsent(epochMs).describe('Earliest startTime, included'),
    endTime: blankAsAbsent(epochMs).describe('Latest startTime, included'),
    property: blankAsAbsent(z.enum(CONSULT_SORTS)).describe('Sort by; createdTime when left out'),
    direction: blankAsAbsent(z.enum(['asc', 'desc'])).describe('desc when left out'),
    status: blankAsAbsent(z.enum([...CONVERSATION_STATUSES, 'OPEN'])).describe(
      'Ours: one status, or OPEN for WAITING and IN_PROGRESS',
    ),
    tag: blankAsAbsent(humanText(20)).describe('Ours: sessions with this label'),
    disposition: blankAsAbsent(z.enum(DISPOSITIONS)).describe(
      'Ours: only the sessions that GET /api/v1/contacts counts under this kind; startTime and endTime then bound their end',
    ),
    page,
    size: size(10),
  })
  .meta({ id: 'ListConsults' });
export type ListConsults = z.infer<typeof ListConsults>;

export const ListOwnConversations = z
  .object({
    page: z.unknown().optional().describe('Page, 1 is the first; left out together with size = all'),
    size: z.unknown().optional().describe('Rows a page, at most 200'),
  })
  .transform((query) => ({
    page: page.parse(query.page),
    // All of them, at most 200, unless the caller pages (endpoints.tsv 29).
    size: query.page === undefined && query.size === undefined ? 200 : size(10).parse(query.size),
  }))
  .meta({ id: 'ListOwnConversations' });
export type ListOwnConversations = z.infer<typeof ListOwnConversations>;

export const Evaluate = z
  .object({
    conversationId: blankAsAbsent(id).describe('A conversation, or with COUNSELOR a counselor’s id'),
    orderId: blankAsAbsent(lenientNumber.pipe(z.number().int())).describe(
      'Ours: a booking of the caller’s, instead of conversationId',
    ),
    objectType: z.enum(EVALUATION_OBJECTS).describe('What is rated'),
    level: blankAsAbsent(lenientNumber.pipe(z.number().int().min(1).max(5))).describe('1 to 5'),
    content: blankAsAbsent(humanText(1000)).describe('Free words'),
    tags: blankAsAbsent(z.array(humanText(20)).max(10)).describe('Chosen labels'),
  })
  .refine((input) => input.conversationId !== undefined || input.orderId !== undefined, {
    path: ['conversationId'],
    message: '请说明评价的是哪次会谈',
  })
  .meta({ id: 'Evaluate' });
export type Evaluate = z.infer<typeof Evaluate>;

export const SupervisorCall = answer('SupervisorCall', {
  supervisor: UserCard.nullable().describe('Who was called'),
  state: z.enum(CALL_STATES).describe('What they answered'),
  at: moment('Since when'),
  reached: flag('False while no device of theirs has been told: do not count on an answer'),
  left: flag('They accepted and left again'),
});
export type SupervisorCall = z.infer<typeof SupervisorCall>;

/** A conversation as 26a answers it and as `conversation:updated` tells it. */
export const Conversation = answer('Conversation', {
  id: text('Identifier'),
  conversationType: z.enum(CONVERSATION_TYPES).describe('A session, or the thread with its supervisors'),
  status: z.enum(CONVERSATION_STATUSES).describe('Where it stands'),
  channel: z.enum(CHANNELS).describe('Text or voice'),
  rev: whole('Grows with every change of status, owner or parties'),
  position: maybeWhole('1 = next; null when not waiting'),
  wait: maybeWhole(
    'Expected wait in seconds, the upper end of a range in whole minutes; null when unknown or not waiting',
  ),
  waitLeast: maybeWhole('The lower end of that range, in seconds; null where wait is'),
  visitor: UserCard.nullable().describe('The visitor'),
  counselor: UserCard.nullable().describe('The counselor, once there is one'),
  requestedCounselor: UserCard.nullable().describe('Who was asked for by name, while waiting for them'),
  createdTime: moment('When it was asked for'),
  startTime: maybeMoment('When it began; null until served'),
  endTime: maybeMoment('When it ended; null while open'),
  limitTime: maybeMoment('When the time limit ends it; null while it waits'),
  waitDeadline: maybeMoment('Until when it waits at most; null once served'),
  extended: flag('It was given more time once'),
  counselorBackBy: maybeMoment(
    'While the counselor’s connection is lost: when the session goes back to the queue, else null',
  ),
  visitorLostTime: maybeMoment('Since when the visitor holds no connection; null while they do'),
  duration: maybeWhole('Whole seconds from start to end; null until ended'),
  endCause: z.enum(END_CAUSES).nullable().describe('Why it ended; null while open'),
  level: maybeWhole('Rating 1 to 5: of the conversation, else of the counselor, else null'),
  lastSeq: whole('Highest seq that exists at least'),
  session: maybeText('For staff: the session that a REQUEST_SUPERVISE belongs to'),
  calls: z
    .array(SupervisorCall)
    .optional()
    .describe('Of a REQUEST_SUPERVISE only: who was called, and what they answered'),
});
export type Conversation = z.infer<typeof Conversation>;

/** As staff lists it. What a visitor is told of a conversation has no labels. */
export const ListedConversation = Conversation.extend({
  tags: z.array(z.string()).describe('Ours: labels that staff put on it'),
}).meta({ id: 'ListedConversation' });
export type ListedConversation = z.infer<typeof ListedConversation>;

export const ListTags = z
  .strictObject({
    of: z
      .enum(['own', 'all'])
      .default('own')
      .describe('own = the labels of one’s institution; all = of every institution: system admins only'),
  })
  .meta({ id: 'ListTags' });
export type ListTags = z.infer<typeof ListTags>;

export const SetTag = z
  .strictObject({
    id: id.describe('The session'),
    tag: z.string().min(1).max(20).describe('A label of the institution (policy `sessionTags`)'),
    on: z.boolean().describe('true puts it on, false takes it off'),
  })
  .meta({ id: 'SetTag' });
export type SetTag = z.infer<typeof SetTag>;

/** One conversation of a sync answer: its state and the messages after what the client holds. */
export const SyncedConversation = answer('SyncedConversation', {
  conversation: Conversation.describe('Its state'),
  messages: z.array(Message).describe('After what the client holds, oldest first'),
  more: flag('More messages than one page are missing: ask again'),
  reads: z.array(ReadMark).describe('How far each party has read'),
});
export type SyncedConversation = z.infer<typeof SyncedConversation>;

export const SyncAnswer = answer('SyncAnswer', {
  conversations: z.array(SyncedConversation).describe('Those the caller may see'),
  gone: z.array(z.string()).describe('Ids that the caller may not, or no longer, see'),
  time: moment('The server’s clock'),
});
export type SyncAnswer = z.infer<typeof SyncAnswer>;

/** Where a waiting conversation stands. */
export interface QueuePlace {
  conversationId: string;
  position: number;
  /** Expected wait in seconds, the upper end of a range; null when it can’t be told honestly. */
  wait: number | null;
  /** The lower end. */
  waitLeast: number | null;
}

/** Somebody who waits, as staff sees them. */
export const WaitingConversation = Conversation.extend({
  urgency: z.enum(URGENCIES).describe('How soon they must be served: the line stands by it'),
  ahead: maybeText(
    'Why they stand in front of earlier ones, in one sentence; null = in the order of arrival',
  ),
}).meta({ id: 'WaitingConversation' });
export type WaitingConversation = z.infer<typeof WaitingConversation>;

/** The queue of an institution as staff sees it. */
export const QueueSnapshot = answer('QueueSnapshot', {
  version: whole('Fingerprint of the content, in the beacon too: another one than held means fetch again'),
  waiting: z.array(WaitingConversation).describe('Who waits, next first'),
});
export type QueueSnapshot = z.infer<typeof QueueSnapshot>;

/** The last line of a conversation list row. */
export const ConversationPreview = answer('ConversationPreview', {
  conversationId: text('Conversation'),
  last: Message.nullable().describe('The newest message'),
  unread: whole('Messages of others above the own read mark'),
});
export type ConversationPreview = z.infer<typeof ConversationPreview>;
