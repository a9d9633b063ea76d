/** Second document, 咨询列表. */
import { CreateOrder, ListOrders } from '../../../contract/consultant/order.js';
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
    handle: ({ ctx, actor, input }) => listOrders(ctx, actor, input),
  }),
  route({
    ...base,
    section: 'orders/create',
    path: '/api/consultant/orders/create',
    summary: '新增来访/创建咨询订单',
    input: CreateOrder,
    beside: true,
    handle: async ({ ctx, actor, input }) => ({ id: await createOrder(ctx, actor, input) }),
  }),
];
