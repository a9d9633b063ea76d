/** An order as the second document prints it; every unset string is "". */
import type { OrderRow } from '../../contract/consultant/order.js';
import { ORDER_STATUS_WORDS } from '../../contract/enums.js';
import type { Order } from '../../models/order.js';
import type { Ctx } from '../context.js';
import { openOrder, openOrderField } from '../order/sealed.js';
import { formatMoment, formatTime } from '../time/moment.js';

/** @param asked the spelling of the status that the caller used, null for ours */
export async function presentOrder(
  ctx: Pick<Ctx, 'keys'>,
  order: Order,
  asked: string | null,
): Promise<OrderRow> {
  const { name, contact, keyWords } = await openOrder(ctx, order);
  return {
    id: order.caseID,
    order_id: order.number,
    gender: order.gender,
    age: order.age,
    type: order.type,
    key_word: keyWords.join('、'),
    date: order.day,
    time: presentSpan(order),
    commit_time: formatMoment(order.createdAt),
    finish_time: order.finishedAt ? formatMoment(order.finishedAt) : '',
    status: asked ?? ORDER_STATUS_WORDS[order.status],
    contact,
    name,
    amount: order.amount,
    reason: await openOrderField(ctx, order, 'reason'),
  };
}

/** HH:mm-HH:mm; an end at midnight of the same night is 24:00. */
export function presentSpan({ startAt, endAt }: Pick<Order, 'startAt' | 'endAt'>): string {
  const end = formatTime(endAt);
  return `${formatTime(startAt)}-${end === '00:00' ? '24:00' : end}`;
}
