import type { ResetPassword } from '../../contract/consultant/auth.js';
import { useCode, wrongCode } from '../code/code.js';
import type { Ctx } from '../context.js';
import { md5OfSent } from './consultant-password.js';
import { accountOf, bindAccount, findByAccount } from './contact.js';
import { raiseUser } from './cutoff.js';
import { hashPassword, refuseCommonPassword } from './password.js';

/**
 * A new password by a code, for both APIs; every session of the account ends (second document, reset-password).
 * @throws AppError BAD_INPUT: the same for a wrong code and an unknown account
 */
export async function resetPassword(ctx: Ctx, input: ResetPassword): Promise<void> {
  const account = accountOf(ctx, input.accountType, input.account);
  const md5 = md5OfSent(input.newPassword);
  refuseCommonPassword(md5, [account.value]);
  const right = await useCode(ctx, account, input.verificationCode, 'reset');
  const user = await findByAccount(ctx, account);
  if (!right || !user?.enabled) throw wrongCode();
  refuseCommonPassword(md5, [user.username]);
  const passwordHash = await hashPassword(ctx, md5);
  await bindAccount(ctx, user, account);
  await raiseUser(ctx, user._id.toHexString(), 'password-reset', { $set: { passwordHash } });
}
