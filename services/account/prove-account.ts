import type { ProveAccount } from '../../contract/consultant/auth.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import { demandCode } from '../code/code.js';
import type { Actor, Ctx } from '../context.js';
import { accountOf, bindAccount } from './contact.js';

/**
 * A new phone or e-mail to sign in by, proved by a code (contract-notes.md section 4, "new log-in phone or email").
 * @throws AppError BAD_INPUT (wrong code), CONFLICT when another person has proved it
 */
export async function proveAccount(ctx: Ctx, actor: Actor, input: ProveAccount): Promise<void> {
  if (actor.role === 'VISITOR') throw new AppError('FORBIDDEN');
  const account = accountOf(ctx, input.accountType, input.account);
  const user = await ctx.models.User.findOne({ _id: objectId(actor.id), deleted: false }).lean();
  if (!user) throw new AppError('UNAUTHENTICATED');
  await demandCode(ctx, account, input.verificationCode, 'account');
  await bindAccount(ctx, user, account);
}
