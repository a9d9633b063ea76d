/** What a counselling costs, in fen (contract-notes.md section 4, "amount"). */
import type { SetPrices } from '../../contract/consultant/order.js';
import type { OrderType } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { mayOrder } from '../policies/order.js';

export type Prices = Record<OrderType, number>;

/** 0 for what nobody set, and for a consultant of no institution. */
export async function pricesOf(ctx: Pick<Ctx, 'models'>, institution: string): Promise<Prices> {
  const row = await ctx.models.Institution.findById(institution).select({ prices: 1 }).lean();
  return { 在线咨询: row?.prices?.online ?? 0, 线下咨询: row?.prices?.offline ?? 0 };
}

export async function priceOf(
  ctx: Pick<Ctx, 'models'>,
  institution: string,
  type: OrderType,
): Promise<number> {
  return (await pricesOf(ctx, institution))[type];
}

/**
 * Orders already made keep their amount.
 * @throws AppError NOT_FOUND for an unknown institution and, to those of another one, for any
 */
export async function setPrices(ctx: Ctx, actor: Actor, code: string, input: SetPrices): Promise<Prices> {
  if (!mayOrder(actor, 'price.set', { institution: code })) throw new AppError('NOT_FOUND');
  const change = {
    ...(input.在线咨询 === undefined ? {} : { 'prices.online': input.在线咨询 }),
    ...(input.线下咨询 === undefined ? {} : { 'prices.offline': input.线下咨询 }),
  };
  const found = await ctx.models.Institution.updateOne({ _id: code }, { $set: change });
  if (found.matchedCount === 0) throw new AppError('NOT_FOUND', { message: '没有找到该机构。' });
  return pricesOf(ctx, code);
}
