/** Words of a case: sealed with the key of the session they are about, so that erasing the session erases them. */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { seal, unseal } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';

type Keyed = Pick<Conversation, 'key' | 'institution'>;
export type SealedPlace = readonly [collection: string, field: string, id: Types.ObjectId];

const aad = ([collection, field, id]: SealedPlace, institution: string) =>
  [collection, field, id.toHexString(), institution] as const;

/** @throws AppError NOT_FOUND when the session was erased */
export async function sealWords(
  ctx: Pick<Ctx, 'keys'>,
  session: Keyed,
  place: SealedPlace,
  text: string,
): Promise<Buffer> {
  const key = await ctx.keys.conversation(session.key.toHexString());
  return seal(key, Buffer.from(text), aad(place, session.institution));
}

/** null for what was never written, and for what was erased. */
export async function openWords(
  ctx: Pick<Ctx, 'keys'>,
  session: Keyed,
  place: SealedPlace,
  sealed: Buffer | null | undefined,
): Promise<string | null> {
  if (!sealed) return null;
  const key = await ctx.keys.conversation(session.key.toHexString()).catch((error: unknown) => {
    if (error instanceof AppError && error.word === 'NOT_FOUND') return null;
    throw error;
  });
  return key && unseal(key, sealed, aad(place, session.institution)).toString();
}
