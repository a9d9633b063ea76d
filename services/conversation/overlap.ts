/** For a while after a warm transfer the former owner is still there: they hear the session and may speak in it. */
import type { Conversation as WireConversation } from '../../contract/conversation.js';
import type { Conversation } from '../../models/conversation.js';
import type { Actor, Ctx } from '../context.js';
import { postSystem } from '../message/system.js';
import { accessConversation } from '../policies/conversation.js';
import { presentConversation } from '../presenters/conversation.js';
import { publishConversation } from './publish.js';

/** The one who stayed leaves, or the new owner goes on alone. Again is harmless. @throws AppError NOT_FOUND, FORBIDDEN */
export async function endOverlap(ctx: Ctx, actor: Actor, id: string): Promise<WireConversation> {
  const { conversation } = await accessConversation(ctx, actor, id, 'end-overlap');
  const row = (await ctx.conversations.reload(id)) ?? conversation;
  await closeOverlap(ctx, row);
  return presentConversation(ctx, (await ctx.conversations.reload(id)) ?? row);
}

/** Its time is over. */
export async function closeOverlap(ctx: Ctx, row: Conversation): Promise<boolean> {
  const { overlap } = row;
  if (!overlap) return false;
  const left = await ctx.models.Conversation.findOneAndUpdate(
    { _id: row._id, 'overlap.counselor': overlap.counselor },
    { $set: { overlap: null }, $pull: { deadlines: { kind: 'overlap' } }, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (!left) return false;
  const who = overlap.counselor.toHexString();
  await publishConversation(ctx, left, who);
  const person = await ctx.models.User.findById(overlap.counselor, { name: 1 }).lean();
  if (left.open)
    await postSystem(ctx, left, `sys:left:${String(left.rev)}`, {
      event: 'left',
      data: { counselor: who, name: person?.name ?? null },
    });
  return true;
}
