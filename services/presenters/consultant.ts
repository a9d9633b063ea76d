/** A consultant as the second document prints one: every unset string is "". */
import type { ConsultantInfo } from '../../contract/consultant/auth.js';
import type { User } from '../../models/user.js';
import { isAlone } from '../account/affiliation.js';
import type { Ctx } from '../context.js';
import { openField } from '../seal/fields.js';

export async function presentConsultant(ctx: Ctx, user: User): Promise<ConsultantInfo> {
  const [phone, email, organization] = await Promise.all([
    openContact(ctx, user, 'phone'),
    openContact(ctx, user, 'email'),
    organizationOf(ctx, user),
  ]);
  return {
    userID: user.userID,
    userName: user.username,
    name: user.name ?? '',
    phone,
    email,
    organization,
    avatar: shownAvatar(ctx, user),
  };
}

export async function openContact(ctx: Ctx, user: User, field: 'phone' | 'email'): Promise<string> {
  return (
    (await openField(ctx, user.institution, ['users', field, user._id.toHexString()], user[field])) ?? ''
  );
}

/** What they wrote themselves, else the name of their institution. */
export async function organizationOf(ctx: Pick<Ctx, 'models'>, user: User): Promise<string> {
  const written = user.profile?.organization;
  if (written !== undefined) return written;
  if (isAlone(user.institution)) return '';
  const institution = await ctx.models.Institution.findById(user.institution).select({ name: 1 }).lean();
  return institution?.name ?? user.institution;
}

/** Whole where the installation knows its public address: the document calls it a URL. */
export function shownAvatar(ctx: Pick<Ctx, 'config'>, user: Pick<User, 'avatar'>): string {
  if (!user.avatar) return '';
  return user.avatar.startsWith('/') ? ctx.config.PUBLIC_URL.replace(/\/$/, '') + user.avatar : user.avatar;
}
