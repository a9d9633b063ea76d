/** Taking a consultant who registered alone into an institution (contract-notes.md section 4, "register"). */
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { openField, sealField } from '../seal/fields.js';
import { aloneCode, isAlone } from './affiliation.js';
import { raiseUser } from './cutoff.js';

const SEALED = ['phone', 'email', 'idNumber', 'emergencyContact', 'emergencyPhone'] as const;

/**
 * Their sealed fields move under the institution's key, their sessions end (rights change), their earlier orders
 * stay their own. Only somebody of no institution can be taken in; anybody else does not exist for the caller.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export async function addMember(ctx: Ctx, actor: Actor, code: string, userID: number): Promise<void> {
  if (actor.role !== 'SYSTEM_ADMINISTRATOR' && actor.role !== 'INSTITUTION_ADMINISTRATOR')
    throw new AppError('FORBIDDEN');
  const foreign = actor.role === 'INSTITUTION_ADMINISTRATOR' && actor.institution !== code;
  if (foreign || isAlone(code) || !(await ctx.models.Institution.exists({ _id: code })))
    throw new AppError('NOT_FOUND', { message: '没有找到该机构。' });
  const user = await ctx.models.User.findOne({ userID, role: 'COUNSELOR', deleted: false }).lean();
  if (user?.institution === code) return;
  if (!user || !isAlone(user.institution))
    throw new AppError('NOT_FOUND', { message: '没有找到该咨询师，或其已属于其他机构。' });
  const sealed = await resealed(ctx, user, code);
  // Compare-and-set: of two institutions at once one takes them in, and what was written meanwhile is not lost.
  const taken = await ctx.models.User.updateOne(
    {
      _id: user._id,
      institution: aloneCode(userID),
      phoneIndex: user.phoneIndex,
      emailIndex: user.emailIndex,
    },
    { $set: { ...sealed, institution: code } },
  );
  if (taken.modifiedCount === 0) throw new AppError('CONFLICT');
  await ctx.models.Duty.updateOne({ _id: user._id }, { $set: { institution: code } });
  await ctx.models.WorkDay.updateMany({ consultant: user._id }, { $set: { institution: code } });
  await raiseUser(ctx, user._id.toHexString(), 'institution-changed');
  await ctx.audit.write({ institution: code, actor, action: 'member.add', subject: user._id.toHexString() });
}

async function resealed(ctx: Ctx, user: User, code: string): Promise<Partial<User>> {
  const id = user._id.toHexString();
  const fields = await Promise.all(
    SEALED.map(async (field) => {
      const place = ['users', field, id] as const;
      const text = await openField(ctx, user.institution, place, user[field]);
      return [field, text === null ? null : await sealField(ctx, code, place, text)] as const;
    }),
  );
  return Object.fromEntries(fields);
}
