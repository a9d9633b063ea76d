/** What rows of people say beyond their own documents: presence, seats, duty days, time spent; for a page at once. */
import type { Types } from 'mongoose';
import type { User } from '../../models/user.js';
import type { Ctx } from '../context.js';
import { countWaitingFor } from '../conversation/waiting-for.js';
import type { StaffFacts } from '../presenters/user.js';
import { dayOf, startOfDay } from '../roster/day.js';
import { nextDutyDays } from '../roster/duty-days.js';

type Needs = Pick<Ctx, 'models' | 'policies' | 'clock'>;

/** A few queries for all of them, none a row. */
export async function factsOf(ctx: Needs, users: User[]): Promise<(user: User) => StaffFacts> {
  const staff = users.filter(({ role }) => role !== 'VISITOR');
  const counselors = idsOf(users, 'COUNSELOR');
  const institutions = [...new Set(users.map((user) => user.institution))];
  const [duties, waiting, days, caps, totals] = await Promise.all([
    ctx.models.Duty.find({ _id: { $in: staff.map(({ _id }) => _id) } }).lean(),
    countWaitingFor(ctx, institutions, counselors),
    nextDays(ctx, staff, institutions),
    Promise.all(
      institutions.map(async (code) => [code, (await ctx.policies.get(code)).maxConsults] as const),
    ),
    totalTimes(ctx, idsOf(users, 'VISITOR')),
  ]);
  const dutyOf = new Map(duties.map((duty) => [duty._id.toHexString(), duty]));
  const capOf = new Map(caps);
  return (user) => {
    const id = user._id.toHexString();
    const duty = dutyOf.get(id);
    const day = days.get(id);
    const cap = capOf.get(user.institution) ?? null;
    const base = {
      presence: duty?.presence ?? ('offline' as const),
      dutyDate: day === undefined ? null : startOfDay(day),
      totalTime: user.role === 'VISITOR' ? (totals.get(id) ?? 0) : null,
    };
    if (user.role !== 'COUNSELOR') return { ...base, maxConsults: user.role === 'VISITOR' ? cap : null };
    return {
      ...base,
      maxConsults: duty?.maxConsults ?? cap,
      seats: { activeCount: duty?.seats.length ?? 0, waiting: waiting.get(id) ?? 0 },
    };
  };
}

const idsOf = (users: User[], role: User['role']) =>
  users.filter((user) => user.role === role).map(({ _id }) => _id);

async function nextDays(ctx: Needs, users: User[], institutions: string[]): Promise<Map<string, string>> {
  const today = dayOf(ctx.clock.now());
  const found = await Promise.all(
    institutions.map(async (code) => {
      const own = users.filter((user) => user.institution === code).map((user) => user._id.toHexString());
      return own.length === 0 ? new Map<string, string>() : nextDutyDays(ctx, code, own, today);
    }),
  );
  return new Map(found.flatMap((days) => [...days]));
}

/** Whole seconds each visitor has been in sessions, from what each ended session took. */
async function totalTimes(ctx: Needs, visitors: Types.ObjectId[]): Promise<Map<string, number>> {
  if (visitors.length === 0) return new Map();
  const sums = await ctx.models.Conversation.aggregate<{ _id: Types.ObjectId; seconds: number }>([
    { $match: { visitor: { $in: visitors }, type: 'COUNSELING_SESSION', deletedAt: null } },
    { $group: { _id: '$visitor', seconds: { $sum: '$duration' } } },
  ]);
  return new Map(sums.map(({ _id, seconds }) => [_id.toHexString(), seconds]));
}
