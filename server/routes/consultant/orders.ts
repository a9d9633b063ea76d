/** Second document, 咨询列表. */
import { z } from 'zod';
import { CreateOrder, ListOrders, OrderList } from '../../../contract/consultant/order.js';
import { createOrder } from '../../../services/order/create.js';
import { listOrders } from '../../../services/order/list.js';
import { route, type Route } from '../../route.js';

const base = { dialect: 'consultant', method: 'post', from: 'json', auth: ['COUNSELOR'] } as const;

export const consultantOrderRoutes: Route[] = [
  route({
    ...base,
    section: 'orders',
    path: '/api/consultant/orders',
    summary: '获取咨询列表',
    input: ListOrders,
    answer: OrderList,
    handle: ({ ctx, actor, input }) => listOrders(ctx, actor, input),
  }),
  route({
    ...base,
    section: 'orders/create',
    path: '/api/consultant/orders/create',
    summary: '新增来访/创建咨询订单',
    input: CreateOrder,
    beside: true,
    answer: z.strictObject({ id: z.int().describe('Identifier of the order') }),
    errors: ['CONFLICT'],
    handle: async ({ ctx, actor, input }) => ({ id: await createOrder(ctx, actor, input) }),
  }),
];
