import type { ReadMark, ReadMessages, SetTyping } from '../../contract/message.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import { partiesOf } from '../conversation/cache.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { headSeq } from './history.js';

/**
 * Marks a conversation read up to a seq. A mark never goes back and never passes what exists.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function markRead(ctx: Ctx, actor: Actor, input: ReadMessages): Promise<ReadMark> {
  const { conversation } = await accessConversation(ctx, actor, input.conversationId, 'mark-read');
  const conversationId = conversation._id.toHexString();
  const seq =
    input.seq <= conversation.lastSeq ? input.seq : Math.min(input.seq, await headSeq(ctx, conversation));
  const key = { conversation: conversation._id, user: objectId(actor.id) };
  const at = new Date(ctx.clock.now());
  const moved = await ctx.models.ReadMark.updateOne({ ...key, seq: { $lt: seq } }, { $set: { seq, at } });
  if (moved.matchedCount === 0) {
    try {
      await ctx.models.ReadMark.collection.insertOne({ ...key, seq, at });
    } catch (error) {
      // It stands higher already.
      if (!isDuplicate(error)) throw error;
      return { conversationId, userId: actor.id, seq };
    }
  }
  const mark: ReadMark = { conversationId, userId: actor.id, seq };
  ctx.bus.publish({ name: 'message.read', parties: partiesOf(conversation), mark });
  return mark;
}

/** Tells the other side that somebody types; nothing of it is stored, and never what is typed. */
export async function setTyping(ctx: Ctx, actor: Actor, input: SetTyping): Promise<null> {
  const { conversation } = await accessConversation(ctx, actor, input.conversationId, 'send');
  ctx.bus.publish({
    name: 'typing.changed',
    parties: partiesOf(conversation),
    userId: actor.id,
    on: input.on,
  });
  return null;
}
