/** What of a person is sealed (level B of design.md, "Seal"): opened for those who may see it, sealed when written. */
import type { Types } from 'mongoose';
import type { User } from '../../models/user.js';
import type { Ctx } from '../context.js';
import type { PrivateFields } from '../presenters/user.js';
import { emailIndex, normalPhone, openField, phoneIndex, sealField } from '../seal/fields.js';

type Needs = Pick<Ctx, 'keys'>;
export type Sealed = keyof PrivateFields;
const SEALED: readonly Sealed[] = ['phone', 'idNumber', 'email', 'emergencyContact', 'emergencyPhone'];

export function openPrivateField(ctx: Needs, user: User, field: Sealed): Promise<string | null> {
  return openField(ctx, user.institution, ['users', field, user._id.toHexString()], user[field]);
}

/** Everything sealed of a person, in clear; the caller asked `user.private` before. */
export async function openPrivate(ctx: Needs, user: User): Promise<PrivateFields> {
  const open = (field: Sealed) => openPrivateField(ctx, user, field);
  const [phone, idNumber, email, emergencyContact, emergencyPhone] = await Promise.all([
    open('phone'),
    open('idNumber'),
    open('email'),
    open('emergencyContact'),
    open('emergencyPhone'),
  ]);
  return { phone, idNumber, email, emergencyContact, emergencyPhone };
}

/** Where a person's values are sealed to. */
export interface Whose {
  _id: Types.ObjectId;
  institution: string;
}

type Written = Partial<Pick<User, Sealed | 'phoneIndex' | 'emailIndex'>>;

/**
 * @param values absent = unchanged, null = cleared
 * @returns what to `$set`: sealed values, and the blind indexes of phone and e-mail
 */
export async function sealPrivate(
  ctx: Pick<Ctx, 'keys' | 'keyring'>,
  whose: Whose,
  values: Partial<Record<Sealed, string | null | undefined>>,
): Promise<Written> {
  const written: Written = {};
  for (const field of SEALED) {
    const value = values[field];
    if (value === undefined) continue;
    const place = ['users', field, whose._id.toHexString()] as const;
    const text = value !== null && /phone/i.test(field) ? storedPhone(value) : value;
    written[field] = text === null ? null : await sealField(ctx, whose.institution, place, text);
    if (field === 'phone') written.phoneIndex = text === null ? null : phoneIndex(ctx, text);
    if (field === 'email') written.emailIndex = text === null ? null : emailIndex(ctx, text);
  }
  return written;
}

/** One spelling of one number; a foreign one keeps its plus. */
function storedPhone(text: string): string {
  const digits = normalPhone(text);
  return /^\s*\+(?!86)/.test(text) ? `+${digits}` : digits;
}
