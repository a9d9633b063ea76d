/** Second document, 咨询列表; prices, bookings and the moves of an order are ours (contract-notes.md section 4). */
import { z } from 'zod';
import { blankAsAbsent, humanText, lenientNumber, page, size } from '../common.js';
import { ORDER_STATUS_WORDS, ORDER_STATUSES, ORDER_TYPES } from '../enums.js';
import { textOrNumber } from './auth.js';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, '日期格式应为YYYY-MM-DD');
const fen = lenientNumber.pipe(z.number().int().min(0).max(100_000_000)).describe('Fen');

/** 咨询师中 is how the document misspells 咨询中; a list repeats the spelling it was asked in. */
export const ASKED_STATUSES = [
  ...ORDER_STATUSES.map((status) => ORDER_STATUS_WORDS[status]),
  '咨询师中',
] as const;

/** pageSize and page_size are one. */
export const paged = (fields: Record<string, unknown>) => ({
  ...fields,
  pageSize: fields['pageSize'] ?? fields['page_size'],
});
const input = (value: unknown) =>
  typeof value === 'object' && value !== null ? paged(value as Record<string, unknown>) : value;

export const ListOrders = z.preprocess(
  input,
  z
    .object({
      page,
      pageSize: size(10),
      name: blankAsAbsent(textOrNumber(64)).describe('Part of the client’s name'),
      date_start: blankAsAbsent(day).describe('First day of the appointment'),
      date_end: blankAsAbsent(day).describe('Last day of the appointment'),
      type: blankAsAbsent(z.enum(ORDER_TYPES)),
      status: blankAsAbsent(z.enum(ASKED_STATUSES)),
    })
    .meta({ id: 'ListOrders' }),
);
export type ListOrders = z.infer<typeof ListOrders>;

const required = (max: number) => textOrNumber(max).pipe(z.string().trim().min(1));
const keyWord = humanText(64).pipe(z.string().trim());
const client = {
  name: required(64).describe('The client’s name'),
  age: required(16)
    .pipe(z.string().regex(/^(\d|[1-9]\d|1[0-4]\d)岁?$/, '年龄应为0到149的整数'))
    .describe('Whole years'),
  gender: required(16),
  type: z.enum(ORDER_TYPES).describe('Kind of counselling'),
  date: day,
  time: z.string().min(4).max(16).describe('HH:mm-HH:mm, or HH:mm for 60 minutes'),
  contact: required(64).describe('A phone or a WeChat id'),
};
const keyWords = z
  .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(keyWord).max(20))
  .transform((words) => words.filter((word) => word !== ''));

export const CreateOrder = z
  .object({
    ...client,
    key_word: keyWords.describe('Key words; may be empty'),
    amount: blankAsAbsent(fen).describe('Ours: the price; left out = the institution’s for this kind'),
  })
  .meta({ id: 'CreateOrder' });
export type CreateOrder = z.infer<typeof CreateOrder>;

export interface OrderRow {
  id: number;
  order_id: string;
  gender: string;
  age: string;
  type: string;
  key_word: string;
  date: string;
  time: string;
  commit_time: string;
  finish_time: string;
  status: string;
  contact: string;
  /** Ours from here on. */
  name: string;
  amount: number;
  reason: string;
}

/** A visitor’s booking (ours). */
export const Book = z
  .strictObject({
    consultant: lenientNumber.pipe(z.number().int()).describe('userID of the consultant'),
    ...client,
    keyWords: keyWords.optional(),
  })
  .meta({ id: 'Book' });
export type Book = z.infer<typeof Book>;

export const RejectOrder = z.strictObject({ reason: humanText(500).optional() }).meta({ id: 'RejectOrder' });
export const SetPrices = z
  .strictObject({ 在线咨询: fen.optional(), 线下咨询: fen.optional() })
  .meta({ id: 'SetPrices' });
export type SetPrices = z.infer<typeof SetPrices>;

/** What a visitor sees of a booking of theirs. */
export interface BookingRow {
  id: number;
  order_id: string;
  consultant: { userID: number; name: string };
  type: string;
  date: string;
  time: string;
  status: string;
  amount: number;
  reason: string;
}
