import type { ListOrders, OrderRow } from '../../contract/consultant/order.js';
import { ORDER_STATUS_WORDS, ORDER_STATUSES, type OrderStatus } from '../../contract/enums.js';
import type { Order } from '../../models/order.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { assertOrder } from '../policies/order.js';
import { presentOrder } from '../presenters/order.js';
import { isDay } from '../time/moment.js';
import { openOrderField } from './sealed.js';

/**
 * The caller's own orders, newest first (second document, orders).
 * @throws AppError BAD_INPUT for a date that is none
 */
export async function listOrders(
  ctx: Ctx,
  actor: Actor,
  input: ListOrders,
): Promise<{ total: number; data: OrderRow[] }> {
  assertOrder(actor, 'order.list');
  for (const day of [input.date_start, input.date_end])
    if (day !== undefined && !isDay(day))
      throw new AppError('BAD_INPUT', { message: '日期不存在，请检查。' });
  const filter = {
    consultant: objectId(actor.id),
    ...(input.type === undefined ? {} : { type: input.type }),
    ...(input.status === undefined ? {} : { status: statusOf(input.status) }),
    ...dayFilter(input),
  };
  const { page, pageSize: size } = input;
  const { rows, count } =
    input.name === undefined
      ? await readPage(ctx.models.Order, { filter, sort: NEWEST_FIRST }, { page, size })
      : await pageByName(ctx, filter, input, input.name);
  const asked = input.status === '咨询师中' ? input.status : null;
  return { total: count, data: await Promise.all(rows.map((order) => presentOrder(ctx, order, asked))) };
}

const statusOf = (word: NonNullable<ListOrders['status']>): OrderStatus =>
  ORDER_STATUSES.find((status) => ORDER_STATUS_WORDS[status] === word) ?? 'IN_PROGRESS';

/** Days sort as text; both ends count. */
function dayFilter({ date_start, date_end }: ListOrders): { day?: Record<string, string> } {
  if (date_start === undefined && date_end === undefined) return {};
  return {
    day: {
      ...(date_start === undefined ? {} : { $gte: date_start }),
      ...(date_end === undefined ? {} : { $lte: date_end }),
    },
  };
}

type Filter = Record<string, unknown>;
const NEWEST_FIRST = { caseID: -1 } as const;

/** Names are sealed: those of one consultant are opened and compared (design.md, "Search and filters"). */
async function pageByName(
  ctx: Ctx,
  filter: Filter,
  { page, pageSize }: ListOrders,
  name: string,
): Promise<{ rows: Order[]; count: number }> {
  const wanted = name.trim().toLowerCase();
  const rows = await ctx.models.Order.find(filter).sort(NEWEST_FIRST).lean();
  const names = await Promise.all(rows.map((order) => openOrderField(ctx, order, 'name')));
  const orders = rows.filter((_order, index) => (names[index] ?? '').toLowerCase().includes(wanted));
  return { rows: orders.slice((page - 1) * pageSize, page * pageSize), count: orders.length };
}
