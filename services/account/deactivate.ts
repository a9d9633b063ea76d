import type { ProveAccount } from '../../contract/consultant/auth.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import { demandCode } from '../code/code.js';
import type { Actor, Ctx } from '../context.js';
import { removeAvatar } from '../files/avatar.js';
import { moveOrder } from '../order/lifecycle.js';
import { sealOrderField } from '../order/sealed.js';
import { maskConsultant } from '../record/mask.js';
import { accountOf, signsIn } from './contact.js';
import { raiseUser } from './cutoff.js';
import { ERASED_LOG_INS, erasedFields } from './erased.js';

/**
 * A consultant ends their own account (second document, auth/deactivate): personal data is erased, what the law
 * keeps stays under a masked name, every session ends, open appointments are refused with the reason.
 * @throws AppError BAD_INPUT (not the own account, wrong code), CONFLICT while a conversation is going on
 */
export async function deactivate(ctx: Ctx, actor: Actor, input: ProveAccount): Promise<void> {
  const account = accountOf(ctx, input.accountType, input.account);
  const user = await ctx.models.User.findOne({ _id: objectId(actor.id), deleted: false }).lean();
  if (!user) throw new AppError('UNAUTHENTICATED');
  if (!(await signsIn(ctx, user, account)))
    throw new AppError('BAD_INPUT', { message: '只能用本人登录所用的手机号或邮箱注销账号。' });
  if (await ctx.models.Conversation.exists({ counselor: user._id, open: true, status: 'IN_PROGRESS' }))
    throw new AppError('CONFLICT', { message: '您还有进行中的会谈，请先结束或转接后再注销。' });
  await demandCode(ctx, account, input.verificationCode, 'deactivate');
  await raiseUser(ctx, actor.id, 'deactivated', {
    $set: { ...erasedFields(user.userID, 'deactivated'), name: maskedName(user.name) },
    $unset: ERASED_LOG_INS,
  });
  await ctx.models.Duty.updateOne({ _id: user._id }, { $set: { enabled: false, presence: 'offline' } });
  await refuseOpenOrders(ctx, user);
  await maskConsultant(ctx, user, maskedName(user.name));
  await removeAvatar(ctx, user);
}

/** 王小明 is kept as 王**: records say that it was one person, not who. */
function maskedName(name: string | null): string | null {
  if (name === null || name === '') return null;
  const [first = '', ...rest] = [...name];
  return first + '*'.repeat(Math.max(1, rest.length));
}

async function refuseOpenOrders(ctx: Ctx, user: User): Promise<void> {
  const open = await ctx.models.Order.find({
    consultant: user._id,
    status: { $in: ['PENDING', 'WAITING'] },
  }).lean();
  for (const order of open) {
    const reason = await sealOrderField(ctx, order, 'reason', '咨询师已停止服务，请预约其他咨询师。');
    // One that is moved meanwhile is as it should be.
    await moveOrder(ctx, order, 'reject', { reason }).catch((error: unknown) => {
      if (!(error instanceof AppError && error.word === 'CONFLICT')) throw error;
    });
  }
}
