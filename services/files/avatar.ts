/**
 * Pictures of staff: public like the staff card, under names that nobody can guess. A new picture has a new name, so
 * a page may keep it for long.
 */
import { randomBytes } from 'node:crypto';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { redrawImage } from './image.js';

export const AVATAR_PATH = '/api/v1/avatars';
const SIDE = 512;
const NAME = /^[A-Za-z0-9_-]{22}\.webp$/;
const keyOf = (name: string) => `avatars/${name}`;

/**
 * @param bytes as uploaded
 * @returns the address of the new picture
 * @throws AppError BAD_INPUT, TOO_LARGE
 */
export async function setAvatar(ctx: Ctx, actor: Actor, bytes: Buffer): Promise<string> {
  const image = await redrawImage(bytes, { maxSide: SIDE, square: true });
  const name = `${randomBytes(16).toString('base64url')}.webp`;
  await ctx.files.put(keyOf(name), image.bytes);
  const avatar = `${AVATAR_PATH}/${name}`;
  const before = await ctx.models.User.findOneAndUpdate(
    { _id: objectId(actor.id), deleted: false },
    { $set: { avatar } },
    { returnDocument: 'before' },
  ).lean();
  if (!before) {
    await ctx.files.remove(keyOf(name));
    throw new AppError('UNAUTHENTICATED');
  }
  await removeAvatar(ctx, before);
  return avatar;
}

/** Removes the picture that a stored person names, if it is one of ours. */
export async function removeAvatar(ctx: Ctx, user: Pick<User, 'avatar'>): Promise<void> {
  const name = user.avatar?.startsWith(`${AVATAR_PATH}/`) ? user.avatar.slice(AVATAR_PATH.length + 1) : '';
  if (NAME.test(name)) await ctx.files.remove(keyOf(name));
}

/** @throws AppError NOT_FOUND */
export async function readAvatar(ctx: Pick<Ctx, 'files'>, name: string): Promise<Buffer> {
  const bytes = NAME.test(name) ? await ctx.files.get(keyOf(name)) : null;
  if (!bytes) throw new AppError('NOT_FOUND', { message: '没有找到该图片。' });
  return bytes;
}
