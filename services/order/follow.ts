/**
 * An online order follows its conversation. What happened is heard on the node where it happened; a sweep finds what
 * a crash swallowed. Each step is a compare-and-set of the order's own table of moves, so both may come.
 */
import { OPEN_STATUSES } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { Order } from '../../models/order.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { moveOrder, type OrderMove } from './lifecycle.js';

/** Orders that one sweep looks at. */
const MOST = 500;

/** Listens; the publisher's own node is enough. */
export function startFollowing(ctx: Ctx): void {
  ctx.bus.on('conversation.updated', ({ parties }, remote) => {
    if (remote || parties.type !== 'COUNSELING_SESSION') return;
    followConversation(ctx, parties.id).catch((error: unknown) => {
      ctx.log.warn(
        { err: String(error), conversation: parties.id },
        'an order did not follow; the sweep will',
      );
    });
  });
}

/** Brings the order of a conversation, if there is one, to where the conversation is. */
export async function followConversation(ctx: Ctx, conversation: string): Promise<void> {
  const id = objectId(conversation);
  const order = id && (await ctx.models.Order.findOne({ conversation: id }).lean());
  if (!order?.following) return;
  await follow(ctx, order, (await ctx.models.Conversation.findById(id).lean()) ?? undefined);
}

/** Orders that a conversation of theirs has left behind; two reads when there is none. */
export async function sweepOrders(ctx: Ctx): Promise<number> {
  const orders = await ctx.models.Order.find({ following: true }).limit(MOST).lean();
  if (orders.length === 0) return 0;
  const conversations = await ctx.models.Conversation.find({
    _id: { $in: orders.flatMap(({ conversation }) => (conversation ? [conversation] : [])) },
  })
    .select({ status: 1, startAt: 1 })
    .lean();
  const byId = new Map(conversations.map((each) => [each._id.toHexString(), each]));
  for (const order of orders) await follow(ctx, order, byId.get(order.conversation?.toHexString() ?? ''));
  return orders.length;
}

type Followed = Pick<Conversation, '_id' | 'status' | 'startAt'>;
export const isOpen = ({ status }: Pick<Conversation, 'status'>): boolean =>
  (OPEN_STATUSES as readonly string[]).includes(status);

async function follow(ctx: Ctx, order: Order, conversation: Followed | undefined): Promise<void> {
  if (!conversation) return;
  const { startAt } = conversation;
  if (isOpen(conversation)) {
    if (startAt && order.status === 'WAITING') await tryMove(ctx, order, 'start');
    return;
  }
  // Nobody took it: the appointment stands, and may open another.
  const again = startAt ? {} : { conversation: null };
  if (startAt) {
    await tryMove(ctx, order, 'start');
    await tryMove(ctx, order, 'finish');
  }
  await ctx.models.Order.updateOne(
    { _id: order._id, conversation: conversation._id },
    { $set: again, $unset: { following: 1 } },
  );
}

/** What its consultant moved on meanwhile stays where it is. */
async function tryMove(ctx: Ctx, order: Order, move: OrderMove): Promise<void> {
  try {
    await moveOrder(ctx, order, move);
  } catch (error) {
    if (!(error instanceof AppError && error.word === 'CONFLICT')) throw error;
  }
}
