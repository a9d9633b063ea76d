/**
 * The return code (回访码): with it a guest who lost their device, or changed it, is the same visitor again and keeps
 * place, conversation and history. Kept as a digest bound to the institution, so that no other institution's visitor
 * is ever found by it, and good for a week.
 */
import { randomInt } from 'node:crypto';
import type { ReturnByCode, ReturnCode } from '../../contract/matchmaking.js';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { institutionOf } from './guest.js';
import type { SignedIn } from './log-in.js';
import { createSession } from './session.js';

/** Nothing in it is taken for something else when it is read aloud or written down. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const LIFE_MS = 7 * 24 * 60 * 60_000;
const TRIES = 3;

const digestOf = (ctx: Ctx, institution: string, code: string) =>
  ctx.keyring.blindIndex('return-code', `${institution}\0${code}`);

/**
 * A new code for the caller; an earlier one is good for nothing any more.
 * @throws AppError RULE_REFUSED for who has an account of their own
 */
export async function issueReturnCode(ctx: Ctx, actor: Actor): Promise<ReturnCode> {
  const user = await ctx.models.User.findById(actor.id, { device: 1, phoneLogIn: 1, emailLogIn: 1 }).lean();
  if (actor.role !== 'VISITOR' || !user) throw new AppError('FORBIDDEN');
  if (!user.device || user.phoneLogIn || user.emailLogIn)
    throw new AppError('RULE_REFUSED', { message: '您已有自己的账号，直接登录即可回到原来的会话。' });
  const until = new Date(ctx.clock.now() + LIFE_MS);
  for (let attempt = 1; ; attempt += 1) {
    const code = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    const returnCode = { digest: digestOf(ctx, actor.institution, code), until };
    try {
      await ctx.models.User.updateOne({ _id: user._id }, { $set: { returnCode } });
      return { code: `${code.slice(0, 4)}-${code.slice(4)}`, until: until.getTime() };
    } catch (error) {
      if (!isDuplicate(error) || attempt === TRIES) throw error;
    }
  }
}

/**
 * Signs in whoever holds the code, on whatever device. Wrong ones are limited by address.
 * @throws AppError BAD_CREDENTIALS (unknown, another institution's, too old), BANNED, RATE_LIMITED
 */
export async function returnByCode(
  ctx: Ctx,
  input: ReturnByCode,
  address: string,
): Promise<SignedIn & { user: User }> {
  const institution = await institutionOf(ctx, input.institution);
  const code = input.code.toUpperCase().replace(/[^0-9A-Z]/g, '');
  const digest = digestOf(ctx, institution, code);
  const user = await ctx.limits.loginFailure.attempt(['return-code', address], () =>
    ctx.models.User.findOne({
      'returnCode.digest': digest,
      'returnCode.until': { $gt: new Date(ctx.clock.now()) },
      institution,
      deleted: false,
    }).lean(),
  );
  if (!user)
    throw new AppError('BAD_CREDENTIALS', {
      message: '回访码不正确或已过期，请核对后重试，或重新开始咨询。',
    });
  if (!user.enabled) throw new AppError('BANNED');
  return { ...(await createSession(ctx, user)), user };
}
