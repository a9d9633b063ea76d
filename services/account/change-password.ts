import type { ChangePassword } from '../../contract/account.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { hashPassword, refuseCommonPassword, verifyPassword } from './password.js';
import { endOtherSessions } from './session.js';

/**
 * Sets one's own password (document section 17); every other session of the user ends.
 * @param address of the caller; wrong old passwords are limited by name and address, as at log-in
 * @throws AppError BAD_INPUT (wrong old one, common new one), RATE_LIMITED
 */
export async function changePassword(
  ctx: Ctx,
  actor: Actor,
  input: ChangePassword,
  address: string,
): Promise<void> {
  const _id = objectId(actor.id);
  const user = _id && (await ctx.models.User.findOne({ _id, deleted: false }).lean());
  if (!user || user.role === 'VISITOR') throw new AppError('FORBIDDEN');
  const old = await ctx.limits.loginFailure.attempt([user.username, address], async () =>
    (await verifyPassword(ctx, user.passwordHash, input.oldPassword)) ? (user.passwordHash ?? null) : null,
  );
  if (old === null) throw new AppError('BAD_INPUT', { message: '原密码不正确，请重新输入。' });
  refuseCommonPassword(input.password, [user.username]);
  const passwordHash = await hashPassword(ctx, input.password);
  // Only over the hash that was verified; one set by an admin meanwhile stays. The same write raises the version.
  await endOtherSessions(ctx, actor, 'password-changed', async () => {
    const changed = await ctx.models.User.findOneAndUpdate(
      { _id: user._id, passwordHash: old },
      { $set: { passwordHash }, $inc: { version: 1 } },
      { returnDocument: 'after', projection: { version: 1 } },
    ).lean();
    if (!changed) throw new AppError('CONFLICT', { message: '密码刚刚已被修改，请重新登录。' });
    return changed.version;
  });
}
