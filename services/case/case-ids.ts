import type { Ctx } from '../context.js';

/** So many consecutive ids in one step: the first of them. @see nextCaseID */
export async function nextCaseIDs(ctx: Pick<Ctx, 'models'>, count: number): Promise<number> {
  const counter = await ctx.models.Counter.findOneAndUpdate(
    { _id: 'caseID' },
    { $inc: { value: count } },
    { returnDocument: 'after' },
  ).lean();
  if (!counter) throw new Error('the counter caseID is missing: was the migration run?');
  return counter.value - count + 1;
}
