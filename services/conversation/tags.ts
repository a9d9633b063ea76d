/** Labels of an institution on its sessions. Staff put them on and take them off; a visitor never meets one. */
import type { Types } from 'mongoose';
import type { ListTags, SetTag } from '../../contract/conversation.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { assertAllInstitutions } from '../policies/institution.js';

/** On one session. */
const MOST = 10;

/**
 * Those that may be put on, in the institution's order; of all institutions for who reads the sessions of all.
 * @throws AppError FORBIDDEN
 */
export async function listTags(ctx: Ctx, actor: Actor, { of }: ListTags): Promise<string[]> {
  if (of === 'all') {
    assertAllInstitutions(actor);
    const codes = await ctx.models.Institution.find({}, { _id: 1 }).sort({ _id: 1 }).lean();
    const lists = await Promise.all(codes.map(({ _id }) => ctx.policies.get(_id)));
    return [...new Set(lists.flatMap(({ sessionTags }) => sessionTags))];
  }
  return (await ctx.policies.get(actor.institution)).sessionTags;
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function tagsOf(ctx: Ctx, actor: Actor, id: string): Promise<string[]> {
  const { conversation } = await accessConversation(ctx, actor, id, 'tag');
  return storedTags(ctx, conversation._id);
}

/** Not from the cached conversation: two people may label at once. */
async function storedTags(ctx: Ctx, _id: Types.ObjectId): Promise<string[]> {
  return (await ctx.models.Conversation.findById(_id, { tags: 1 }).lean())?.tags ?? [];
}

/**
 * Puts one on or takes it off; again is harmless. What the institution no longer lists can still be taken off.
 * @returns what is on it now
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_INPUT (not a label of the institution), QUOTA
 */
export async function setTag(ctx: Ctx, actor: Actor, { id, tag, on }: SetTag): Promise<string[]> {
  const { conversation } = await accessConversation(ctx, actor, id, 'tag');
  const { _id, institution } = conversation;
  if (on) {
    const { sessionTags } = await ctx.policies.get(institution);
    if (!sessionTags.includes(tag))
      throw new AppError('BAD_INPUT', { message: '没有这个标签，请刷新后重试。' });
    const before = await storedTags(ctx, _id);
    if (before.length >= MOST && !before.includes(tag))
      throw new AppError('QUOTA', { message: `一次会谈最多${String(MOST)}个标签，请先去掉不用的。` });
  }
  const row = await ctx.models.Conversation.findByIdAndUpdate(
    _id,
    on ? { $addToSet: { tags: tag } } : { $pull: { tags: tag } },
    { returnDocument: 'after', projection: { tags: 1 } },
  ).lean();
  ctx.bus.publish({ name: 'conversation.changed', id: _id.toHexString() });
  return row?.tags ?? [];
}
