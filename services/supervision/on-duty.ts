import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { dayOf } from '../roster/day.js';
import { dutyDays } from '../roster/duty-days.js';

/**
 * Supervisors of an institution in the order in which they are called: connected before away, rostered today before
 * not, bound to the counselor before others.
 */
export async function supervisorsOnDuty(
  ctx: Ctx,
  institution: string,
  counselor: Types.ObjectId | null,
): Promise<Types.ObjectId[]> {
  const now = ctx.clock.now();
  const serving = { role: 'SUPERVISOR' as const, institution, deleted: false, enabled: true };
  const people = await ctx.models.User.find(serving, { _id: 1 }).lean();
  const ids = people.map(({ _id }) => _id);
  const [connections, rostered, owner] = await Promise.all([
    ctx.models.Connection.find({ user: { $in: ids }, until: { $gte: new Date(now) } }, { user: 1 }).lean(),
    dutyDays(ctx, { institution, from: dayOf(now), days: 1, role: 'SUPERVISOR' }),
    counselor ? ctx.models.User.findById(counselor, { supervisors: 1 }).lean() : null,
  ]);
  const connected = new Set(connections.map(({ user }) => user.toHexString()));
  const today = new Set(rostered.map(({ user }) => user.toHexString()));
  const bound = new Set((owner?.supervisors ?? []).map((id) => id.toHexString()));
  const rank = (id: string) =>
    (connected.has(id) ? 4 : 0) + (today.has(id) ? 2 : 0) + (bound.has(id) ? 1 : 0);
  return ids.sort((a, b) => rank(b.toHexString()) - rank(a.toHexString()));
}
