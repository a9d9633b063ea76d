import type { Conversation as WireConversation, ListOwnConversations } from '../../contract/conversation.js';
import type { Listing } from '../../contract/common.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation, presentConversations } from '../presenters/conversation.js';

/** A visitor's own conversations, newest first (document section 29). */
export async function listOwnConversations(
  ctx: Ctx,
  actor: Actor,
  input: ListOwnConversations,
): Promise<Listing<WireConversation>> {
  const filter = { visitor: objectId(actor.id), type: 'COUNSELING_SESSION' as const, deletedAt: null };
  const [rows, count] = await Promise.all([
    ctx.models.Conversation.find(filter)
      .sort({ createdAt: -1, _id: -1 })
      .skip((input.page - 1) * input.size)
      .limit(input.size)
      .lean(),
    ctx.models.Conversation.countDocuments(filter),
  ]);
  return {
    rows: await presentConversations(ctx, rows),
    count,
    next: nextPage(input, count),
  };
}

/** The number of the next page, null on the last. */
export function nextPage(input: { page: number; size: number }, count: number): number | null {
  return input.page * input.size < count ? input.page + 1 : null;
}

export async function getConversation(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const { conversation } = await accessConversation(ctx, actor, id, 'read');
  return presentConversation(ctx, (await ctx.conversations.reload(id)) ?? conversation);
}
