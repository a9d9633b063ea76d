import type { ConnectRefusal } from '../contract/events.js';
import { ERRORS } from '../contract/errors.js';
import { AppError } from '../platform/errors.js';
import { tokenOf } from '../platform/request.js';
import type { Ctx } from '../services/context.js';
import type { HotlineSocket } from './gateway.js';

/** A refusal at connect as the client gets it: `connect_error` with `data.code`. */
class Refusal extends Error {
  readonly data: ConnectRefusal;
  constructor(code: ConnectRefusal['code']) {
    super(ERRORS[code].message);
    this.data = { code };
  }
}

/**
 * Who connects: the token of the handshake's `auth`, else the cookie or header of the same origin. A token in the
 * URL is refused, since URLs reach logs.
 */
export async function authenticateSocket(ctx: Ctx, socket: HotlineSocket): Promise<void> {
  if (socket.handshake.query.token !== undefined) throw new Refusal('UNAUTHENTICATED');
  const given: unknown = (socket.handshake.auth as { token?: unknown }).token;
  const token = typeof given === 'string' ? given : tokenOf(ctx.config, socket.request).token;
  if (token === null) throw new Refusal('UNAUTHENTICATED');
  try {
    socket.data.principal = await ctx.sessions.authenticate(token);
  } catch (error) {
    const word = error instanceof AppError ? error.word : 'UNAVAILABLE';
    throw new Refusal(
      word === 'BANNED' ? 'BANNED' : word === 'UNAUTHENTICATED' ? 'UNAUTHENTICATED' : 'UNAVAILABLE',
    );
  }
}
