/** Editing staff: by name (document sections 11 and 12, also oneself) and by id (19). */
import type { Types } from 'mongoose';
import type { EditCounselor, EditCounselorByName, EditSupervisorByName } from '../../contract/account.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertUser, userScope } from '../policies/user.js';
import { setCap } from '../presence/duty.js';
import { usernameTaken } from './create-user.js';
import { raiseUser } from './cutoff.js';
import { hashPassword, refuseCommonPassword, verifyPassword } from './password.js';
import { openPrivate, sealPrivate } from './private-fields.js';
import { pruneWatches } from '../supervision/watch.js';

const unknown = () => new AppError('NOT_FOUND', { message: '没有找到该用户，请核对后重试。' });

/**
 * @param input absent = unchanged, null = cleared
 * @param address of the caller: guesses at one's own password are limited as at log-in
 * @throws AppError NOT_FOUND (unknown, or not of this role), FORBIDDEN, RULE_REFUSED (one's own password: use 17),
 *   BAD_INPUT (common password)
 */
export async function editStaffByName(
  ctx: Ctx,
  actor: Actor,
  role: 'SUPERVISOR' | 'COUNSELOR',
  { username, password, ...fields }: EditCounselorByName | EditSupervisorByName,
  address: string,
): Promise<void> {
  const user = await ctx.models.User.findOne({ username, role, deleted: false, ...userScope(actor) }).lean();
  if (!user) throw unknown();
  const self = user._id.toHexString() === actor.id;
  assertUser(actor, self ? 'self.edit' : 'staff.edit', user);
  // What may be refused comes before anything is written.
  const change = await changeOf(ctx, user, fields, self);
  if (password !== undefined) await setPassword(ctx, user, password, self, address);
  await write(ctx, actor, user, change);
}

/** The present password changes nothing; another one is an admin's to set and ends the user's sessions. */
async function setPassword(ctx: Ctx, user: User, md5: string, self: boolean, address: string): Promise<void> {
  const same = async () => ((await verifyPassword(ctx, user.passwordHash, md5)) ? true : null);
  const unchanged = self
    ? await ctx.limits.loginFailure.attempt([user.username, address], same)
    : await same();
  if (unchanged) return;
  if (self) throw new AppError('RULE_REFUSED', { message: '修改自己的密码请使用“修改密码”，并填写原密码。' });
  refuseCommonPassword(md5, [user.username]);
  const passwordHash = await hashPassword(ctx, md5);
  await raiseUser(ctx, user._id.toHexString(), 'password-reset', { $set: { passwordHash } });
}

/**
 * Edits a counselor by id (document section 19); another username renames, `supervisors` replaces the list.
 * @throws AppError NOT_FOUND, FORBIDDEN (a supervisor: bound counselors only), BAD_INPUT (a supervisor's id),
 *   CONFLICT (name taken)
 */
export async function editCounselor(ctx: Ctx, actor: Actor, input: EditCounselor): Promise<void> {
  const { userId, username, supervisors, maxConsults, ...fields } = input;
  const _id = objectId(userId);
  const user =
    _id &&
    (await ctx.models.User.findOne({
      _id,
      role: 'COUNSELOR',
      deleted: false,
      ...userScope(actor),
    }).lean());
  if (!user) throw unknown();
  assertUser(actor, 'staff.edit', user);
  const change = await changeOf(ctx, user, fields, false);
  if (supervisors !== undefined) change.set.supervisors = await supervisorsOf(ctx, user, supervisors);
  if (username !== undefined && username !== user.username) change.set.username = username;
  await write(ctx, actor, user, change);
  if (supervisors !== undefined) await pruneWatches(ctx, user._id);
  if (maxConsults !== undefined) await setCap(ctx, user, maxConsults);
}

async function supervisorsOf(ctx: Ctx, user: User, ids: string[]): Promise<Types.ObjectId[]> {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))].map(objectId);
  const found = await ctx.models.User.find(
    {
      _id: { $in: wanted.filter((id) => id !== null) },
      role: 'SUPERVISOR',
      institution: user.institution,
      deleted: false,
    },
    { _id: 1 },
  ).lean();
  if (found.length !== wanted.length)
    throw new AppError('BAD_INPUT', { message: '绑定的督导中有人不是本机构的督导，请重新选择。' });
  return wanted.filter((id) => id !== null);
}

type Fields = Partial<
  Omit<EditSupervisorByName, 'username' | 'password'> & Pick<EditCounselor, 'age' | 'gender'>
>;
interface Change {
  set: Partial<User>;
  unproved: { add: ('phone' | 'email')[]; drop: ('phone' | 'email')[] };
}

async function changeOf(ctx: Ctx, user: User, fields: Fields, self: boolean): Promise<Change> {
  const { name, gender, age, department, title, qualification, qualificationCode } = fields;
  const plain = { name, gender, age, department, title, qualification, qualificationCode };
  const known = await openPrivate(ctx, user);
  const given = { phone: fields.phoneNumber, idNumber: fields.idNumber, email: fields.email };
  const sealed = await sealPrivate(ctx, user, {
    // A form sends everything back: what stays the same is not written again, and stays proved.
    phone: given.phone === known.phone ? undefined : given.phone,
    idNumber: given.idNumber === known.idNumber ? undefined : given.idNumber,
    email: given.email === known.email ? undefined : given.email,
  });
  const touched = (['phone', 'email'] as const).filter((field) => given[field] != null);
  return {
    set: {
      ...(Object.fromEntries(
        Object.entries(plain).filter(([, value]) => value !== undefined),
      ) as Partial<User>),
      ...sealed,
    },
    // What an admin writes signs in, what people write about themselves does not.
    unproved: self
      ? { add: touched.filter((field) => field in sealed), drop: [] }
      : { add: [], drop: touched },
  };
}

async function write(ctx: Ctx, actor: Actor, user: User, { set, unproved }: Change): Promise<void> {
  try {
    await ctx.models.User.updateOne(
      { _id: user._id, deleted: false },
      {
        $set: set,
        ...(unproved.add.length === 0 ? {} : { $addToSet: { unproved: { $each: unproved.add } } }),
        ...(unproved.drop.length === 0 ? {} : { $pull: { unproved: { $in: unproved.drop } } }),
      },
    );
  } catch (error) {
    if (isDuplicate(error)) throw usernameTaken();
    throw error;
  }
  // Lists find and sort by the name that stands on the conversation.
  if (set.name !== undefined && user.role === 'COUNSELOR')
    await ctx.models.Conversation.updateMany(
      { counselor: user._id, counselorName: { $ne: set.name } },
      { $set: { counselorName: set.name } },
    );
  await ctx.audit.write({
    institution: user.institution,
    actor,
    action: 'user.edit',
    subject: `user:${user._id.toHexString()}`,
  });
}
