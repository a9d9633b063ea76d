import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertUser, userScope } from '../policies/user.js';
import { raiseUser } from './cutoff.js';

/**
 * Disables a user and cuts them off on every node within a second (document section 15). Their open conversation
 * and their place in the queue are the caller's to end. Safe to repeat.
 * @param reason stored with the user; nothing personal
 * @returns the user as stored before, for what must follow
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function ban(ctx: Ctx, actor: Actor, userId: string, reason: string): Promise<User> {
  const user = await accessForBan(ctx, actor, userId);
  await raiseUser(ctx, userId, 'banned', { $set: { enabled: false, disabledReason: reason } });
  await setDuty(ctx, user, false);
  return user;
}

/** Lifts a ban; harmless where there is none. The user signs in anew. */
export async function unban(ctx: Ctx, actor: Actor, userId: string): Promise<User> {
  const user = await accessForBan(ctx, actor, userId);
  await ctx.models.User.updateOne({ _id: user._id }, { $set: { enabled: true, disabledReason: null } });
  await setDuty(ctx, user, true);
  return user;
}

async function accessForBan(ctx: Ctx, actor: Actor, userId: string): Promise<User> {
  const _id = objectId(userId);
  const user = _id && (await ctx.models.User.findOne({ _id, deleted: false, ...userScope(actor) }).lean());
  if (!user) throw new AppError('NOT_FOUND', { message: '没有找到该用户。' });
  assertUser(actor, user.role === 'VISITOR' ? 'visitor.ban' : 'staff.ban', user);
  return user;
}

/** A disabled counselor is given nobody. */
async function setDuty(ctx: Ctx, user: User, enabled: boolean): Promise<void> {
  if (user.role === 'COUNSELOR') await ctx.models.Duty.updateOne({ _id: user._id }, { $set: { enabled } });
}
