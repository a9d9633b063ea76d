import { Types } from 'mongoose';
import type { User } from '../../models/user.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { nextUserID } from './user-id.js';

/** By what a visitor is recognised, each under a unique index. */
export type VisitorKey = { device: string } | { wechat: string };

/** The visitor of this key, whoever they are to us by now. */
export function findVisitor(ctx: Pick<Ctx, 'models'>, key: VisitorKey): Promise<User | null> {
  return ctx.models.User.findOne({ ...key, deleted: false }).lean();
}

/**
 * Registers a visitor. Two at once with the same key make one: the unique index decides, the later one answers the
 * earlier one's.
 * @param fields.username unique among those not deleted
 */
export async function registerVisitor(
  ctx: Pick<Ctx, 'models'>,
  key: VisitorKey,
  fields: (id: { _id: Types.ObjectId; userID: number }) => Promise<Partial<User>> | Partial<User>,
): Promise<User> {
  const id = { _id: new Types.ObjectId(), userID: await nextUserID(ctx) };
  try {
    const made = await ctx.models.User.create({ ...id, role: 'VISITOR', ...key, ...(await fields(id)) });
    return made.toObject();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const earlier = await findVisitor(ctx, key);
  if (!earlier) throw new AppError('CONFLICT');
  return earlier;
}
