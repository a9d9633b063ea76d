/** Second document, 咨询列表; prices, bookings and the moves of an order are ours (contract-notes.md section 4). */
import { z } from 'zod';
import { answer, text, whole } from '../answer.js';
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
      type: blankAsAbsent(z.enum(ORDER_TYPES)).describe('Kind of counselling'),
      status: blankAsAbsent(z.enum(ASKED_STATUSES)).describe('Status; 咨询师中 is 咨询中'),
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
  gender: required(16).describe('Gender'),
  type: z.enum(ORDER_TYPES).describe('Kind of counselling'),
  date: day.describe('Day of the appointment, YYYY-MM-DD'),
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

export const OrderRow = answer('OrderRow', {
  id: whole('Identifier'),
  order_id: text('Number of the order, for people'),
  gender: text('Gender'),
  age: text('Whole years'),
  type: text('在线咨询 or 线下咨询'),
  key_word: text('Key words, joined by 、'),
  date: text('YYYY-MM-DD'),
  time: text('HH:mm-HH:mm'),
  commit_time: text('When it was made, YYYY-MM-DD HH:mm:ss'),
  finish_time: text('When it was finished, as above; "" until then'),
  status: text('已结束, 咨询中 (or 咨询师中, if asked so), 等待中, 待接单 or 已拒绝'),
  contact: text('Phone or WeChat id'),
  name: text('Ours: the client’s name'),
  amount: whole('Ours: fen'),
  reason: text('Ours: why it was refused; "" otherwise'),
});
export type OrderRow = z.infer<typeof OrderRow>;
export const OrderList = answer('OrderList', {
  total: whole('All that match'),
  data: z.array(OrderRow).describe('The rows of the page'),
});

/** A visitor’s booking (ours). */
export const Book = z
  .strictObject({
    consultant: lenientNumber.pipe(z.number().int()).describe('userID of the consultant'),
    ...client,
    keyWords: keyWords.optional().describe('Key words'),
  })
  .meta({ id: 'Book' });
export type Book = z.infer<typeof Book>;

export const RejectOrder = z
  .strictObject({ reason: humanText(500).optional().describe('Why; the visitor is told') })
  .meta({ id: 'RejectOrder' });
export const SetPrices = z
  .strictObject({
    在线咨询: fen.optional().describe('Fen for one on line; left out = unchanged'),
    线下咨询: fen.optional().describe('Fen for one on site; left out = unchanged'),
  })
  .meta({ id: 'SetPrices' });
export type SetPrices = z.infer<typeof SetPrices>;

/** What a visitor sees of a booking of theirs. */
export const BookingRow = answer('BookingRow', {
  id: whole('Identifier'),
  order_id: text('Number of the order, for people'),
  consultant: z
    .strictObject({ userID: whole('Number of the consultant'), name: text('Name') })
    .describe('With whom'),
  type: text('在线咨询 or 线下咨询'),
  date: text('YYYY-MM-DD'),
  time: text('HH:mm-HH:mm'),
  status: text('已结束, 咨询中, 等待中, 待接单 or 已拒绝'),
  amount: whole('Fen'),
  reason: text('Why it was refused; "" otherwise'),
});
export type BookingRow = z.infer<typeof BookingRow>;

export const Prices = answer('Prices', {
  在线咨询: whole('Fen for one on line'),
  线下咨询: whole('Fen for one on site'),
});
export type Prices = z.infer<typeof Prices>;

/** Whom a visitor may book. */
export const ConsultantCard = answer('ConsultantCard', {
  userID: whole('Number that a booking names'),
  name: text('Name'),
  avatar: text('Address of the picture'),
  title: text('Professional title'),
  introduction: text('Introduction'),
  expertise: text('Expertise'),
  education: text('Education'),
  certifications: text('Certifications'),
  prices: Prices.describe('By kind of counselling'),
});
export type ConsultantCard = z.infer<typeof ConsultantCard>;
