/** Looking for words in conversations, and for the place of a day in one (design.md, "Search and filters"). */
import { z } from 'zod';
import { answer, maybeText, maybeWhole, moment, text, whole } from './answer.js';
import { humanText, id, lenientNumber } from './common.js';
import { MESSAGE_KINDS } from './enums.js';
import { MessageSender, readingReason } from './message.js';

const words = humanText(100)
  .refine((value) => value.trim() !== '', '请输入要查找的文字')
  .describe('What is looked for; letters in either case and of either width');

const below = lenientNumber.pipe(z.number().int().min(1).max(1e9)).describe('Below this seq');

/** A POST, so that the words stand in no address and in no log. */
export const SearchConversation = z
  .strictObject({
    id: id.describe('The conversation'),
    text: words,
    before: below.optional().describe('`next` of the answer before: only messages with a lower seq'),
    reason: readingReason,
  })
  .meta({ id: 'SearchConversation' });
export type SearchConversation = z.infer<typeof SearchConversation>;

const place = {
  conversationId: z.string().max(64).describe('Go on in this conversation'),
  before: whole('Below this seq'),
};

export const SearchOwn = z
  .strictObject({
    text: words,
    from: z
      .strictObject({ conversationId: id, before: below })
      .optional()
      .describe('`next` of the answer before'),
  })
  .meta({ id: 'SearchOwn' });
export type SearchOwn = z.infer<typeof SearchOwn>;

const hit = {
  conversationId: text('Its conversation'),
  seq: whole('Its number there'),
  kind: z.enum(MESSAGE_KINDS).describe('What it is'),
  sender: MessageSender.describe('Who said it'),
  time: moment('When it was accepted'),
  before: text('What stands before the place that was found, shortened'),
  match: text('What was found, as it was written'),
  after: text('What stands after it, shortened'),
};
export const SearchHit = answer('SearchHit', hit);
export type SearchHit = z.infer<typeof SearchHit>;

export const FoundHere = answer('FoundHere', {
  hits: z.array(SearchHit).describe('Newest first, at most 50'),
  next: maybeWhole('Send it as `before` to go on; null = the beginning was reached'),
  read: whole('How many messages this call looked through'),
});
export type FoundHere = z.infer<typeof FoundHere>;

export const OwnHit = answer('OwnHit', {
  ...hit,
  visitorName: maybeText('Of the session in which it stands'),
});
export type OwnHit = z.infer<typeof OwnHit>;

export const FoundOwn = answer('FoundOwn', {
  hits: z.array(OwnHit).describe('The newest session first, in each the newest message; at most 50'),
  next: z
    .strictObject(place)
    .nullable()
    .describe('Send it as `from` to go on; null = everything was looked through'),
  read: whole('How many messages this call looked through'),
});
export type FoundOwn = z.infer<typeof FoundOwn>;

export const FindDay = z
  .strictObject({
    id: id.describe('The conversation'),
    day: z.iso.date('日期格式为YYYY-MM-DD').describe('YYYY-MM-DD in Asia/Shanghai'),
  })
  .meta({ id: 'FindDay' });
export type FindDay = z.infer<typeof FindDay>;

export const PlaceOfDay = answer('PlaceOfDay', {
  seq: maybeWhole('The first message of that day or after it; null = there is none'),
  time: maybeWhole('When that one was accepted, epoch milliseconds'),
});
export type PlaceOfDay = z.infer<typeof PlaceOfDay>;
