/** The session token: a JWT that names a session row; the row decides, the token only carries it. */
import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { AppError } from '../../platform/errors.js';

const ALGORITHM = 'HS256';
const AUDIENCE = 'hotline';
const TYPE = 'session+jwt';
/** Nodes' clocks differ by up to 200 ms and JWT times are whole seconds; the row's own end is exact. */
const TOLERANCE_S = 5;

export interface SessionToken {
  /** 128 random bits, base64url. */
  sid: string;
  /** The session row's version under which the token was made. */
  ver: number;
}

export function tokenKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret));
}

/** The row's id: a stolen database names no token. */
export function sessionIdOf(sid: string): string {
  return createHash('sha256').update(sid).digest('hex');
}

/** @param from @param until epoch milliseconds */
export function signToken(key: KeyObject, token: SessionToken, from: number, until: number): string {
  const seconds = Math.floor(from / 1000);
  return jwt.sign(
    { ...token, aud: AUDIENCE, iat: seconds, nbf: seconds, exp: Math.floor(until / 1000) },
    key,
    { algorithm: ALGORITHM, header: { alg: ALGORITHM, typ: TYPE } },
  );
}

/**
 * @param now epoch milliseconds
 * @param options.expired true to take a token past its end too: for log-out only
 * @throws AppError UNAUTHENTICATED for anything but a token of ours that is valid now
 */
export function readToken(
  key: KeyObject,
  text: string,
  now: number,
  options: { expired?: boolean } = {},
): SessionToken {
  let verified: jwt.Jwt;
  try {
    verified = jwt.verify(text, key, {
      algorithms: [ALGORITHM],
      audience: AUDIENCE,
      clockTimestamp: Math.floor(now / 1000),
      clockTolerance: TOLERANCE_S,
      ignoreExpiration: options.expired ?? false,
      complete: true,
    });
  } catch (error) {
    throw new AppError('UNAUTHENTICATED', { cause: error });
  }
  const { header, payload } = verified;
  if (
    header.typ !== TYPE ||
    typeof payload === 'string' ||
    typeof payload.exp !== 'number' ||
    typeof payload.nbf !== 'number' ||
    typeof payload['sid'] !== 'string' ||
    typeof payload['ver'] !== 'number'
  ) {
    throw new AppError('UNAUTHENTICATED');
  }
  return { sid: payload['sid'], ver: payload['ver'] };
}
