/** A booked client's comment: 38a with `orderId` instead of conversationId (contract-notes.md section 4). */
import type { Types } from 'mongoose';
import type { Order } from '../../models/order.js';
import { AppError } from '../../platform/errors.js';
import { seal, unseal } from '../../platform/keyring.js';
import type { Evaluation } from '../../models/evaluation.js';
import type { Actor, Ctx } from '../context.js';
import { accessOrder } from '../order/move.js';
import { openKey, openKeys, storeNewKey } from '../record/keys.js';

/** What a rating is about, and whose key seals its words. */
export interface RatedSubject {
  /** A conversation, or an order that had none. */
  rated: Types.ObjectId;
  counselor: Types.ObjectId | null;
  institution: string;
  /** Written with the rating, where it is of an order. */
  more?: Pick<Evaluation, 'order' | 'key' | 'keySlot'>;
  seal(evaluation: Types.ObjectId, words: Buffer): Promise<Buffer>;
}

/** @throws AppError NOT_FOUND, also for another's; RULE_REFUSED until it is over */
export async function ratedOrder(ctx: Ctx, actor: Actor, id: number): Promise<Order> {
  const order = await accessOrder(ctx, actor, 'booking.rate', id);
  if (order.status !== 'FINISHED')
    throw new AppError('RULE_REFUSED', { message: '咨询还没有结束，结束后才能评价。' });
  return order;
}

const placeOf = ({ _id, institution }: Pick<Evaluation, '_id' | 'institution'>) =>
  ['evaluations', 'content', _id.toHexString(), institution] as const;

/** An order that had no conversation: its comment has a key of its own. */
export async function subjectOfOrder(ctx: Ctx, order: Order): Promise<RatedSubject> {
  const before = await ctx.models.Evaluation.findOne({ conversation: order._id }).lean();
  const place = before?.key
    ? { key: before.key, keySlot: before.keySlot ?? 0 }
    : await storeNewKey(ctx, order.institution);
  const { institution } = order;
  return {
    rated: order._id,
    counselor: order.consultant,
    institution,
    more: { order: order._id, key: place.key, keySlot: place.keySlot },
    seal: async (_id, words) => seal(await openKey(ctx, place), words, placeOf({ _id, institution })),
  };
}

/** '' where nothing was said, and where the key was destroyed. */
export async function wordsOfOrder(ctx: Ctx, row: Evaluation): Promise<string> {
  if (!row.content || !row.key) return '';
  const place = { key: row.key, keySlot: row.keySlot ?? 0 };
  const key = (await openKeys(ctx, [place]))(place);
  return key ? unseal(key, row.content, placeOf(row)).toString() : '';
}
