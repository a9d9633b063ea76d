/**
 * Signatures and attachments of consultation records: drawn anew, sealed with the case file's own key, under names of
 * ours. A page shows them by an address that is signed for an hour and carries no session.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Consultation } from '../../models/consultation.js';
import { AppError } from '../../platform/errors.js';
import type { InterviewRecord } from '../../models/interview-record.js';
import { seal, unseal, type DataKey } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';
import { redrawImage } from '../files/image.js';
import { openKey } from './keys.js';

export const PICTURE_PATH = '/api/v1/record-files';
export const PICTURE_HOURS = 1;
const MAX_SIDE = 2_400;
const NAME = /^[A-Za-z0-9_-]{22}\.webp$/;
const keyOf = (name: string) => `record-files/${name}`;

/**
 * @param bytes as uploaded
 * @returns the picture's name in the store
 * @throws AppError BAD_INPUT, TOO_LARGE
 */
export async function storePicture(
  ctx: Ctx,
  record: Pick<InterviewRecord, 'institution'>,
  key: DataKey,
  bytes: Buffer,
): Promise<string> {
  const image = await redrawImage(bytes, { maxSide: MAX_SIDE });
  const name = `${randomBytes(16).toString('base64url')}.webp`;
  await ctx.files.put(
    keyOf(name),
    seal(key, image.bytes, ['recordFiles', 'bytes', name, record.institution]),
  );
  return name;
}

export async function removePictures(ctx: Pick<Ctx, 'files'>, names: readonly string[]): Promise<void> {
  for (const name of names) if (NAME.test(name)) await ctx.files.remove(keyOf(name));
}

const signature = (ctx: Pick<Ctx, 'keyring'>, caseID: number, name: string, expires: number): string =>
  ctx.keyring.blindIndex('record-file-address', `${String(caseID)}\0${name}\0${String(expires)}`);

/** Good for an hour, for whoever holds it: given only to who may see the record. */
export function pictureAddress(ctx: Ctx, consultation: Pick<Consultation, 'caseID'>, name: string): string {
  const expires = ctx.clock.now() + PICTURE_HOURS * 3_600_000;
  const { caseID } = consultation;
  const query = `expires=${String(expires)}&signature=${signature(ctx, caseID, name, expires)}`;
  return `${ctx.config.PUBLIC_URL.replace(/\/$/, '')}${PICTURE_PATH}/${String(caseID)}/${name}?${query}`;
}

/** The picture that an address of ours names, whether or not it has expired; null for any other text. */
export function pictureOf(address: string): string | null {
  const path = address.trim().split(/[?#]/)[0] ?? '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  return path.includes(`${PICTURE_PATH}/`) && NAME.test(name) ? name : null;
}

/** @throws AppError NOT_FOUND for a forged or expired address and for a picture that is gone */
export async function readPicture(
  ctx: Ctx,
  asked: { id: number; name: string; expires: number; signature: string },
): Promise<Buffer> {
  const missing = new AppError('NOT_FOUND', { message: '图片不存在或链接已过期，请重新打开咨询记录。' });
  const right = Buffer.from(signature(ctx, asked.id, asked.name, asked.expires));
  const given = Buffer.from(asked.signature);
  if (given.length !== right.length || !timingSafeEqual(given, right) || asked.expires <= ctx.clock.now())
    throw missing;
  const consultation = await ctx.models.Consultation.findOne({ caseID: asked.id }).lean();
  const named = consultation && [consultation.signature, ...consultation.attachments].includes(asked.name);
  const sealed = named && NAME.test(asked.name) ? await ctx.files.get(keyOf(asked.name)) : null;
  if (!consultation || !sealed) throw missing;
  const record = await ctx.models.InterviewRecord.findById(consultation.record).lean();
  if (!record) throw missing;
  const key = await openKey(ctx, record);
  return unseal(key, sealed, ['recordFiles', 'bytes', asked.name, consultation.institution]);
}
