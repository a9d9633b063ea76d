/**
 * The roster as it holds: stored rows (22), plus the days that the weekly rules give (23), minus what was
 * removed (25). The only reader of both collections; everything about duty days asks here.
 */
import type { Types } from 'mongoose';
import type { Role } from '../../contract/enums.js';
import type { WeeklyRule } from '../../models/weekly-rule.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { addDays, daysFrom, isoWeekday, type Day } from './day.js';
import { dutyId } from './duty-id.js';

/** One person on duty on one day. */
export interface DutyDay {
  id: Types.ObjectId;
  day: Day;
  user: Types.ObjectId;
  role: Role;
}

export interface DutyDaysQuery {
  institution: string;
  from: Day;
  /** How many days, from included. */
  days: number;
  role?: Role;
  /** Only these people, user ids. */
  users?: Types.ObjectId[];
}

/** Days in order, people in order of their user id. */
export async function dutyDays(ctx: Pick<Ctx, 'models'>, query: DutyDaysQuery): Promise<DutyDay[]> {
  const days = daysFrom(query.from, query.days);
  const common = {
    institution: query.institution,
    ...(query.role === undefined ? {} : { role: query.role }),
  };
  const [rows, rules] = await Promise.all([
    // Marks of removal are read too: they are what keeps the rule away.
    ctx.models.Arrange.find({
      ...common,
      // $lt, never $lte: the stand-in loses the equal rows when the range is inside a compound index.
      day: { $gte: query.from, $lt: addDays(query.from, query.days) },
      ...(query.users === undefined ? {} : { user: { $in: query.users } }),
    }).lean(),
    ctx.models.WeeklyRule.find({
      ...common,
      ...(query.users === undefined ? {} : { _id: { $in: query.users } }),
    }).lean(),
  ]);
  const stored = new Set(rows.map((row) => `${row.day} ${row.user.toHexString()}`));
  const found: DutyDay[] = rows
    .filter((row) => !row.removed)
    .map(({ _id, day, user, role }) => ({ id: _id, day, user, role }));
  for (const rule of rules) {
    for (const day of days) {
      if (!ruleHolds(rule, day) || stored.has(`${day} ${rule._id.toHexString()}`)) continue;
      found.push({ id: dutyId(day, rule.userID), day, user: rule._id, role: rule.role });
    }
  }
  return found.sort(byDayAndUser);
}

/** Whether the rule that was in force on that day names its weekday. */
export function ruleHolds(rule: Pick<WeeklyRule, 'spans'>, day: Day): boolean {
  const span = rule.spans.find(({ from, until }) => from <= day && (until === null || day < until));
  return span?.weekDays.includes(isoWeekday(day)) ?? false;
}

/**
 * The next day on which each of them is on duty, within the coming four weeks; for `dutyDate` of the staff lists.
 * @param users user ids, hex
 * @returns user id (hex) → day
 */
export async function nextDutyDays(
  ctx: Pick<Ctx, 'models'>,
  institution: string,
  users: string[],
  from: Day,
): Promise<Map<string, Day>> {
  const ids = users.map(objectId).filter((id) => id !== null);
  const next = new Map<string, Day>();
  for (const { user, day } of await dutyDays(ctx, { institution, from, days: 28, users: ids })) {
    if (!next.has(user.toHexString())) next.set(user.toHexString(), day);
  }
  return next;
}

function byDayAndUser(a: DutyDay, b: DutyDay): number {
  if (a.day !== b.day) return a.day < b.day ? -1 : 1;
  const [left, right] = [a.user.toHexString(), b.user.toHexString()];
  return left < right ? -1 : left > right ? 1 : 0;
}
