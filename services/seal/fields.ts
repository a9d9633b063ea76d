/** Level B of design.md, "Seal": single values of a person, sealed with the institution's key. */
import { seal, unseal } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';

/** Where a value stands: collection, field, document id in hex. */
export type FieldPlace = readonly [collection: string, field: string, id: string];

/** A sealed value cannot be moved to another row, field or institution. */
export async function sealField(
  ctx: Pick<Ctx, 'keys'>,
  institution: string,
  place: FieldPlace,
  text: string,
): Promise<Buffer> {
  const key = await ctx.keys.institution(institution);
  return seal(key, Buffer.from(text), [...place, institution]);
}

/**
 * @returns null for null, so that an unset field needs no case of its own
 * @throws Error when the value was altered or moved; AppError NOT_FOUND when the institution's key was destroyed
 */
export async function openField(
  ctx: Pick<Ctx, 'keys'>,
  institution: string,
  place: FieldPlace,
  sealed: Buffer | null | undefined,
): Promise<string | null> {
  if (!sealed) return null;
  const key = await ctx.keys.institution(institution);
  return unseal(key, sealed, [...place, institution]).toString();
}

/** One spelling of a phone number: digits only, a mainland number without its country code. */
export function normalPhone(text: string): string {
  const digits = text.normalize('NFKC').replace(/[^0-9+]/g, '');
  return digits.replace(/^(\+86|0086|86(?=1\d{10}$))/, '').replace(/\+/g, '');
}

export function normalEmail(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/** Finds an exact phone without storing it in clear; one index over all institutions (log-in by phone). */
export function phoneIndex(ctx: Pick<Ctx, 'keyring'>, phone: string): string {
  return ctx.keyring.blindIndex('phone', normalPhone(phone));
}

export function emailIndex(ctx: Pick<Ctx, 'keyring'>, email: string): string {
  return ctx.keyring.blindIndex('email', normalEmail(email));
}
