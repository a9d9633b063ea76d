/** The moves of an order that the second document implies and names no call for (contract-notes.md section 4). */
import type { OrderRow } from '../../contract/consultant/order.js';
import type { Order } from '../../models/order.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { assertOrder, mayOrder, type OrderAction } from '../policies/order.js';
import { presentOrder } from '../presenters/order.js';
import { isOpen } from './follow.js';
import { moveOrder, type OrderMove } from './lifecycle.js';
import { sealOrderField } from './sealed.js';

/** Another's order does not exist for the caller. */
export async function accessOrder(
  ctx: Ctx,
  actor: Actor,
  action: OrderAction,
  caseID: number,
): Promise<Order> {
  assertOrder(actor, action);
  const order = await ctx.models.Order.findOne({ caseID }).lean();
  if (!order || !mayOrder(actor, action, order))
    throw new AppError('NOT_FOUND', { message: '没有找到该订单。' });
  return order;
}

/**
 * Accept, reject, start or finish one's own order; the same move again changes nothing.
 * @param reason of a rejection, told to who booked it
 * @throws AppError NOT_FOUND, CONFLICT when its status does not allow it
 */
export async function moveOwnOrder(
  ctx: Ctx,
  actor: Actor,
  caseID: number,
  move: Exclude<OrderMove, 'cancel'>,
  reason = '',
): Promise<OrderRow> {
  const order = await accessOrder(ctx, actor, 'order.move', caseID);
  if (move === 'finish' && order.following) await assertOver(ctx, order);
  const said = reason.trim();
  const change = said === '' ? {} : { reason: await sealOrderField(ctx, order, 'reason', said) };
  return presentOrder(ctx, await moveOrder(ctx, order, move, change), null);
}

/** Its conversation ends it: nobody is cut off by a click in a list. */
async function assertOver(ctx: Ctx, order: Order): Promise<void> {
  const conversation = await ctx.models.Conversation.findById(order.conversation)
    .select({ status: 1 })
    .lean();
  if (conversation && isOpen(conversation))
    throw new AppError('RULE_REFUSED', { message: '本次咨询的会谈还没有结束，会谈结束后订单会自动完成。' });
}
