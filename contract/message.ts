/** A message on the wire, and what clients may ask about messages (design.md, "Live protocol"). */
import { z } from 'zod';
import { answer, maybeText, moment, text as told, whole } from './answer.js';
import { blankAsAbsent, humanText, id, lenientNumber } from './common.js';
import { Attachment } from './attachment.js';
import { MESSAGE_KINDS, READING_REASONS, SENDER_TYPES, SYSTEM_EVENTS, type MessageKind } from './enums.js';

export const clientMsgId = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/)
  .refine((value) => !/^(sys|im):/.test(value), 'sys: and im: are reserved')
  .describe('Chosen by the client, 1–64 printable characters; the same one again answers the first message');

/** Of whoever takes no part in the conversation; written to the audit log with the reading. */
export const readingReason = blankAsAbsent(z.enum(READING_REASONS)).describe(
  'Why a transcript is read that is not the caller’s own; goes into the audit log',
);

const seq = z.number().int().min(0).max(1e9);

/** Longest text of one message, in UTF-16 units. */
export const MAX_TEXT = 4000;

export const messageText = humanText(MAX_TEXT).refine((value) => value.trim() !== '', '消息不能为空');

/** Kinds that carry a file uploaded before; contract/attachment.ts. */
export const ATTACHED_KINDS = ['image', 'file', 'voice'] as const satisfies readonly MessageKind[];
export type AttachedKind = (typeof ATTACHED_KINDS)[number];

/** One to eight emoji and nothing else: shown large. By the Unicode set, so letters never pass. */
const EMOJI = new RegExp('^(?:\\p{RGI_Emoji}|\\p{Emoji_Presentation}){1,8}$', 'v');

export const Card = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('emergency').describe('The crisis lines of the institution') }),
    z.strictObject({
      type: z.literal('questionnaire').describe('An invitation to fill in a form'),
      id: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,64}$/)
        .describe('Which form'),
      title: humanText(100)
        .refine((value) => value.trim() !== '', '标题不能为空')
        .describe('Its title'),
    }),
  ])
  .describe('Of a card only, and from staff only');
export type Card = z.infer<typeof Card>;

export const SendMessage = z
  .strictObject({
    conversationId: id,
    clientMsgId,
    kind: z
      .enum(['text', 'emoji', ...ATTACHED_KINDS, 'card', 'whisper'])
      .describe('What the message is; whisper: REQUEST_SUPERVISE only'),
    text: messageText
      .optional()
      .describe('The text of text, emoji and whisper; a caption of image and file; none for voice and card'),
    attachment: z
      .string()
      .regex(/^[0-9a-f]{24}$/)
      .optional()
      .describe('Of image, file and voice: the id that the upload answered'),
    quote: z
      .number()
      .int()
      .min(1)
      .max(1e9)
      .optional()
      .describe('The seq of an earlier message of the same conversation that this one answers'),
    card: Card.optional(),
  })
  .superRefine(({ kind, text, attachment, card }, issues) => {
    const wrong = (path: string, message: string) => {
      issues.addIssue({ code: 'custom', path: [path], message });
    };
    const attached = (ATTACHED_KINDS as readonly string[]).includes(kind);
    if (attached !== (attachment !== undefined)) wrong('attachment', '图片、文件和语音需要先上传');
    if ((kind === 'card') !== (card !== undefined)) wrong('card', '卡片消息需要说明是哪种卡片');
    const worded = kind === 'text' || kind === 'whisper' || kind === 'emoji';
    if (worded && text === undefined) wrong('text', '消息不能为空');
    if ((kind === 'voice' || kind === 'card') && text !== undefined) wrong('text', '这种消息没有文字');
    if (kind === 'emoji' && text !== undefined && !EMOJI.test(text)) wrong('text', '不是表情');
  })
  .meta({ id: 'SendMessage' });
export type SendMessage = z.infer<typeof SendMessage>;

export const ReadMessages = z
  .strictObject({ conversationId: id, seq: seq.describe('Highest seq that it holds for') })
  .meta({ id: 'ReadMessages' });
export type ReadMessages = z.infer<typeof ReadMessages>;

export const ReceivedMessages = z
  .strictObject({ conversationId: id, seq: seq.describe('Highest seq that it holds for') })
  .describe('Arrived on a device of the caller, not necessarily read')
  .meta({ id: 'ReceivedMessages' });
export type ReceivedMessages = z.infer<typeof ReceivedMessages>;

export const RecallMessage = z.strictObject({ id }).meta({ id: 'RecallMessage' });
export type RecallMessage = z.infer<typeof RecallMessage>;

export const SetTyping = z
  .strictObject({ conversationId: id, on: z.boolean().describe('Typing or no longer') })
  .meta({ id: 'SetTyping' });
export type SetTyping = z.infer<typeof SetTyping>;

/** Longest page of history, and the most messages one sync answers for one conversation. */
export const MAX_PAGE = 200;

export const Sync = z
  .strictObject({
    conversations: z
      .array(z.strictObject({ id, after: seq.describe('The highest seq held without a hole below it') }))
      .max(200)
      .describe('What the client holds: the highest seq without a hole below it, per conversation'),
    reason: readingReason,
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
    reason: readingReason,
  })
  .meta({ id: 'ReadHistory' });
export type ReadHistory = z.infer<typeof ReadHistory>;

export const MessageSender = answer('MessageSender', {
  id: maybeText('Identifier; null for the system’s own messages'),
  name: maybeText('Name as shown'),
  type: z.enum(SENDER_TYPES).describe('What they are'),
});
export type MessageSender = z.infer<typeof MessageSender>;

/** A message ready to show. Order is by seq, never by time. */
export const Message = answer('Message', {
  id: told('Identifier'),
  conversationId: told('Its conversation'),
  seq: whole('1, 2, 3 … without a hole inside one conversation'),
  kind: z.enum(MESSAGE_KINDS).describe('What it is'),
  text: told(
    'Absent on a tombstone, on voice notes, on system messages and attachments without words',
  ).optional(),
  attachment: Attachment.optional().describe('Of image, file and voice; absent on a tombstone'),
  quote: whole('The seq of the message that this one answers; it may have been recalled since').optional(),
  sender: MessageSender.describe('Who said it'),
  time: moment('When it was accepted'),
  clientMsgId: told('The sender’s own, so that an optimistic row can be replaced').optional(),
  recalled: z.literal(true).optional().describe('A recalled message stays as a row without its text'),
  event: z.enum(SYSTEM_EVENTS).optional().describe('What a system message tells'),
  ref: whole('The seq that a system message speaks of (recalled)').optional(),
  data: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe('Ids, numbers and codes that belong to the event; never personal text'),
});
export type Message = z.infer<typeof Message>;

/** The acknowledgement of a message: it is stored durably. */
export const MessageReceipt = answer('MessageReceipt', {
  id: told('Identifier'),
  seq: whole('Its number in the conversation'),
  time: moment('When it was accepted'),
});
export type MessageReceipt = z.infer<typeof MessageReceipt>;

/** How far one party has read and how far it has received: read ≤ received ≤ the conversation's lastSeq. */
export const ReadMark = answer('ReadMark', {
  conversationId: told('Conversation'),
  userId: told('Whose mark'),
  seq: whole('Read up to here'),
  received: whole('Arrived on a device up to here; never below seq'),
});
export type ReadMark = z.infer<typeof ReadMark>;
