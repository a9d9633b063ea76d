/**
 * UserSig: what a Tencent IM account signs in with. It is signed with the app's key, which never leaves the server,
 * and verified by recomputing from the decoded fields: the packed bytes may differ between zlib builds.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { inflateSync } from 'node:zlib';
// By its file: the package names `main` twice, and tools disagree about which of them counts.
import tencent from 'tls-sig-api-v2/TLSSigAPIv2.js';
import { z } from 'zod';
import type { ImConfig } from '../../platform/config.js';

/** What Tencent takes as a user id; a uuid with hyphens would be too long. */
const IM_ID = /^[\w-]{1,32}$/;

type App = Pick<ImConfig, 'sdkAppId' | 'secretKey'>;

/**
 * @param seconds how long it is good for
 * @throws RangeError when the id is none that Tencent takes
 */
export function userSig(app: App, userId: string, seconds: number): string {
  if (!IM_ID.test(userId)) throw new RangeError('an IM id has 1 to 32 letters, digits, _ and -');
  return new tencent.Api(app.sdkAppId, app.secretKey).genUserSig(userId, seconds);
}

const Fields = z.object({
  'TLS.ver': z.literal('2.0'),
  'TLS.identifier': z.string(),
  'TLS.sdkappid': z.number(),
  'TLS.time': z.number(),
  'TLS.expire': z.number(),
  'TLS.sig': z.string(),
});

export interface SignedUser {
  userId: string;
  sdkAppId: number;
  /** Epoch seconds. */
  expiresAt: number;
}

/** Not base64url: here `-` stands for `/` and `*` for `+`. */
const toBase64 = (sig: string) => sig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');

/**
 * @param now epoch milliseconds
 * @returns who it is signed for, or null when it is not ours, altered, or over
 */
export function verifyUserSig(app: App, sig: string, now: number): SignedUser | null {
  const fields = decode(sig);
  if (!fields || fields['TLS.sdkappid'] !== app.sdkAppId) return null;
  const text =
    `TLS.identifier:${fields['TLS.identifier']}\n` +
    `TLS.sdkappid:${String(fields['TLS.sdkappid'])}\n` +
    `TLS.time:${String(fields['TLS.time'])}\n` +
    `TLS.expire:${String(fields['TLS.expire'])}\n`;
  // The console's key is used as text, not as hex.
  const expected = createHmac('sha256', app.secretKey).update(text).digest();
  const given = Buffer.from(fields['TLS.sig'], 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const expiresAt = fields['TLS.time'] + fields['TLS.expire'];
  if (expiresAt * 1_000 <= now) return null;
  return { userId: fields['TLS.identifier'], sdkAppId: fields['TLS.sdkappid'], expiresAt };
}

function decode(sig: string): z.infer<typeof Fields> | null {
  try {
    const packed = Buffer.from(toBase64(sig), 'base64');
    const parsed = Fields.safeParse(JSON.parse(inflateSync(packed, { maxOutputLength: 4_096 }).toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
