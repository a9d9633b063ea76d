import type { ReadMark, ReadMessages, ReceivedMessages, SetTyping } from '../../contract/message.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import { partiesOf } from '../conversation/cache.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { headSeq } from './history.js';
import { presentMark } from '../presenters/message.js';

/**
 * Marks a conversation read up to a seq. A mark never goes back and never passes what exists.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export function markRead(ctx: Ctx, actor: Actor, input: ReadMessages): Promise<ReadMark> {
  return mark(ctx, actor, input, 'seq');
}

/**
 * Marks a conversation received up to a seq: it is on a device of theirs, read or not.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export function markReceived(ctx: Ctx, actor: Actor, input: ReceivedMessages): Promise<ReadMark> {
  return mark(ctx, actor, input, 'received');
}

/** What was read was received: the first raises both, the second itself. */
async function mark(
  ctx: Ctx,
  actor: Actor,
  input: ReadMessages,
  which: 'seq' | 'received',
): Promise<ReadMark> {
  const { conversation } = await accessConversation(ctx, actor, input.conversationId, 'mark-read');
  const conversationId = conversation._id.toHexString();
  const to =
    input.seq <= conversation.lastSeq ? input.seq : Math.min(input.seq, await headSeq(ctx, conversation));
  const key = { conversation: conversation._id, user: objectId(actor.id) };
  const at = new Date(ctx.clock.now());
  const raised = which === 'seq' ? { seq: to, received: to } : { received: to };
  const raise = () =>
    ctx.models.ReadMark.findOneAndUpdate(key, { $max: raised }, { returnDocument: 'before' }).lean();
  let before = await raise();
  if (!before) {
    try {
      await ctx.models.ReadMark.collection.insertOne({ ...key, seq: 0, ...raised, at });
    } catch (error) {
      // Another device was quicker with the first mark.
      if (!isDuplicate(error)) throw error;
      before = await raise();
    }
  }
  const known = { seq: before?.seq ?? 0, received: before?.received ?? before?.seq ?? 0 };
  const now = { seq: Math.max(known.seq, raised.seq ?? 0), received: Math.max(known.received, to) };
  const told = presentMark(conversationId, { user: actor.id, ...now });
  if (now.seq > known.seq || now.received > known.received)
    ctx.bus.publish({ name: 'message.read', parties: partiesOf(conversation), mark: told });
  return told;
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
