/** Signing as the Standard Webhooks specification has it: HMAC-SHA256 over id, timestamp and body. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Types } from 'mongoose';
import { seal, unseal, type Belonging } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';

const PREFIX = 'whsec_';
const BYTES = 32;

interface Owner {
  _id: Types.ObjectId;
  institution: string;
}
const place = ({ _id, institution }: Owner): Belonging => [
  'webhooks',
  'secret',
  _id.toHexString(),
  institution,
];

/** A new secret: as it is told to its owner, once, and as it is stored. */
export async function makeSecret(
  ctx: Pick<Ctx, 'keys'>,
  owner: Owner,
): Promise<{ told: string; sealed: Buffer }> {
  const key = randomBytes(BYTES);
  const sealed = seal(await ctx.keys.institution(owner.institution), key, place(owner));
  return { told: `${PREFIX}${key.toString('base64')}`, sealed };
}

export async function openSecret(ctx: Pick<Ctx, 'keys'>, owner: Owner, sealed: Buffer): Promise<Buffer> {
  return unseal(await ctx.keys.institution(owner.institution), sealed, place(owner));
}

/**
 * @param seconds Unix time
 * @returns one value of the `webhook-signature` header
 */
export function sign(key: Buffer, id: string, seconds: number, body: string): string {
  return `v1,${createHmac('sha256', key)
    .update(`${id}.${String(seconds)}.${body}`)
    .digest('base64')}`;
}
