import type { DeleteStaff } from '../../contract/account.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { assertUser, userScope } from '../policies/user.js';
import { leaveRoster } from '../roster/leave.js';
import { raiseUser } from './cutoff.js';
import { endWork } from './disable.js';

/**
 * Removes a supervisor or counselor (document sections 13 and 14): sessions end, the username is free again, the
 * history keeps their name. Open conversations refuse it unless `force` hands them on.
 * @throws AppError NOT_FOUND, FORBIDDEN, RULE_REFUSED (the message says why)
 */
export async function deleteStaff(
  ctx: Ctx,
  actor: Actor,
  role: 'SUPERVISOR' | 'COUNSELOR',
  { username, force = false }: DeleteStaff,
): Promise<void> {
  const user = await ctx.models.User.findOne({
    username,
    role,
    deleted: false,
    ...userScope(actor),
  }).lean();
  if (!user) throw new AppError('NOT_FOUND', { message: '没有找到该用户，请核对用户名。' });
  assertUser(actor, 'staff.delete', user);
  const open = await openWork(ctx, user);
  if (open > 0 && !force)
    throw new AppError('RULE_REFUSED', {
      message: `该用户还有${String(open)}个进行中的会话，请等待结束，或加上force=true转交后删除。`,
    });
  await raiseUser(ctx, user._id.toHexString(), 'deleted', {
    $set: { deleted: true },
    $unset: { device: 1, wechat: 1, phoneLogIn: 1, emailLogIn: 1 },
  });
  // Also what came between the look and the cut.
  await endWork(ctx, user, actor.id);
  await leaveRoster(ctx, user);
  await ctx.models.User.updateMany({ supervisors: user._id }, { $pull: { supervisors: user._id } });
  await ctx.audit.write({
    institution: user.institution,
    actor,
    action: 'user.delete',
    subject: `user:${user._id.toHexString()}`,
  });
}

function openWork(ctx: Ctx, user: User): Promise<number> {
  if (user.role === 'COUNSELOR')
    return ctx.models.Conversation.countDocuments({
      counselor: user._id,
      status: 'IN_PROGRESS',
      type: 'COUNSELING_SESSION',
    });
  return ctx.models.Conversation.countDocuments({ supervisors: user._id, openThread: true });
}
