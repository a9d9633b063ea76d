/** What WeChat's phone button hands to the page, opened with the session_key of that visitor's last log-in. */
import { createDecipheriv } from 'node:crypto';
import { z } from 'zod';

/** How old an answer of the button may be; WeChat's and our clock may differ a little either way. */
export const MAX_AGE_MS = 10 * 60_000;

export const PhoneInfo = z.object({
  phoneNumber: z.string().min(1),
  purePhoneNumber: z.string().min(1),
  countryCode: z.union([z.string(), z.number()]).transform(String),
  watermark: z.object({ appid: z.string(), timestamp: z.number() }),
});
export type PhoneInfo = z.infer<typeof PhoneInfo>;

/**
 * AES-128-CBC, PKCS#7. A wrong key gives a padding error or garbage: both are null, as is anything malformed.
 * @param sessionKey base64 of 16 bytes
 */
export function decryptPhone(input: {
  sessionKey: string;
  encryptedData: string;
  iv: string;
}): PhoneInfo | null {
  const key = Buffer.from(input.sessionKey, 'base64');
  const iv = fromQuery(input.iv);
  const data = fromQuery(input.encryptedData);
  if (key.length !== 16 || iv.length !== 16 || data.length === 0 || data.length % 16 !== 0) return null;
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, iv);
    const plain = Buffer.concat([decipher.update(data), decipher.final()]).toString();
    return PhoneInfo.parse(JSON.parse(plain));
  } catch {
    return null;
  }
}

/** Base64 that came through a query unescaped has blanks where its + stood. */
const fromQuery = (text: string) => Buffer.from(text.replaceAll(' ', '+'), 'base64');

/**
 * Ours, and fresh.
 * @param now epoch milliseconds
 */
export function isGenuine(info: PhoneInfo, appid: string, now: number): boolean {
  const { watermark } = info;
  return watermark.appid === appid && Math.abs(now - watermark.timestamp * 1_000) <= MAX_AGE_MS;
}

/** As the document prints it: a mainland number without its country code, any other with it. */
export const phoneOf = (info: PhoneInfo): string =>
  info.countryCode === '86' ? info.purePhoneNumber : info.phoneNumber;
