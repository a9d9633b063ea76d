/** Word to the counselor to whom somebody is, or no longer is, offered. */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { presentConversation } from '../presenters/conversation.js';
import { pullSeat } from './seat.js';

export async function tellOffer(ctx: Ctx, row: Conversation, counselor: Types.ObjectId): Promise<void> {
  if (!row.offer) return;
  ctx.bus.publish({
    name: 'offer.made',
    counselor: counselor.toHexString(),
    offer: {
      conversation: await presentConversation(ctx, row),
      until: row.offer.until.getTime(),
      why: row.assignedWhy,
    },
  });
}

export function tellWithdrawn(ctx: Ctx, row: Pick<Conversation, '_id'>, counselor: Types.ObjectId): void {
  ctx.bus.publish({
    name: 'offer.withdrawn',
    counselor: counselor.toHexString(),
    conversation: row._id.toHexString(),
  });
}

/** It ended while it was offered: the seat that was held is free. */
export async function dropOffer(ctx: Ctx, ended: Conversation, counselor: Types.ObjectId): Promise<void> {
  await pullSeat(ctx, counselor, ended._id);
  tellWithdrawn(ctx, ended, counselor);
}
