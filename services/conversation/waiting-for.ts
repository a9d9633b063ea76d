import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';

/**
 * How many wait for each counselor by name, hex → count; who has nobody is absent. Asked among what is open, of which
 * there is never much; the institution is looked at afterwards, since one engine that speaks MongoDB's protocol reads
 * all of an institution's rows once it is named beside a list of ids.
 */
export async function countWaitingFor(
  ctx: Pick<Ctx, 'models'>,
  institutions: string[],
  counselors: Types.ObjectId[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (counselors.length === 0) return counts;
  const rows = await ctx.models.Conversation.find(
    { status: 'WAITING', open: true, requested: { $in: counselors } },
    { requested: 1, institution: 1 },
  ).lean();
  for (const { requested, institution } of rows) {
    const id = requested?.toHexString();
    if (id !== undefined && institutions.includes(institution)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
