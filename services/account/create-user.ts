import { Types } from 'mongoose';
import type { CreateStaff, CreateUser } from '../../contract/account.js';
import type { Role } from '../../contract/enums.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { mayCreate } from '../policies/user.js';
import { hashPassword, refuseCommonPassword } from './password.js';
import { sealPrivate } from './private-fields.js';
import { nextUserID } from './user-id.js';

/** The sentence of document sections 5, 8 and 9. */
export const usernameTaken = () => new AppError('CONFLICT', { message: '用户名已存在!' });

/**
 * Adds a member of staff with a log-in (document section 5); they join the caller's institution, a system admin
 * may name another.
 * @throws AppError FORBIDDEN (above the caller), NOT_FOUND (institution), BAD_INPUT (common password), CONFLICT
 */
export async function createUser(ctx: Ctx, actor: Actor, input: CreateUser): Promise<void> {
  const institution = await institutionFor(ctx, actor, input.institutionCode);
  await insertStaff(ctx, actor, input, { role: input.role, institution });
}

async function institutionFor(ctx: Ctx, actor: Actor, code: string | undefined): Promise<string> {
  if (actor.role !== 'SYSTEM_ADMINISTRATOR' || code === undefined) return actor.institution;
  if (await ctx.models.Institution.exists({ _id: code })) return code;
  throw new AppError('NOT_FOUND', { message: '没有找到该机构，请核对机构代码。' });
}

/**
 * Adds a supervisor or counselor with their data (document sections 8 and 9): the path decides the role. A
 * counselor added by a supervisor is bound to them.
 * @throws AppError FORBIDDEN, BAD_INPUT (common password), CONFLICT (name taken)
 */
export async function createStaff(
  ctx: Ctx,
  actor: Actor,
  role: 'SUPERVISOR' | 'COUNSELOR',
  input: CreateStaff,
): Promise<void> {
  const own = objectId(actor.id);
  const supervisors = actor.role === 'SUPERVISOR' && own ? [own] : [];
  await insertStaff(ctx, actor, input, { role, institution: actor.institution, supervisors }, input);
}

async function insertStaff(
  ctx: Ctx,
  actor: Actor,
  logIn: { username: string; password: string },
  fields: { role: Role; institution: string; supervisors?: Types.ObjectId[] },
  data: Omit<CreateStaff, 'username' | 'password'> | null = null,
): Promise<void> {
  if (!mayCreate(actor, fields)) throw new AppError('FORBIDDEN', { message: '您没有权限添加该角色的用户。' });
  // Said before the hash is made: the index below decides all the same.
  if (await ctx.models.User.exists({ username: logIn.username, deleted: false })) throw usernameTaken();
  refuseCommonPassword(logIn.password, [logIn.username]);
  const _id = new Types.ObjectId();
  const user: Partial<User> = {
    _id,
    userID: await nextUserID(ctx),
    username: logIn.username,
    passwordHash: await hashPassword(ctx, logIn.password),
    ...fields,
    name: data?.name ?? null,
    gender: data?.gender ?? null,
    department: data?.department ?? null,
    title: data?.title ?? null,
    qualification: data?.qualification ?? null,
    qualificationCode: data?.qualificationCode ?? null,
    ...(await sealPrivate(
      ctx,
      { _id, institution: fields.institution },
      { phone: data?.phoneNumber, idNumber: data?.idNumber, email: data?.email },
    )),
  };
  try {
    await ctx.models.User.create(user);
  } catch (error) {
    if (isDuplicate(error)) throw usernameTaken();
    throw error;
  }
  await ctx.audit.write({
    institution: fields.institution,
    actor,
    action: 'user.create',
    subject: `user:${_id.toHexString()}`,
  });
}
