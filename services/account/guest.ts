import { randomInt } from 'node:crypto';
import type { GuestLogIn } from '../../contract/user.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import type { SignedIn } from './log-in.js';
import { createSession } from './session.js';
import { findVisitor, registerVisitor } from './visitor.js';

/**
 * A visitor without an account, bound to their device. One device is one visitor of an institution, not of all:
 * institutions learn nothing of each other's visitors.
 * @param address of the caller; only new guests are limited by it, a campus shares one
 * @throws AppError BANNED, RATE_LIMITED
 */
export async function guestLogIn(
  ctx: Ctx,
  input: GuestLogIn,
  address: string,
): Promise<SignedIn & { user: User }> {
  const institution = await institutionOf(ctx, input.institution);
  const device = deviceIndex(ctx, institution, input.device);
  const name = input.name?.trim() || null;
  const user =
    (await findVisitor(ctx, { device })) ?? (await register(ctx, { device, institution, name, address }));
  if (!user.enabled) throw new AppError('BANNED');
  if (name !== null && name !== user.name) {
    await ctx.models.User.updateOne({ _id: user._id }, { $set: { name } });
    user.name = name;
  }
  return { ...(await createSession(ctx, user)), user };
}

export const deviceIndex = (ctx: Ctx, institution: string, device: string): string =>
  ctx.keyring.blindIndex('device', `${institution}\0${device}`);

/** A link may name an institution that is no more: its visitors are still let in somewhere. */
export async function institutionOf(ctx: Ctx, code: string | undefined): Promise<string> {
  const known = code !== undefined && (await ctx.models.Institution.exists({ _id: code }));
  return known ? code : ctx.config.DEFAULT_INSTITUTION;
}

async function register(
  ctx: Ctx,
  guest: { device: string; institution: string; name: string | null; address: string },
): Promise<User> {
  await ctx.limits.guest.consume(guest.address);
  return registerVisitor(ctx, { device: guest.device }, ({ userID }) => ({
    institution: guest.institution,
    username: `guest-${String(userID)}`,
    name: guest.name ?? `访客${String(randomInt(10_000)).padStart(4, '0')}`,
  }));
}
