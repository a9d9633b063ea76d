/**
 * Phones and e-mails by which a consultant signs in. One that a code proved is theirs alone (users.phoneLogIn and
 * emailLogIn, unique). One that an administrator wrote signs in too while nobody else's claim contradicts it; one
 * that a person wrote about themselves does not, or anybody could take a stranger's number.
 */
import type { AccountType } from '../../contract/enums.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { emailIndex, normalEmail, normalPhone, phoneIndex, sealField } from '../seal/fields.js';

export interface Account {
  type: AccountType;
  /** Normalised. */
  value: string;
  /** Blind index. */
  index: string;
}

const EMAIL = /^[^\s@<>(),;:"[\]\\]+@[^\s@.<>(),;:"[\]\\]+(\.[^\s@.<>(),;:"[\]\\]+)+$/;

/** @throws AppError BAD_INPUT for what is no phone or e-mail address */
export function accountOf(ctx: Pick<Ctx, 'keyring'>, type: AccountType, text: string): Account {
  if (type === 'email') {
    const value = normalEmail(text);
    if (value.length > 254 || !EMAIL.test(value))
      throw new AppError('BAD_INPUT', { message: '邮箱格式不正确，请核对后重试。' });
    return { type, value, index: emailIndex(ctx, value) };
  }
  const value = normalPhone(text);
  if (!/^\d{5,15}$/.test(value) || /[^\d\s+()（）-]/.test(text.normalize('NFKC')))
    throw new AppError('BAD_INPUT', { message: '手机号格式不正确，请核对后重试。' });
  return { type, value, index: phoneIndex(ctx, value) };
}

const LOG_IN = { phone: 'phoneLogIn', email: 'emailLogIn' } as const;
const INDEX = { phone: 'phoneIndex', email: 'emailIndex' } as const;

/** The counselor who signs in by this account; null for nobody and for two whom an administrator gave the same. */
export async function findByAccount(ctx: Pick<Ctx, 'models'>, account: Account): Promise<User | null> {
  const proved = await ctx.models.User.findOne({
    [LOG_IN[account.type]]: account.index,
    deleted: false,
  }).lean();
  if (proved) return proved.role === 'COUNSELOR' ? proved : null;
  const written = await ctx.models.User.find({
    [INDEX[account.type]]: account.index,
    role: 'COUNSELOR',
    deleted: false,
    unproved: { $ne: account.type },
  })
    .limit(2)
    .lean();
  return written.length === 1 ? (written[0] ?? null) : null;
}

/** Whether it is this person's to sign in by. */
export async function signsIn(
  ctx: Pick<Ctx, 'models'>,
  user: Pick<User, '_id'>,
  account: Account,
): Promise<boolean> {
  const found = await findByAccount(ctx, account);
  return found !== null && found._id.equals(user._id);
}

/** What is stored when a code has proved an account. */
export async function provedFields(
  ctx: Pick<Ctx, 'keys'>,
  user: Pick<User, '_id' | 'institution'>,
  account: Account,
): Promise<Partial<User>> {
  const place = ['users', account.type, user._id.toHexString()] as const;
  return {
    [account.type]: await sealField(ctx, user.institution, place, account.value),
    [INDEX[account.type]]: account.index,
    [LOG_IN[account.type]]: account.index,
  };
}

/**
 * Binds a proved account to a person; who merely wrote it about themselves loses it.
 * @throws AppError CONFLICT when another person has proved it
 */
export async function bindAccount(
  ctx: Ctx,
  user: Pick<User, '_id' | 'institution'>,
  account: Account,
): Promise<void> {
  try {
    await ctx.models.User.updateOne(
      { _id: user._id, deleted: false },
      { $set: await provedFields(ctx, user, account), $pull: { unproved: account.type } },
    );
  } catch (error) {
    if (isDuplicate(error)) throw taken(account.type);
    throw error;
  }
  await dropUnproved(ctx, user, account);
}

/** Takes an account from those who wrote it without proof. */
export async function dropUnproved(ctx: Ctx, owner: Pick<User, '_id'>, account: Account): Promise<void> {
  await ctx.models.User.updateMany(
    { _id: { $ne: owner._id }, [INDEX[account.type]]: account.index, unproved: account.type },
    { $set: { [account.type]: null, [INDEX[account.type]]: null }, $pull: { unproved: account.type } },
  );
}

export const taken = (type: AccountType) =>
  new AppError('CONFLICT', {
    message: type === 'phone' ? '该手机号已被其他账号使用。' : '该邮箱已被其他账号使用。',
  });
