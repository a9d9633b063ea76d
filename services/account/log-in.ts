import type { LogIn } from '../../contract/user.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { hashPassword, isOutdated, verifyPassword } from './password.js';
import { createSession } from './session.js';

/** A session that has just begun. */
export interface SignedIn {
  token: string;
  expiresAt: Date;
  actor: Actor;
}

/**
 * Staff log-in (document section 1). An unknown name, a wrong password and a disabled user get the same answer in
 * the same time.
 * @param address of the caller; failures are limited by name and address, so that nobody locks a user out elsewhere
 * @throws AppError BAD_CREDENTIALS, RATE_LIMITED
 */
export async function logIn(ctx: Ctx, input: LogIn, address: string, device?: string): Promise<SignedIn> {
  const user = await ctx.limits.loginFailure.attempt([input.username, address], () => verified(ctx, input));
  if (!user) throw new AppError('BAD_CREDENTIALS');
  if (!user.activated || (user.passwordHash && isOutdated(ctx, user.passwordHash)))
    await renew(ctx, user, input);
  return createSession(ctx, user, device === undefined ? {} : { device });
}

async function verified(ctx: Ctx, input: LogIn): Promise<User | null> {
  const user = await ctx.models.User.findOne({ username: input.username, deleted: false }).lean();
  const matches = await verifyPassword(ctx, user?.passwordHash, input.password);
  return user && matches && user.enabled ? user : null;
}

/** The first sign-in activates; a hash made under old parameters is made again while the password is at hand. */
async function renew(ctx: Ctx, user: User, input: LogIn): Promise<void> {
  const old = user.passwordHash;
  if (old && isOutdated(ctx, old)) {
    const passwordHash = await hashPassword(ctx, input.password);
    // Only over the hash that was verified: a password changed meanwhile stays.
    await ctx.models.User.updateOne({ _id: user._id, passwordHash: old }, { $set: { passwordHash } });
  }
  if (user.activated) return;
  await ctx.models.User.updateOne(
    { _id: user._id, activated: false },
    { $set: { activated: true, activatedAt: new Date(ctx.clock.now()) } },
  );
}
