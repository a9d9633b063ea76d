/** What counselors are listed for: fields of work and languages, which visitors may wish for. */
import type { SetStrengths, Strengths } from '../../contract/wish.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { ensureDuty } from '../matchmaking/seat.js';
import { assertUser, userScope } from '../policies/user.js';

/** @throws AppError NOT_FOUND, FORBIDDEN (a supervisor: bound counselors only) */
export async function readStrengths(ctx: Ctx, actor: Actor, id: string): Promise<Strengths> {
  const { _id, institution } = await accessCounselor(ctx, actor, id);
  const { skills = [], languages = [] } = await ensureDuty(ctx, _id, institution);
  return { skills, languages };
}

/** Whoever waits may be fitted now. @throws AppError NOT_FOUND, FORBIDDEN */
export async function setStrengths(ctx: Ctx, actor: Actor, input: SetStrengths): Promise<Strengths> {
  const { _id, institution } = await accessCounselor(ctx, actor, input.id);
  const { skills, languages } = input;
  await ensureDuty(ctx, _id, institution);
  await ctx.audit.write({ institution, actor, action: 'user.edit', subject: `user:${_id.toHexString()}` });
  await ctx.models.Duty.updateOne({ _id }, { $set: { skills, languages } });
  await ctx.admissions.admit(institution);
  return { skills, languages };
}

async function accessCounselor(ctx: Ctx, actor: Actor, id: string): Promise<User> {
  const _id = objectId(id);
  const known = { _id, role: 'COUNSELOR' as const, deleted: false, ...userScope(actor) };
  const user = _id && (await ctx.models.User.findOne(known).lean());
  if (!user) throw new AppError('NOT_FOUND', { message: '没有找到该咨询师。' });
  assertUser(actor, 'staff.edit', user);
  return user;
}
