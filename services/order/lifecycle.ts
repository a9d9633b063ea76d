/** The one table of what an order may become, and the one write that makes it so. */
import type { Types } from 'mongoose';
import { ORDER_STATUS_WORDS, type OrderStatus } from '../../contract/enums.js';
import type { Order } from '../../models/order.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { freeSlot } from './slot.js';

export type OrderMove = 'accept' | 'reject' | 'cancel' | 'start' | 'finish';

const MOVES: Record<OrderMove, { from: readonly OrderStatus[]; to: OrderStatus }> = {
  accept: { from: ['PENDING'], to: 'WAITING' },
  /** By the consultant: also of what was accepted and cannot be kept. */
  reject: { from: ['PENDING', 'WAITING'], to: 'REJECTED' },
  /** By the visitor who booked it; the document has no word of its own for it. */
  cancel: { from: ['PENDING', 'WAITING'], to: 'REJECTED' },
  start: { from: ['WAITING'], to: 'IN_PROGRESS' },
  finish: { from: ['IN_PROGRESS'], to: 'FINISHED' },
};

/**
 * Compare-and-set on status and rev: of two moves at once one succeeds.
 * @param change what else the same write sets
 * @returns the order as it is now; the same move again answers it unchanged
 * @throws AppError CONFLICT when its status allows the move no more
 */
export async function moveOrder(
  ctx: Ctx,
  order: Order,
  move: OrderMove,
  change: Partial<Order> = {},
): Promise<Order> {
  const { from, to } = MOVES[move];
  const ended = to === 'FINISHED' || to === 'REJECTED';
  const moved = await ctx.models.Order.findOneAndUpdate(
    { _id: order._id, status: { $in: from } },
    {
      $set: { ...change, status: to, ...(ended ? { finishedAt: new Date(ctx.clock.now()) } : {}) },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean();
  if (!moved) return unmoved(ctx, order._id, to);
  // What is refused is free for others; what took place stays taken.
  if (to === 'REJECTED') await freeSlot(ctx, moved.consultant, moved._id);
  return moved;
}

async function unmoved(ctx: Ctx, id: Types.ObjectId, to: OrderStatus): Promise<Order> {
  const order = await ctx.models.Order.findById(id).lean();
  if (!order) throw new AppError('NOT_FOUND');
  if (order.status === to) return order;
  throw new AppError('CONFLICT', {
    message: `订单当前为“${ORDER_STATUS_WORDS[order.status]}”，不能进行此操作，请刷新后查看。`,
  });
}
