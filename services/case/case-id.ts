import type { Ctx } from '../context.js';

/**
 * The next integer id of an order, an interview record or a consultation record: one counter numbers all three, so
 * that an id names one thing.
 */
export async function nextCaseID(ctx: Pick<Ctx, 'models'>): Promise<number> {
  const counter = await ctx.models.Counter.findOneAndUpdate(
    { _id: 'caseID' },
    { $inc: { value: 1 } },
    { returnDocument: 'after' },
  ).lean();
  if (!counter) throw new Error('the counter caseID is missing: was the migration run?');
  return counter.value;
}
