import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { userSig } from './user-sig.js';

/** A signature cannot be called back one by one, so it is short; clients fetch a new one when it is over. */
const SIG_SECONDS = 7 * 24 * 60 * 60;

/**
 * The UserSig of the caller's own IM account, whose id is theirs (document section 37). Never another's, and never
 * the administrator's: an id of ours has 24 hex digits.
 * @throws AppError THIRD_PARTY when Tencent IM is not set up
 */
export function signIm(ctx: Pick<Ctx, 'config'>, actor: Actor): string {
  const { im } = ctx.config;
  if (!im) throw new AppError('THIRD_PARTY', { message: '本平台没有开通腾讯云即时通信，请使用内置聊天。' });
  return userSig(im, actor.id, SIG_SECONDS);
}
