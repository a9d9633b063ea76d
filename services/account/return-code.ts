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
import { deviceIndex, institutionOf } from './guest.js';
import type { SignedIn } from './log-in.js';
import { createSession } from './session.js';

/** Nothing in it is taken for something else when it is read aloud or written down. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 5.9e14 codes: what guessing is worth is reckoned in docs/protocol.md, "Coming back". */
const LENGTH = 10;
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
      return { code: `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`, until: until.getTime() };
    } catch (error) {
      if (!isDuplicate(error) || attempt === TRIES) throw error;
    }
  }
}

/**
 * Signs in whoever holds the code, on whatever device; one that is named is theirs from now on, in place of the one
 * before. Wrong codes are limited by device, so that one person who errs stops nobody behind the same address, and by
 * address far above what people mistype.
 * @throws AppError BAD_CREDENTIALS (unknown, another institution's, too old), BANNED, CONFLICT (another's device),
 * RATE_LIMITED
 */
export async function returnByCode(
  ctx: Ctx,
  input: ReturnByCode,
  address: string,
): Promise<SignedIn & { user: User }> {
  const institution = await institutionOf(ctx, input.institution);
  const code = input.code.toUpperCase().replace(/[^0-9A-Z]/g, '');
  const digest = digestOf(ctx, institution, code);
  const find = () =>
    ctx.models.User.findOne({
      'returnCode.digest': digest,
      'returnCode.until': { $gt: new Date(ctx.clock.now()) },
      institution,
      deleted: false,
    }).lean();
  const user = await ctx.limits.returnFailure.attempt(['return-code', address], () =>
    ctx.limits.loginFailure.attempt(['return-code', address, input.device ?? ''], find),
  );
  if (!user)
    throw new AppError('BAD_CREDENTIALS', {
      message: '回访码不正确或已过期，请核对后重试，或重新开始咨询。',
    });
  if (!user.enabled) throw new AppError('BANNED');
  if (input.device !== undefined) await bind(ctx, user, input.device);
  return { ...(await createSession(ctx, user)), user };
}

async function bind(ctx: Ctx, user: User, named: string): Promise<void> {
  const device = deviceIndex(ctx, user.institution, named);
  try {
    await ctx.models.User.updateOne({ _id: user._id }, { $set: { device } });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new AppError('CONFLICT', { message: '这台设备上已有另一位访客的记录，请刷新页面后重试。' });
  }
}
