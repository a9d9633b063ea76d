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
 * @param until epoch ms at which it ends by itself (liftBans); left out = when it is lifted
 * @returns the user as stored before, for what must follow
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_INPUT (an end in the past)
 */
export async function ban(
  ctx: Ctx,
  actor: Actor,
  userId: string,
  reason: string,
  until?: number,
): Promise<User> {
  const user = await accessForBan(ctx, actor, userId);
  if (until !== undefined && until <= ctx.clock.now())
    throw new AppError('BAD_INPUT', { message: '禁用的截止时间需要晚于现在。' });
  const disabledUntil = until === undefined ? null : new Date(until);
  await raiseUser(ctx, userId, 'banned', {
    $set: { enabled: false, disabledReason: reason, disabledUntil },
  });
  await setDuty(ctx, user, false);
  return user;
}

const FREE = { enabled: true, disabledReason: null, disabledUntil: null };

/** Lifts a ban; harmless where there is none. The user signs in anew. */
export async function unban(ctx: Ctx, actor: Actor, userId: string): Promise<User> {
  const user = await accessForBan(ctx, actor, userId);
  await ctx.models.User.updateOne({ _id: user._id }, { $set: FREE });
  await setDuty(ctx, user, true);
  return user;
}

/** Lifts the bans whose end has come; one that was given anew meanwhile stays. */
export async function liftBans(ctx: Ctx): Promise<number> {
  const now = new Date(ctx.clock.now());
  const over = { enabled: false, deleted: false, disabledUntil: { $lte: now } };
  const due = await ctx.models.User.find(over).limit(100).lean();
  for (const user of due) {
    const { _id, disabledUntil = null } = user;
    await ctx.audit.write({
      institution: user.institution,
      actor: null,
      action: 'user.activate',
      subject: `user:${_id.toHexString()}`,
      reason: 'until',
      once: ['ban-over', _id.toHexString(), String(disabledUntil?.getTime())].join(':'),
    });
    const lifted = await ctx.models.User.updateOne({ _id, enabled: false, disabledUntil }, { $set: FREE });
    if (lifted.modifiedCount === 1) await setDuty(ctx, user, true);
  }
  return due.length;
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
