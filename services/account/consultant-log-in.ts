import type { ConsultantInfo, ConsultantLogIn } from '../../contract/consultant/auth.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { useCode } from '../code/code.js';
import type { Ctx } from '../context.js';
import { presentConsultant } from '../presenters/consultant.js';
import { md5OfSent } from './consultant-password.js';
import { accountOf, bindAccount, findByAccount, type Account } from './contact.js';
import { hashPassword, isOutdated, verifyPassword } from './password.js';
import { createSession } from './session.js';

/**
 * Log-in of a consultant by phone or e-mail, with the password or a code (second document, auth/login). Unknown,
 * wrong and disabled get the same answer.
 * @param address of the caller; failures are limited by account and address, as the hotline's log-in
 * @throws AppError BAD_CREDENTIALS, RATE_LIMITED
 */
export async function consultantLogIn(
  ctx: Ctx,
  input: ConsultantLogIn,
  address: string,
  device: string,
): Promise<{ token: string; userInfo: ConsultantInfo }> {
  const account = accountOf(ctx, input.accountType, input.account);
  const user = await ctx.limits.loginFailure.attempt([account.type, account.index, address], () =>
    verified(ctx, account, input),
  );
  if (!user) throw new AppError('BAD_CREDENTIALS', { message: '账号或密码（验证码）不正确，请核对后重试。' });
  await settle(ctx, user, account, input);
  const { token } = await createSession(ctx, user, { device, face: 'consultant' });
  return { token, userInfo: await presentConsultant(ctx, user) };
}

async function verified(ctx: Ctx, account: Account, input: ConsultantLogIn): Promise<User | null> {
  const user = await findByAccount(ctx, account);
  const matches =
    input.loginType === 'code'
      ? await useCode(ctx, account, input.credential, 'login')
      : await verifyPassword(ctx, user?.passwordHash, md5OfSent(input.credential));
  return user && matches && user.enabled ? user : null;
}

/** The first sign-in activates, a code proves what an administrator wrote, an old hash is made again. */
async function settle(ctx: Ctx, user: User, account: Account, input: ConsultantLogIn): Promise<void> {
  const own = account.type === 'phone' ? user.phoneLogIn : user.emailLogIn;
  if (input.loginType === 'code' && own === undefined) await bindAccount(ctx, user, account);
  const old = user.passwordHash;
  if (input.loginType === 'password' && old && isOutdated(ctx, old)) {
    const passwordHash = await hashPassword(ctx, md5OfSent(input.credential));
    await ctx.models.User.updateOne({ _id: user._id, passwordHash: old }, { $set: { passwordHash } });
  }
  if (user.activated) return;
  await ctx.models.User.updateOne(
    { _id: user._id, activated: false },
    { $set: { activated: true, activatedAt: new Date(ctx.clock.now()) } },
  );
}
