/** What a visitor who waits would like of a counselor (policy `wishWaitMinutes` says how long it may cost). */
import type { SetWish, Wish } from '../../contract/wish.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';

const NONE = { skill: null, language: null, gender: null };

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function readWish(ctx: Ctx, actor: Actor, id: string): Promise<Wish> {
  const { conversation } = await accessConversation(ctx, actor, id, 'intake');
  return { ...(await choices(ctx, conversation.institution)), ...NONE, ...conversation.wish };
}

/**
 * Takes the place of what was wished for before; the place in the line stays.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_INPUT (what nobody is listed for), RULE_REFUSED (no longer waiting)
 */
export async function setWish(ctx: Ctx, actor: Actor, { id, ...wish }: SetWish): Promise<Wish> {
  const { conversation } = await accessConversation(ctx, actor, id, 'intake');
  const { _id, institution } = conversation;
  const offered = await choices(ctx, institution);
  const isOffered = (word: string | null, all: string[]) => word === null || all.includes(word);
  if (
    !isOffered(wish.skill, offered.skills) ||
    !isOffered(wish.language, offered.languages) ||
    !isOffered(wish.gender, offered.genders)
  )
    throw new AppError('BAD_INPUT', { message: '暂时没有符合这项期望的咨询师，请重新选择。' });
  const isNone = Object.values(wish).every((word) => word === null);
  const stored = await ctx.models.Conversation.updateOne(
    { _id, status: 'WAITING' },
    { $set: { wish: isNone ? null : wish } },
  );
  if (stored.matchedCount === 0)
    throw new AppError('RULE_REFUSED', { message: '会谈已经接通或结束，不能再修改期望。' });
  await ctx.conversations.reload(id);
  await ctx.admissions.admit(institution);
  return { ...offered, ...wish };
}

/** What counselors of the institution who take visitors are listed for. */
async function choices(
  ctx: Ctx,
  institution: string,
): Promise<Pick<Wish, 'skills' | 'languages' | 'genders'>> {
  const duties = await ctx.models.Duty.find(
    { institution, enabled: true, maxConsults: { $gt: 0 } },
    { skills: 1, languages: 1 },
  ).lean();
  const people = await ctx.models.User.find(
    { _id: { $in: duties.map(({ _id }) => _id) }, deleted: false },
    { gender: 1 },
  ).lean();
  const sorted = (words: (string | null | undefined)[]) =>
    [...new Set(words.filter((word) => word != null && word !== ''))].sort() as string[];
  return {
    skills: sorted(duties.flatMap(({ skills = [] }) => skills)),
    languages: sorted(duties.flatMap(({ languages = [] }) => languages)),
    genders: sorted(people.map(({ gender }) => gender)),
  };
}
