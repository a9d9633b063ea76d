/** How many sessions began when (document sections 30 and 33): by index over startAt, scope as the records' list. */
import type { DayCount, TodayChange } from '../../contract/statistics.js';
import type { Actor, Ctx } from '../context.js';
import { consultScope } from '../conversation/consult-list.js';
import type { FilterQuery } from '../conversation/filter.js';
import { addDays, dayOf, daysFrom, startOfDay, ZONE } from '../roster/day.js';

const DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Sessions that began: those that only waited have no startAt and fall outside every range. */
const begun = (scope: FilterQuery, from: number, to: number): FilterQuery => ({
  ...scope,
  type: 'COUNSELING_SESSION',
  deletedAt: null,
  // $lt, never $lte: the stand-in loses the equal rows when the range is inside a compound index.
  startAt: { $gte: new Date(from), $lt: new Date(to + 1) },
});

/** Seven Asia/Shanghai days, oldest first, today last; days without any say 0. */
export async function countSevenDays(ctx: Ctx, actor: Actor): Promise<DayCount[]> {
  const now = ctx.clock.now();
  const first = addDays(dayOf(now), 1 - DAYS);
  const scope = await consultScope(ctx, actor);
  const found = await ctx.models.Conversation.aggregate<{ _id: string; count: number }>([
    { $match: begun(scope, startOfDay(first), now) },
    {
      $group: {
        _id: { $dateToString: { date: '$startAt', format: '%Y-%m-%d', timezone: ZONE } },
        count: { $sum: 1 },
      },
    },
  ]);
  const counts = new Map(found.map(({ _id, count }) => [_id, count]));
  return daysFrom(first, DAYS).map((date) => ({ date, count: counts.get(date) ?? 0 }));
}

/** Today until now against yesterday until the same time. */
export async function compareToday(ctx: Ctx, actor: Actor): Promise<TodayChange> {
  const now = ctx.clock.now();
  const start = startOfDay(dayOf(now));
  const scope = await consultScope(ctx, actor);
  const [today, yesterday] = await Promise.all([
    ctx.models.Conversation.countDocuments(begun(scope, start, now)),
    // Shanghai has no summer time: the same time of yesterday is 24 hours ago.
    ctx.models.Conversation.countDocuments(begun(scope, start - DAY_MS, now - DAY_MS)),
  ]);
  const change = today - yesterday;
  return { today, yesterday, change, rate: yesterday === 0 ? null : change / yesterday };
}
