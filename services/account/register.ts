import { Types } from 'mongoose';
import type { ConsultantRegister } from '../../contract/consultant/auth.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import { demandCode } from '../code/code.js';
import type { Ctx } from '../context.js';
import { aloneCode } from './affiliation.js';
import { md5OfSent } from './consultant-password.js';
import { accountOf, dropUnproved, findByAccount, provedFields, taken } from './contact.js';
import { hashPassword, refuseCommonPassword } from './password.js';
import { nextUserID } from './user-id.js';

const nameTaken = () => new AppError('CONFLICT', { message: '用户名已存在，请换一个。' });

/**
 * Registration of a consultant by a proved phone or e-mail (second document, auth/register). They belong to no
 * institution until an administrator takes them in: own data only, unseen by visitors.
 * @throws AppError BAD_INPUT (code, password), CONFLICT (name or account taken)
 */
export async function registerConsultant(ctx: Ctx, input: ConsultantRegister): Promise<void> {
  const account = accountOf(ctx, input.accountType, input.account);
  const md5 = md5OfSent(input.password);
  refuseCommonPassword(md5, [input.userName, account.value]);
  if (await ctx.models.User.exists({ username: input.userName, deleted: false })) throw nameTaken();
  // Only who holds the account learns whether it is taken.
  await demandCode(ctx, account, input.verificationCode, 'register');
  if (await findByAccount(ctx, account)) throw taken(account.type);
  const _id = new Types.ObjectId();
  const userID = await nextUserID(ctx);
  const institution = aloneCode(userID);
  const now = new Date(ctx.clock.now());
  try {
    await ctx.models.User.create({
      _id,
      userID,
      institution,
      role: 'COUNSELOR',
      username: input.userName,
      passwordHash: await hashPassword(ctx, md5),
      activated: true,
      activatedAt: now,
      ...(await provedFields(ctx, { _id, institution }, account)),
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // Two at once: the unique indexes let one in.
    const named = await ctx.models.User.exists({ username: input.userName, deleted: false });
    throw named ? nameTaken() : taken(account.type);
  }
  await dropUnproved(ctx, { _id }, account);
}
