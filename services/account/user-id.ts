import type { Ctx } from '../context.js';

/** The next integer id of the consultant API; the counter was made by the migration. */
export async function nextUserID(ctx: Pick<Ctx, 'models'>): Promise<number> {
  const counter = await ctx.models.Counter.findOneAndUpdate(
    { _id: 'userID' },
    { $inc: { value: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (!counter) throw new Error('the counter userID is missing: was the migration run?');
  return counter.value;
}
