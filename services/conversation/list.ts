import type { Conversation as WireConversation, ListOwnConversations } from '../../contract/conversation.js';
import type { Listing } from '../../contract/common.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation, presentConversations } from '../presenters/conversation.js';

/** A visitor's own conversations, newest first (document section 29). */
export async function listOwnConversations(
  ctx: Ctx,
  actor: Actor,
  input: ListOwnConversations,
): Promise<Listing<WireConversation>> {
  const filter = { visitor: objectId(actor.id), type: 'COUNSELING_SESSION' as const, deletedAt: null };
  const sort = { createdAt: -1, _id: -1 } as const;
  const { rows, ...place } = await readPage(ctx.models.Conversation, { filter, sort }, input);
  return { rows: await presentConversations(ctx, rows), ...place };
}

export async function getConversation(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const { conversation } = await accessConversation(ctx, actor, id, 'read');
  return presentConversation(ctx, (await ctx.conversations.reload(id)) ?? conversation);
}
