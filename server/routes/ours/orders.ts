/** What the second document's orders imply and give no call for (contract-notes.md section 4). */
import { z } from 'zod';
import { lenientNumber } from '../../../contract/common.js';
import {
  Book,
  BookingRow,
  ConsultantCard,
  OrderRow,
  Prices,
  RejectOrder,
  SetPrices,
} from '../../../contract/consultant/order.js';
import {
  book,
  cancelBooking,
  freeSlots,
  listBookings,
  listConsultants,
} from '../../../services/order/booking.js';
import { moveOwnOrder } from '../../../services/order/move.js';
import { setPrices } from '../../../services/order/price.js';
import { route, type Route } from '../../route.js';

const number = lenientNumber.pipe(z.number().int().min(0));
const OrderId = z.strictObject({ id: number.describe('Integer id of the order') });
const Nothing = z.object({});
const base = { dialect: 'ours', section: '4' } as const;

const move = (name: 'accept' | 'start' | 'finish', summary: string): Route =>
  route({
    ...base,
    method: 'post',
    path: `/api/v1/orders/{id}/${name}`,
    summary,
    auth: ['COUNSELOR'],
    from: 'json',
    input: OrderId,
    answer: OrderRow,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => moveOwnOrder(ctx, actor, input.id, name),
  });

export const orderRoutes: Route[] = [
  move('accept', '接单'),
  route({
    ...base,
    method: 'post',
    path: '/api/v1/orders/{id}/reject',
    summary: '拒绝或取消订单',
    auth: ['COUNSELOR'],
    from: 'json',
    input: RejectOrder.extend(OrderId.shape),
    answer: OrderRow,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => moveOwnOrder(ctx, actor, input.id, 'reject', input.reason),
  }),
  move('start', '开始咨询'),
  move('finish', '结束咨询'),
  route({
    ...base,
    method: 'get',
    path: '/api/v1/consultants',
    summary: '可预约的咨询师',
    auth: ['VISITOR'],
    from: 'query',
    input: Nothing,
    answer: z.array(ConsultantCard),
    handle: ({ ctx, actor }) => listConsultants(ctx, actor),
  }),
  route({
    ...base,
    method: 'get',
    path: '/api/v1/consultants/{userID}/slots',
    summary: '咨询师某日可预约的时段',
    auth: ['VISITOR'],
    from: 'query',
    input: z.object({
      userID: number.describe('Number of the consultant'),
      date: z.string().max(10).describe('YYYY-MM-DD'),
    }),
    answer: z.array(z.string().describe('HH:mm-HH:mm')),
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => freeSlots(ctx, actor, input.userID, input.date),
  }),
  route({
    ...base,
    method: 'post',
    path: '/api/v1/bookings',
    summary: '预约咨询',
    auth: ['VISITOR'],
    from: 'json',
    input: Book,
    answer: BookingRow,
    errors: ['NOT_FOUND', 'CONFLICT', 'RULE_REFUSED'],
    handle: ({ ctx, actor, input }) => book(ctx, actor, input),
  }),
  route({
    ...base,
    method: 'get',
    path: '/api/v1/bookings',
    summary: '自己的预约',
    auth: ['VISITOR'],
    from: 'query',
    input: Nothing,
    answer: z.array(BookingRow),
    handle: ({ ctx, actor }) => listBookings(ctx, actor),
  }),
  route({
    ...base,
    method: 'delete',
    path: '/api/v1/bookings/{id}',
    summary: '取消预约',
    auth: ['VISITOR'],
    from: 'json',
    input: OrderId,
    answer: BookingRow,
    errors: ['NOT_FOUND', 'CONFLICT'],
    handle: ({ ctx, actor, input }) => cancelBooking(ctx, actor, input.id),
  }),
  route({
    ...base,
    method: 'put',
    path: '/api/v1/institutions/{code}/prices',
    summary: '设置咨询价格（分）',
    auth: ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'],
    from: 'json',
    input: SetPrices.extend({ code: z.string().min(1).max(64).describe('institutionCode') }),
    answer: Prices,
    errors: ['NOT_FOUND'],
    handle: ({ ctx, actor, input }) => setPrices(ctx, actor, input.code, input),
  }),
];
