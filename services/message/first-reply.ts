import type { Conversation } from '../../models/conversation.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';

/**
 * Keeps when the counselor first answered. The message stands already: failing here must not refuse it, and
 * `npm run rollups:rebuild` finds what a crash left out.
 * @param at epoch ms
 */
export async function noteFirstReply(
  ctx: Ctx,
  conversation: Pick<Conversation, '_id'>,
  actor: Actor,
  at: number,
): Promise<void> {
  try {
    await ctx.models.Conversation.updateOne(
      { _id: conversation._id, firstReply: null },
      { $set: { firstReply: { at: new Date(at), by: objectId(actor.id) } } },
    );
    ctx.conversations.drop(conversation._id.toHexString());
  } catch (error) {
    ctx.log.warn(
      { err: String(error), conversation: conversation._id.toHexString() },
      'first reply not noted',
    );
  }
}
