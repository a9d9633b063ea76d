/** How many sessions began when (document sections 30 and 33), of those that the caller sees in the records' list. */
import type { DayCount, TodayChange } from '../../contract/statistics.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { calledSessions } from '../conversation/consult-list.js';
import { boundCounselors } from '../policies/statistics.js';
import { addDays, dayOf, daysFrom, startOfDay } from '../roster/day.js';
import type { Figure, Whose } from './cells.js';
import { begunAmong, BEGUN, figuresUntil } from './until.js';

const DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Sessions that began in [first, last]; one figure an hour, day or session. Those that only waited did not begin. */
async function begun(ctx: Ctx, actor: Actor, first: number, last: number): Promise<Figure[]> {
  const me = objectId(actor.id);
  const { institution } = actor;
  const read = (whose: Whose) => figuresUntil(ctx, whose, first, last, BEGUN);
  switch (actor.role) {
    case 'COUNSELOR':
      return read({ institution, counselors: me ? [me] : [] });
    case 'SUPERVISOR': {
      const bound = await boundCounselors(ctx, actor);
      const [theirs, called] = await Promise.all([
        read({ institution, counselors: bound }),
        calledSessions(ctx, actor).then((ids) => begunAmong(ctx, ids, first, last)),
      ]);
      const known = new Set(bound.map((id) => id.toHexString()));
      // Called to a session of a bound counselor: it is counted with them.
      return [...theirs, ...called.filter(({ counselor }) => counselor === null || !known.has(counselor))];
    }
    case 'INSTITUTION_ADMINISTRATOR':
      return read({ institution });
    case 'SYSTEM_ADMINISTRATOR':
      return read({});
    case 'VISITOR':
      throw new AppError('FORBIDDEN');
  }
}

/** Seven Asia/Shanghai days, oldest first, today last; days without any say 0. */
export async function countSevenDays(ctx: Ctx, actor: Actor): Promise<DayCount[]> {
  const now = ctx.clock.now();
  const first = addDays(dayOf(now), 1 - DAYS);
  const counted = new Map(daysFrom(first, DAYS).map((date) => [date, 0]));
  for (const { at, values } of await begun(ctx, actor, startOfDay(first), now)) {
    const date = dayOf(at);
    counted.set(date, (counted.get(date) ?? 0) + (values['begun'] ?? 0));
  }
  return [...counted].map(([date, count]) => ({ date, count }));
}

/** Today until now against yesterday until the same time. */
export async function compareToday(ctx: Ctx, actor: Actor): Promise<TodayChange> {
  const now = ctx.clock.now();
  const start = startOfDay(dayOf(now));
  const count = async (first: number, last: number) =>
    (await begun(ctx, actor, first, last)).reduce((sum, { values }) => sum + (values['begun'] ?? 0), 0);
  // Shanghai has no summer time: the same time of yesterday is 24 hours ago.
  const [today, yesterday] = await Promise.all([count(start, now), count(start - DAY_MS, now - DAY_MS)]);
  const change = today - yesterday;
  return { today, yesterday, change, rate: yesterday === 0 ? null : change / yesterday };
}
