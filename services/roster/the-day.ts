import type { DutyRow, ListTheDay } from '../../contract/arrange.js';
import type { Listing } from '../../contract/common.js';
import { PRESENCES, type Presence } from '../../contract/enums.js';
import type { Actor, Ctx } from '../context.js';
import { countWaitingFor } from '../conversation/waiting-for.js';
import { assertRoster } from '../policies/roster.js';
import { presentCard } from '../presenters/user.js';
import { dayOf, startOfDay } from './day.js';
import { dutyDays } from './duty-days.js';

/**
 * Who is on duty on a day in the caller's institution (document section 24), those on line first, then oldest
 * user first. Everyone rostered unless a state is asked for.
 */
export async function listTheDay(
  ctx: Pick<Ctx, 'models' | 'clock' | 'policies'>,
  actor: Actor,
  input: ListTheDay,
): Promise<Listing<DutyRow>> {
  assertRoster(actor, 'read');
  const { institution } = actor;
  const day = dayOf(input.timestamp);
  const duties = await dutyDays(ctx, { institution, from: day, days: 1, role: input.type });
  const ids = duties.map(({ user }) => user);
  const [users, seats, waiting, policy] = await Promise.all([
    // A role or institution changed since the row was made, a ban and a deletion count at once.
    ctx.models.User.find({
      _id: { $in: ids },
      institution,
      role: input.type,
      deleted: false,
      enabled: true,
    }).lean(),
    ctx.models.Duty.find({ _id: { $in: ids } }).lean(),
    countWaitingFor(ctx, [institution], ids),
    ctx.policies.get(institution),
  ]);
  const userOf = new Map(users.map((user) => [user._id.toHexString(), user]));
  const dutyOf = new Map(seats.map((duty) => [duty._id.toHexString(), duty]));
  const rows = duties.flatMap((row): DutyRow[] => {
    const user = userOf.get(row.user.toHexString());
    if (user === undefined) return [];
    const duty = dutyOf.get(row.user.toHexString());
    const state: Presence = duty?.presence ?? 'offline';
    return [
      {
        id: row.id.toHexString(),
        timestamp: startOfDay(day),
        user: presentCard(user, state),
        state,
        activeCount: duty?.seats.length ?? 0,
        maxConsults: duty?.maxConsults ?? policy.maxConsults,
        waiting: waiting.get(row.user.toHexString()) ?? 0,
      },
    ];
  });
  const wanted = rows
    .filter((row) => input.state === undefined || row.state === input.state)
    // Array.sort is stable: within a state they stay in order of user id, which is the order of their making.
    .sort((a, b) => PRESENCES.indexOf(a.state) - PRESENCES.indexOf(b.state));
  const from = (input.page - 1) * input.size;
  const more = from + input.size < wanted.length;
  return {
    rows: wanted.slice(from, from + input.size),
    count: wanted.length,
    next: more ? input.page + 1 : null,
  };
}
