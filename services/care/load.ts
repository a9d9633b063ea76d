/** What each counselor carries: for whoever looks after them, and for themselves. */
import type { Load, ListLoad } from '../../contract/care.js';
import type { Listing } from '../../contract/common.js';
import type { Strain } from '../../contract/enums.js';
import type { Duty } from '../../models/duty.js';
import type { User } from '../../models/user.js';
import type { Actor, Ctx } from '../context.js';
import { readPage } from '../page.js';
import { statisticsScope } from '../policies/statistics.js';
import type { Policy } from '../policy/rules.js';
import { rosteredCounselors } from '../roster/rostered.js';
import { countMissing } from './held-back.js';
import { spans, strainOf, type Served } from './strain.js';

/** Counselors in the caller's reach (as for the statistics), by name. @throws AppError FORBIDDEN, NOT_FOUND */
export async function listLoad(ctx: Ctx, actor: Actor, input: ListLoad): Promise<Listing<Load>> {
  const { institution, counselors } = await statisticsScope(ctx, actor, input);
  const filter = {
    institution,
    role: 'COUNSELOR' as const,
    deleted: false,
    ...(counselors ? { _id: { $in: counselors } } : {}),
  };
  const wanted = { filter, sort: { name: 1, _id: 1 }, fields: { name: 1 } } as const;
  const { rows, ...place } = await readPage(ctx.models.User, wanted, input);
  const [policy, rostered, duties] = await Promise.all([
    ctx.policies.get(institution),
    rosteredCounselors(ctx, institution),
    ctx.models.Duty.find({ _id: { $in: rows.map(({ _id }) => _id) } }).lean(),
  ]);
  const dutyOf = new Map(duties.map((duty) => [duty._id.toHexString(), duty]));
  const loads: Load[] = [];
  for (const user of rows) {
    const duty = dutyOf.get(user._id.toHexString());
    loads.push(await loadOf(ctx, policy, user, { duty, rostered }));
  }
  return { rows: loads, ...place };
}

async function loadOf(
  ctx: Ctx,
  policy: Policy,
  user: Pick<User, '_id' | 'name'>,
  { duty, rostered }: { duty: Duty | undefined; rostered: ReadonlySet<string> },
): Promise<Load> {
  const { _id } = user;
  const now = ctx.clock.now();
  const { mode } = policy.workLimits;
  const [strained, recordsMissing] = await Promise.all([
    strainOf(ctx, _id, policy.workLimits),
    countMissing(ctx, _id),
  ]);
  const { sessions, onlineMs, inARow } = strained;
  const isRostered = rostered.has(_id.toHexString());
  const offRoster = !isRostered && rostered.size > 0 && duty?.presence === 'online';
  const reached: Strain[] = [...strained.reached, ...(offRoster ? (['OFF_ROSTER'] as const) : [])];
  const rest = duty?.restUntil?.getTime() ?? 0;
  return {
    counselor: _id.toHexString(),
    name: user.name,
    sessions: counted(sessions, now),
    highRisk: counted(
      sessions.filter(({ risk }) => risk === 'high'),
      now,
    ),
    onlineSeconds: {
      today: Math.floor(onlineMs.today / 1_000),
      week: Math.floor(onlineMs.week / 1_000),
    },
    inARow,
    recordsMissing,
    rostered: isRostered,
    restUntil: rest > now ? rest : null,
    reached: mode === 'off' ? [] : reached,
    held: (policy.recordHold && recordsMissing > 0) || (mode === 'refuse' && strained.reached.length > 0),
  };
}

function counted(sessions: readonly Served[], now: number): { today: number; week: number } {
  const [today] = spans(now);
  return {
    today: sessions.filter(({ startAt }) => (startAt?.getTime() ?? 0) >= today).length,
    week: sessions.length,
  };
}
