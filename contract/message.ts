/** A message on the wire, and what clients may ask about messages (design.md, "Live protocol"). */
import { z } from 'zod';
import { humanText, id, lenientNumber } from './common.js';
import type { MessageKind, SenderType, SystemEvent } from './enums.js';

export const clientMsgId = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/)
  .refine((value) => !/^(sys|im):/.test(value), 'sys: and im: are reserved')
  .describe('Chosen by the client, 1–64 printable characters; the same one again answers the first message');

/** Longest text of one message, in UTF-16 units. */
export const MAX_TEXT = 4000;

export const messageText = humanText(MAX_TEXT).refine((value) => value.trim() !== '', '消息不能为空');

export const SendMessage = z
  .strictObject({
    conversationId: id,
    clientMsgId,
    kind: z.enum(['text', 'whisper']).describe('What the message is; whisper: REQUEST_SUPERVISE only'),
    text: messageText.describe('The text'),
  })
  .meta({ id: 'SendMessage' });
export type SendMessage = z.infer<typeof SendMessage>;

export const ReadMessages = z
  .strictObject({ conversationId: id, seq: z.number().int().min(0).max(1e9) })
  .meta({ id: 'ReadMessages' });
export type ReadMessages = z.infer<typeof ReadMessages>;

export const RecallMessage = z.strictObject({ id }).meta({ id: 'RecallMessage' });
export type RecallMessage = z.infer<typeof RecallMessage>;

export const SetTyping = z.strictObject({ conversationId: id, on: z.boolean() }).meta({ id: 'SetTyping' });
export type SetTyping = z.infer<typeof SetTyping>;

/** Longest page of history, and the most messages one sync answers for one conversation. */
export const MAX_PAGE = 200;

export const Sync = z
  .strictObject({
    conversations: z
      .array(z.strictObject({ id, after: z.number().int().min(0).max(1e9) }))
      .max(200)
      .describe('What the client holds: the highest seq without a hole below it, per conversation'),
  })
  .meta({ id: 'Sync' });
export type Sync = z.infer<typeof Sync>;

export const ReadHistory = z
  .object({
    after: lenientNumber
      .pipe(z.number().int().min(0).max(1e9))
      .default(0)
      .describe('Messages with a higher seq'),
    before: lenientNumber
      .pipe(z.number().int().min(1).max(1e9))
      .optional()
      .describe('Messages with a lower seq: the newest page of them, oldest first'),
    limit: lenientNumber.pipe(z.number().int().min(1)).default(50).describe('Rows, at most 200'),
    wait: lenientNumber
      .pipe(z.number().min(0))
      .default(0)
      .describe('Seconds to hold the answer until there is something, at most 25'),
  })
  .meta({ id: 'ReadHistory' });
export type ReadHistory = z.infer<typeof ReadHistory>;

export interface MessageSender {
  /** null for the system's own messages. */
  id: string | null;
  name: string | null;
  type: SenderType;
}

/** A message ready to show. Order is by seq, never by time. */
export interface Message {
  id: string;
  conversationId: string;
  /** 1, 2, 3 … without a hole inside one conversation. */
  seq: number;
  kind: MessageKind;
  /** Absent on a tombstone and on system messages without words. */
  text?: string;
  sender: MessageSender;
  /** Epoch milliseconds. */
  time: number;
  /** The sender's own clientMsgId, so that an optimistic row can be replaced. */
  clientMsgId?: string;
  /** A recalled message stays as a row without its text. */
  recalled?: true;
  /** What a system message tells. */
  event?: SystemEvent;
  /** The seq that a system message speaks of (recalled). */
  ref?: number;
  /** Ids, numbers and codes that belong to the event; never personal text. */
  data?: Record<string, string | number | boolean | null>;
}

/** The acknowledgement of a message: it is stored durably. */
export interface MessageReceipt {
  id: string;
  seq: number;
  time: number;
}

/** How far one party has read. */
export interface ReadMark {
  conversationId: string;
  userId: string;
  seq: number;
}
