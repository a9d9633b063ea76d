/** A consultant's own profile (second document, user/profile and user/updateProfile). */
import type { ProfileAnswer, UpdateProfile } from '../../contract/consultant/profile.js';
import type { AccountType } from '../../contract/enums.js';
import type { ConsultantProfile, User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import { accountOf, taken, type Account } from '../account/contact.js';
import type { Actor, Ctx } from '../context.js';
import { openContact, organizationOf, shownAvatar } from '../presenters/consultant.js';
import { sealField } from '../seal/fields.js';

const TEXTS = [
  'organization',
  'introduction',
  'experience',
  'expertise',
  'education',
  'certifications',
] as const;
const LOG_IN = { phone: 'phoneLogIn', email: 'emailLogIn' } as const;
const INDEX = { phone: 'phoneIndex', email: 'emailIndex' } as const;

async function load(ctx: Ctx, actor: Actor): Promise<User> {
  const user = await ctx.models.User.findOne({ _id: objectId(actor.id), deleted: false }).lean();
  if (!user) throw new AppError('UNAUTHENTICATED');
  return user;
}

/** Unset fields are "". */
export async function readProfile(ctx: Ctx, actor: Actor): Promise<ProfileAnswer> {
  const user = await load(ctx, actor);
  const said = (field: keyof ConsultantProfile) => user.profile?.[field] ?? '';
  return {
    avatar: shownAvatar(ctx, user),
    username: user.username,
    name: user.name ?? '',
    phone: await openContact(ctx, user, 'phone'),
    email: await openContact(ctx, user, 'email'),
    organization: await organizationOf(ctx, user),
    introduction: said('introduction'),
    experience: said('experience'),
    expertise: said('expertise'),
    education: said('education'),
    certifications: said('certifications'),
  };
}

/**
 * Overwrites what is sent. The organization is a text: membership, role and rights are never changed here. A phone
 * or e-mail that is new signs in only once a code has proved it; until then the proved one goes on signing in.
 * @throws AppError BAD_INPUT, CONFLICT for a user name, phone or e-mail of somebody else
 */
export async function updateProfile(ctx: Ctx, actor: Actor, { profile }: UpdateProfile): Promise<void> {
  const user = await load(ctx, actor);
  const set: Record<string, unknown> = {};
  if (profile.username !== undefined) set['username'] = profile.username;
  if (profile.name !== undefined) set['name'] = profile.name.trim() === '' ? null : profile.name.trim();
  for (const field of TEXTS) if (profile[field] !== undefined) set[`profile.${field}`] = profile[field];
  const unproved = new Set(user.unproved);
  for (const type of ['phone', 'email'] as const) {
    const sent = profile[type];
    if (sent !== undefined) Object.assign(set, await contactChange(ctx, user, type, sent.trim(), unproved));
  }
  // A field inside null cannot be set.
  if (!user.profile)
    await ctx.models.User.updateOne({ _id: user._id, profile: null }, { $set: { profile: {} } });
  try {
    await ctx.models.User.updateOne(
      { _id: user._id, deleted: false },
      { $set: { ...set, unproved: [...unproved] } },
    );
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('CONFLICT', { message: '用户名已存在，请换一个。' });
    throw error;
  }
}

async function contactChange(
  ctx: Ctx,
  user: User,
  type: AccountType,
  text: string,
  unproved: Set<AccountType>,
): Promise<Record<string, unknown>> {
  if (text === '') {
    unproved.delete(type);
    return { [type]: null, [INDEX[type]]: null };
  }
  const account = accountOf(ctx, type, text);
  if (account.index === user[INDEX[type]]) return {};
  if (await isOthers(ctx, user, account)) throw taken(type);
  if (account.index === user[LOG_IN[type]]) unproved.delete(type);
  else unproved.add(type);
  const place = ['users', type, user._id.toHexString()] as const;
  return {
    [type]: await sealField(ctx, user.institution, place, account.value),
    [INDEX[type]]: account.index,
  };
}

/** Staff only: a visitor's phone is no consultant's affair. What two write at once binds neither of them. */
async function isOthers(ctx: Ctx, user: User, account: Account): Promise<boolean> {
  const found = await ctx.models.User.exists({
    _id: { $ne: user._id },
    deleted: false,
    role: { $ne: 'VISITOR' },
    $or: [{ [INDEX[account.type]]: account.index }, { [LOG_IN[account.type]]: account.index }],
  });
  return found !== null;
}
