/**
 * Verification codes (second document, auth/email and auth/phone): six digits, stored as a keyed hash, good for ten
 * minutes, five tries and one use, bound to the account they were sent to, and to a purpose where one was named.
 */
import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import type { CodePurpose } from '../../contract/enums.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Account } from '../account/contact.js';
import type { Ctx } from '../context.js';
import { deliverCode } from './deliver.js';

export const CODE_MINUTES = 10;
const MAX_TRIES = 5;
const DIGITS = 6;

/**
 * Sends a code, to whoever asks: whether the account is known to us is not told.
 * @param address of the caller
 * @throws AppError RATE_LIMITED with retry in milliseconds, THIRD_PARTY when it could not be sent
 */
export async function sendCode(
  ctx: Ctx,
  account: Account,
  purpose: CodePurpose | null,
  address: string,
): Promise<void> {
  // By address first: a flood from one place must not use up a stranger's minute.
  await ctx.limits.codeAddress.consume(address);
  await ctx.limits.codeMinute.consume(account.type, account.index);
  await ctx.limits.codeDay.consume(account.type, account.index);
  const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
  await store(ctx, account, code, purpose);
  await deliverCode(ctx, account, code, purpose, CODE_MINUTES);
}

async function store(ctx: Ctx, account: Account, code: string, purpose: CodePurpose | null): Promise<void> {
  const _id = idOf(account);
  const row = {
    hash: hashOf(ctx, _id, code).toString('base64url'),
    purpose,
    tries: 0,
    expiresAt: new Date(ctx.clock.now() + CODE_MINUTES * 60_000),
  };
  // Two steps and no upsert: concurrent upserts on a new _id may answer null on the stand-in.
  const replaced = await ctx.models.Code.updateOne({ _id }, { $set: row });
  if (replaced.matchedCount === 1) return;
  try {
    await ctx.models.Code.create({ _id, ...row });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await ctx.models.Code.updateOne({ _id }, { $set: row });
  }
}

/**
 * Uses a code up. A wrong one costs a try; of two uses at once one succeeds.
 * @returns whether it was right
 */
export async function useCode(
  ctx: Ctx,
  account: Account,
  code: string,
  purpose: CodePurpose,
): Promise<boolean> {
  const _id = idOf(account);
  const row = await ctx.models.Code.findOneAndUpdate(
    {
      _id,
      tries: { $lt: MAX_TRIES },
      expiresAt: { $gt: new Date(ctx.clock.now()) },
      purpose: { $in: [null, purpose] },
    },
    { $inc: { tries: 1 } },
    { returnDocument: 'after' },
  ).lean();
  // As much work for an account without a code.
  // A client that sends the code as a number loses its leading zeros.
  const given = hashOf(ctx, _id, code.trim().padStart(DIGITS, '0'));
  const right = timingSafeEqual(given, row ? Buffer.from(row.hash, 'base64url') : Buffer.alloc(given.length));
  if (!row || !right) return false;
  const used = await ctx.models.Code.deleteOne({ _id, hash: row.hash });
  return used.deletedCount === 1;
}

/** @throws AppError BAD_INPUT with the same words for a wrong, a used, an old and a missing code */
export async function demandCode(
  ctx: Ctx,
  account: Account,
  code: string,
  purpose: CodePurpose,
): Promise<void> {
  if (!(await useCode(ctx, account, code, purpose))) throw wrongCode();
}

export const wrongCode = () =>
  new AppError('BAD_INPUT', { message: '验证码不正确或已过期，请核对后重试或重新获取。' });

const idOf = (account: Account) => `${account.type}:${account.index}`;

const hashOf = (ctx: Pick<Ctx, 'keyring'>, id: string, code: string): Buffer =>
  createHmac('sha256', ctx.keyring.pepper).update(`code\0${id}\0${code}`).digest();
