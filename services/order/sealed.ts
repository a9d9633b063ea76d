/** What of an order is sealed: who came, how to reach them, and what they seek help for. */
import type { Types } from 'mongoose';
import type { Order } from '../../models/order.js';
import type { Ctx } from '../context.js';
import { openField, sealField } from '../seal/fields.js';

export interface OrderSecrets {
  name: string;
  contact: string;
  keyWords: string[];
}

type SealedField = 'name' | 'contact' | 'keyWords' | 'reason';

export function sealOrderField(
  ctx: Pick<Ctx, 'keys'>,
  order: { _id: Types.ObjectId; institution: string },
  field: SealedField,
  text: string,
): Promise<Buffer> {
  return sealField(ctx, order.institution, ['orders', field, order._id.toHexString()], text);
}

export async function openOrderField(
  ctx: Pick<Ctx, 'keys'>,
  order: Order,
  field: SealedField,
): Promise<string> {
  const place = ['orders', field, order._id.toHexString()] as const;
  return (await openField(ctx, order.institution, place, order[field])) ?? '';
}

export async function openOrder(ctx: Pick<Ctx, 'keys'>, order: Order): Promise<OrderSecrets> {
  const [name, contact, words] = await Promise.all([
    openOrderField(ctx, order, 'name'),
    openOrderField(ctx, order, 'contact'),
    openOrderField(ctx, order, 'keyWords'),
  ]);
  return { name, contact, keyWords: words === '' ? [] : (JSON.parse(words) as string[]) };
}

/** The same name and contact with the same consultant is the same person. */
export function personIndex(
  ctx: Pick<Ctx, 'keyring'>,
  consultant: Types.ObjectId,
  who: { name: string; contact: string },
): string {
  const plain = (text: string) => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
  return ctx.keyring.blindIndex(
    'order-person',
    `${consultant.toHexString()}\0${plain(who.name)}\0${plain(who.contact)}`,
  );
}
