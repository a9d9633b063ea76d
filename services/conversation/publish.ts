import type { Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { presentConversation } from '../presenters/conversation.js';
import { partiesOf } from './cache.js';

/**
 * Tells of a change of status, owner or parties, after its write; every node drops its cached copy.
 * @param former an owner who just lost it and must hear so
 */
export async function publishConversation(ctx: Ctx, row: Conversation, former: string | null): Promise<void> {
  ctx.conversations.drop(row._id.toHexString());
  ctx.bus.publish({
    name: 'conversation.updated',
    parties: partiesOf(row),
    conversation: await presentConversation(ctx, row),
    former,
  });
}
