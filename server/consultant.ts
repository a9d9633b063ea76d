/** How the consultant API says who is calling: `userID` and `token` in the body, beside everything else. */
import type { Request } from 'express';
import { AppError } from '../platform/errors.js';
import type { Config } from '../platform/config.js';
import { tokenOf } from '../platform/request.js';
import type { Principal } from '../services/account/session-cache.js';
import type { Route } from './route.js';

const bodyOf = (req: Request): Record<string, unknown> => {
  const body: unknown = req.body;
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
};

/** The body's token decides; else the Authorization header (with or without "Bearer"), else the cookie. */
export function consultantTokenOf(config: Config, req: Request): { token: string | null; byCookie: boolean } {
  const { token } = bodyOf(req);
  if (typeof token === 'string' && token !== '') return { token, byCookie: false };
  if (token !== undefined && token !== null && token !== '') return { token: null, byCookie: false };
  const header = req.get('authorization')?.trim();
  if (header !== undefined && header !== '' && !header.includes(' '))
    return { token: header, byCookie: false };
  return tokenOf(config, req);
}

/**
 * A number or a numeric string that is the token's own. One document's tables call it `user_id`.
 * @throws AppError UNAUTHENTICATED for another's, for one that is no number, and for none where one is due
 */
export function assertOwnUserID(req: Request, route: Route, principal: Principal | null): void {
  const { userID, user_id } = bodyOf(req);
  const sent = [userID, user_id].filter((value) => value !== undefined && value !== null && value !== '');
  const own = (value: unknown) =>
    (typeof value === 'number' || (typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value))) &&
    Number(value) === principal?.userID;
  const missing = sent.length === 0 && route.userID !== 'optional';
  if (missing || !sent.every(own)) throw new AppError('UNAUTHENTICATED');
}
