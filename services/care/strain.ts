/** How long and how densely a counselor works, against the limits of the house (policy `workLimits`). */
import type { Types } from 'mongoose';
import type { Strain } from '../../contract/enums.js';
import type { Conversation } from '../../models/conversation.js';
import type { PresenceInterval } from '../../models/presence-interval.js';
import type { Ctx } from '../context.js';
import type { Policy } from '../policy/rules.js';
import { addDays, dayOf, startOfDay } from '../roster/day.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK_DAYS = 7;

export type Served = Pick<Conversation, 'startAt' | 'endAt' | 'risk'>;

export interface Strained {
  /** Sessions that began on the last seven days, today included, by their beginning. */
  sessions: Served[];
  /** Time on line and connected, in milliseconds. */
  onlineMs: { today: number; week: number };
  /** Sessions since the last pause, the running ones included. */
  inARow: number;
  reached: Exclude<Strain, 'OFF_ROSTER'>[];
}

/** Read by equality on the counselor, one at a time: a list of them beside a range reads too much on one engine. */
export async function strainOf(
  ctx: Pick<Ctx, 'clock' | 'models'>,
  counselor: Types.ObjectId,
  limits: Policy['workLimits'],
): Promise<Strained> {
  const now = ctx.clock.now();
  const [today, week] = spans(now);
  const { Conversation, PresenceInterval: Interval } = ctx.models;
  const begun = { type: 'COUNSELING_SESSION' as const, deletedAt: null, startAt: { $gte: new Date(week) } };
  const [sessions, closed, open] = await Promise.all([
    Conversation.find({ counselor, ...begun }, { startAt: 1, endAt: 1, risk: 1 })
      .sort({ startAt: 1 })
      .lean(),
    // A stretch that began the day before may reach into the first.
    Interval.find({ counselor, from: { $gte: new Date(week - 24 * HOUR) } }).lean(),
    Interval.findOne({ counselor, open: true }).lean(),
  ]);
  const rows = [...closed.filter(({ to }) => to !== null), ...(open ? [open] : [])];
  const onlineMs = { today: onlineIn(rows, today, now), week: onlineIn(rows, week, now) };
  const inARow = sinceLastPause(sessions, limits.pauseMinutes * MINUTE, now);
  return {
    sessions,
    onlineMs,
    inARow,
    reached: [
      ...(onlineMs.today >= limits.dayHours * HOUR ? (['DAY_HOURS'] as const) : []),
      ...(inARow >= limits.inARow ? (['IN_A_ROW'] as const) : []),
    ],
  };
}

/** Beginnings of today and of the seven days that end with it, in Asia/Shanghai. */
export function spans(now: number): [today: number, week: number] {
  const day = dayOf(now);
  return [startOfDay(day), startOfDay(addDays(day, 1 - WEEK_DAYS))];
}

/** As the statistics count it: stated as on line, and connected. */
function onlineIn(rows: readonly PresenceInterval[], from: number, now: number): number {
  return rows
    .filter(({ state, connected }) => state === 'online' && connected)
    .reduce((sum, row) => {
      const begin = Math.max(from, row.from.getTime());
      return sum + Math.max(0, (row.to?.getTime() ?? now) - begin);
    }, 0);
}

/** @param sessions by their beginning */
export function sinceLastPause(sessions: readonly Served[], pauseMs: number, now: number): number {
  let count = 0;
  let busyUntil = 0;
  for (const { startAt, endAt } of sessions) {
    const begin = startAt?.getTime() ?? 0;
    count = begin - busyUntil >= pauseMs ? 1 : count + 1;
    busyUntil = Math.max(busyUntil, endAt?.getTime() ?? now);
  }
  return now - busyUntil >= pauseMs ? 0 : count;
}
