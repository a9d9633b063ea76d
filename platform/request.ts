/** What both faces read of a request: its token and whether its page is ours. */
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import type { Config } from './config.js';

/** `__Host-` needs Secure, so plain http has a plain name. */
export const cookieName = (config: Config): string => (config.https ? '__Host-hotline' : 'hotline');

/** The token of a request and whether only a cookie carries it. Never from the URL. */
export function tokenOf(
  config: Config,
  request: IncomingMessage,
): { token: string | null; byCookie: boolean } {
  const header = request.headers.authorization;
  if (header !== undefined && /^Bearer /i.test(header))
    return { token: header.slice(7).trim(), byCookie: false };
  const cookie = parseCookie(request.headers.cookie ?? '')[cookieName(config)];
  return { token: cookie ?? null, byCookie: cookie !== undefined };
}

/**
 * Whether an Origin is one of ours: the configured ones, or the host that was called. Only a foreign Origin that
 * came with a cookie is refused: documented clients send no CSRF token and mini-programs no Origin.
 */
export function isOwnOrigin(config: Config, request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (config.origins.includes(origin)) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
