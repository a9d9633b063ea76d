/** Canned replies: a person's own, and those of the institution, which supervisors and admins keep. */
import { pinyin } from 'pinyin-pro';
import { Types } from 'mongoose';
import type {
  CannedReply as Wire,
  ChangeCannedReply,
  CreateCannedReply,
} from '../../contract/canned-reply.js';
import type { CannedReply } from '../../models/canned-reply.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { accessReply, assertShares, repliesOf } from '../policies/canned-reply.js';

/** Of one person, and of one institution: the console holds them all and searches in them. */
const MOST = 300;

/** Their own and the institution's, by category and title. @throws AppError FORBIDDEN */
export async function listReplies(ctx: Ctx, actor: Actor): Promise<Wire[]> {
  const rows = await ctx.models.CannedReply.find(repliesOf(actor)).sort({ category: 1, title: 1 }).lean();
  return rows.map(present);
}

/** @throws AppError FORBIDDEN (shared, by a counselor), QUOTA */
export async function createReply(ctx: Ctx, actor: Actor, input: CreateCannedReply): Promise<Wire> {
  if (input.shared) assertShares(actor);
  const owner = input.shared ? null : new Types.ObjectId(actor.id);
  const { institution } = actor;
  if ((await ctx.models.CannedReply.countDocuments({ institution, owner })) >= MOST)
    throw new AppError('QUOTA', { message: `常用语最多${String(MOST)}条，请先删除不用的。` });
  const row = { _id: new Types.ObjectId(), institution, owner, ...wordsOf(ctx, input) };
  await ctx.models.CannedReply.create(row);
  return present(row);
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function changeReply(ctx: Ctx, actor: Actor, input: ChangeCannedReply): Promise<Wire> {
  const before = await accessReply(ctx, actor, input.id);
  const changed = wordsOf(ctx, input);
  await ctx.models.CannedReply.updateOne({ _id: before._id }, { $set: changed });
  return present({ ...before, ...changed });
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function deleteReply(ctx: Ctx, actor: Actor, id: string): Promise<void> {
  const { _id } = await accessReply(ctx, actor, id);
  await ctx.models.CannedReply.deleteOne({ _id });
}

/** What is stored of what was written. */
export function wordsOf(ctx: Pick<Ctx, 'clock'>, { title, category, text }: Omit<ChangeCannedReply, 'id'>) {
  const options = { toneType: 'none', type: 'array' } as const;
  const whole = pinyin(title, options).join('').toLowerCase();
  const first = pinyin(title, { ...options, pattern: 'first' })
    .join('')
    .toLowerCase();
  return { title, category, text, pinyin: [whole, first], savedAt: new Date(ctx.clock.now()) };
}

function present(row: CannedReply): Wire {
  return {
    id: row._id.toHexString(),
    title: row.title,
    category: row.category,
    text: row.text,
    shared: row.owner === null,
    pinyin: row.pinyin,
    savedTime: row.savedAt.getTime(),
  };
}
