import { Types } from 'mongoose';
import type { Ctx } from '../context.js';

/** Display names of senders, one query for all of them; null where there is none. */
export async function namesOf(ctx: Ctx, ids: Iterable<string>): Promise<Map<string, string | null>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const users = await ctx.models.User.find(
    { _id: { $in: wanted.map((id) => new Types.ObjectId(id)) } },
    { name: 1 },
  ).lean();
  return new Map(users.map((user) => [user._id.toHexString(), user.name]));
}
