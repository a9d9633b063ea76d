import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { endSession } from './session.js';
import { readToken, sessionIdOf, tokenKey } from './token.js';

/**
 * Ends the session of a token on every node (document section 2); a token past its end or of an ended session too,
 * and nothing happens for one that was never ours.
 * @returns once the end is durable
 */
export async function logOut(ctx: Ctx, token: string | null): Promise<void> {
  if (token === null) return;
  try {
    const { sid } = readToken(tokenKey(ctx.config.JWT_SECRET), token, ctx.clock.now(), { expired: true });
    await endSession(ctx, sessionIdOf(sid), 'logged-out');
  } catch (error) {
    if (!(error instanceof AppError) || error.word !== 'UNAUTHENTICATED') throw error;
  }
}
