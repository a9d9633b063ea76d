/** The hotline conversation of an online order (contract-notes.md section 4): opened by who booked, near its time. */
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { Order } from '../../models/order.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { openConversation } from '../conversation/open.js';
import { formatMoment } from '../time/moment.js';
import { followConversation } from './follow.js';
import { accessOrder } from './move.js';

/** How long before the appointment the conversation may be opened. */
const EARLY_MS = 15 * 60_000;

/**
 * Opens the conversation with the consultant of the order, or answers the one that is open; from then on the order
 * follows it: 咨询中 when it begins, 已结束 when it ends. One that nobody took leaves the order as it was.
 * @throws AppError NOT_FOUND; RULE_REFUSED (not on line, not accepted, not the time, another conversation is open)
 */
export async function openOrderConversation(
  ctx: Ctx,
  actor: Actor,
  booking: number,
): Promise<WireConversation> {
  const order = await accessOrder(ctx, actor, 'booking.converse', booking);
  assertReady(ctx, order);
  const conversation = await openConversation(
    ctx,
    actor,
    { counselor: order.consultant.toHexString() },
    { booked: true },
  );
  const consultant = order.consultant.toHexString();
  const theirs =
    conversation.counselor?.id === consultant || conversation.requestedCounselor?.id === consultant;
  if (!theirs) throw refused('您有另一场会谈尚未结束，请先结束后再开始本次咨询。');
  await name(ctx, order, conversation.id);
  await followConversation(ctx, conversation.id);
  return conversation;
}

async function name(ctx: Ctx, order: Order, conversation: string): Promise<void> {
  try {
    const named = await ctx.models.Order.updateOne(
      { _id: order._id, status: { $in: ['WAITING', 'IN_PROGRESS'] } },
      { $set: { conversation: objectId(conversation), following: true } },
    );
    if (named.matchedCount === 1) return;
  } catch (error) {
    // One conversation is one appointment's.
    if (isDuplicate(error)) throw refused('您与咨询师的这场会谈属于另一个预约，请先结束后再开始本次咨询。');
    throw error;
  }
  throw new AppError('CONFLICT', { message: '该预约的状态刚刚发生了变化，请刷新。' });
}

function assertReady(ctx: Ctx, order: Order): void {
  if (order.type !== '在线咨询') throw refused('线下咨询请按预约时间到访。');
  if (order.status === 'PENDING') throw refused('咨询师还没有接单，请稍后再来。');
  if (order.status !== 'WAITING' && order.status !== 'IN_PROGRESS') throw refused('该预约已经结束。');
  const opens = new Date(order.startAt.getTime() - EARLY_MS);
  const now = ctx.clock.now();
  if (now < opens.getTime()) throw refused(`还没有到时间，${formatMoment(opens)}起可以进入咨询。`);
  if (now >= order.endAt.getTime()) throw refused('预约时间已过，请联系咨询师改期。');
}

const refused = (message: string) => new AppError('RULE_REFUSED', { message });
