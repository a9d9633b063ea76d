/** Places needed by hour, from the rollups of the same weekday, beside what the roster plans. */
import type { ReadStaffing, Staffing } from '../../contract/staffing.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { statisticsScope } from '../policies/statistics.js';
import { addDays, startOfDay } from '../roster/day.js';
import { dutyDays } from '../roster/duty-days.js';
import { readFigures, sumOf } from '../statistics/cells.js';
import { HOUR_MS } from '../statistics/facts.js';
import { isDay } from '../time/moment.js';
import { seatsNeeded } from './erlang.js';

/** @throws AppError FORBIDDEN, NOT_FOUND, BAD_INPUT (no such day) */
export async function readStaffing(ctx: Ctx, actor: Actor, input: ReadStaffing): Promise<Staffing> {
  const { institution } = await statisticsScope(ctx, actor, { institution: input.institution });
  if (!isDay(input.day)) throw new AppError('BAD_INPUT', { message: '日期不正确。' });
  const arrivals = Array.from({ length: 24 }, () => 0);
  let [handledMs, ended] = [0, 0];
  for (let week = 1; week <= input.weeks; week += 1) {
    const from = startOfDay(addDays(input.day, -7 * week));
    const figures = await readFigures(ctx, { institution }, [
      { grain: 'hour', from, to: from + 24 * HOUR_MS },
    ]);
    for (const { at, values } of figures) {
      const hour = Math.floor((at - from) / HOUR_MS);
      arrivals[hour] = (arrivals[hour] ?? 0) + (values['arrivals'] ?? 0);
    }
    const sum = sumOf(figures);
    handledMs += sum['handledMs'] ?? 0;
    ended += sum['ended'] ?? 0;
  }
  const handle = ended === 0 ? 0 : Math.round(handledMs / ended / 1_000);
  const { counselors, seats } = await planned(ctx, institution, input.day);
  return {
    day: input.day,
    handle,
    counselors,
    hours: arrivals.map((count, hour) => {
      const mean = count / input.weeks;
      const needed = seatsNeeded(mean, handle, input.target, input.share);
      return {
        hour,
        arrivals: Math.round(mean * 100) / 100,
        needed,
        planned: seats,
        short: Math.max(0, needed - seats),
      };
    }),
  };
}

/** The roster knows days, not hours: whoever is on it counts for all of them. */
async function planned(ctx: Ctx, institution: string, day: string) {
  const rostered = await dutyDays(ctx, { institution, from: day, days: 1, role: 'COUNSELOR' });
  const { maxConsults } = await ctx.policies.get(institution);
  const duties = await ctx.models.Duty.find(
    { _id: { $in: rostered.map(({ user }) => user) } },
    { maxConsults: 1 },
  ).lean();
  const own = new Map(duties.map((duty) => [duty._id.toHexString(), duty.maxConsults]));
  const seats = rostered.reduce((sum, { user }) => sum + (own.get(user.toHexString()) ?? maxConsults), 0);
  return { counselors: rostered.length, seats };
}
