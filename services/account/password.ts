/**
 * Passwords. Clients send the MD5 of what was typed (document section 1), so the MD5 IS the password: it is stored
 * as argon2id over HMAC-SHA-256(pepper, MD5). Without the pepper, which is not in the database, a list of MD5s
 * leaked elsewhere verifies nothing (invariants.md section 4, row 1).
 */
import { createHash, createHmac } from 'node:crypto';
import { hash as argon2, verify } from '@node-rs/argon2';
import type { Config } from '../../platform/config.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { COMMON_PASSWORDS } from './common-passwords.js';

type Needs = Pick<Ctx, 'config' | 'keyring'>;

const LANES = 1;

/** What a client would send for a password in clear: lower-case hex. */
export function md5OfClear(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** Argon2id is the library's default. @param md5 32 hex digits, either case */
export function hashPassword(ctx: Needs, md5: string): Promise<string> {
  return argon2(peppered(ctx, md5), {
    memoryCost: ctx.config.ARGON2_MEMORY,
    timeCost: ctx.config.ARGON2_TIME,
    parallelism: LANES,
  });
}

/**
 * Takes as long for somebody unknown as for a wrong password.
 * @param hash as stored; nothing for an unknown user or one without a password
 */
export async function verifyPassword(
  ctx: Needs,
  hash: string | null | undefined,
  md5: string,
): Promise<boolean> {
  const matches = await verify(hash || unknownHash(ctx.config), peppered(ctx, md5));
  return matches && Boolean(hash);
}

/** Whether a hash was made under other parameters than today's: it is replaced at the next log-in. */
export function isOutdated(ctx: Needs, hash: string): boolean {
  return !hash.startsWith(parameters(ctx.config));
}

/**
 * For a password that is being SET.
 * @param context words it must not be: the user's name and the like
 * @throws AppError BAD_INPUT
 */
export function refuseCommonPassword(md5: string, context: string[] = []): void {
  const digest = Buffer.from(md5, 'hex');
  const common = COMMON_PASSWORDS.has(digest.subarray(0, 6).toString('base64url'));
  if (common || context.some((word) => md5OfClear(word) === md5.toLowerCase())) {
    throw new AppError('BAD_INPUT', { message: '该密码过于常见，容易被猜到，请换一个更长的密码。' });
  }
}

/** As text: the library's verify refuses bytes that are no UTF-8. */
function peppered(ctx: Needs, md5: string): string {
  return createHmac('sha256', ctx.keyring.pepper).update(md5.toLowerCase()).digest('base64');
}

const parameters = (config: Config) =>
  `$argon2id$v=19$m=${String(config.ARGON2_MEMORY)},t=${String(config.ARGON2_TIME)},p=${String(LANES)}$`;

/** A hash of today's cost that nothing verifies against: zeros, 16 bytes of salt and 32 of digest. */
const unknownHash = (config: Config) => `${parameters(config)}${'A'.repeat(22)}$${'A'.repeat(43)}`;
