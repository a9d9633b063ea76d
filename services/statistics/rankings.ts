/**
 * Who served most and who was rated best this month (document sections 31 and 32). The one exception to I13: every
 * staff role sees the whole institution's, names and figures only.
 */
import { Types } from 'mongoose';
import type { NumberRank, RatedRank } from '../../contract/statistics.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { userScope } from '../policies/user.js';
import { dayOf, startOfDay } from '../roster/day.js';
import type { Figure } from './cells.js';
import { BEGUN, figuresUntil, RATED } from './until.js';

/** The Asia/Shanghai month until now, and whose it is: the institution's, a system admin's is of all. */
function monthOf(ctx: Ctx, actor: Actor) {
  if (actor.role === 'VISITOR') throw new AppError('FORBIDDEN');
  const now = ctx.clock.now();
  return { whose: userScope(actor), first: startOfDay(`${dayOf(now).slice(0, 7)}-01`), now };
}

interface Row {
  _id: Types.ObjectId;
  count: number;
  sum: number;
}

/** By counselor; what nobody has yet ranks nowhere. */
function byCounselor(figures: Figure[], count: string, sum: string): Row[] {
  const rows = new Map<string, Row>();
  for (const { counselor, values } of figures) {
    if (counselor === null) continue;
    const row = rows.get(counselor) ?? { _id: new Types.ObjectId(counselor), count: 0, sum: 0 };
    row.count += values[count] ?? 0;
    row.sum += values[sum] ?? 0;
    rows.set(counselor, row);
  }
  return [...rows.values()].filter((row) => row.count > 0);
}

/** Sessions begun this month by their counselor. */
export async function rankByNumber(ctx: Ctx, actor: Actor): Promise<NumberRank[]> {
  const { whose, first, now } = monthOf(ctx, actor);
  const found = byCounselor(await figuresUntil(ctx, whose, first, now, BEGUN), 'begun', 'begun');
  const names = await namesOf(ctx, found);
  return ranked(found, (a, b) => b.count - a.count).map(({ row, rank }) => ({
    counselor: row._id.toHexString(),
    name: names(row._id),
    count: row.count,
    rank,
  }));
}

/** Levels given this month; ratings without a level count nowhere. */
export async function rankByRating(ctx: Ctx, actor: Actor): Promise<RatedRank[]> {
  const { whose, first, now } = monthOf(ctx, actor);
  const found = byCounselor(await figuresUntil(ctx, whose, first, now, RATED), 'rated', 'ratingSum');
  const names = await namesOf(ctx, found);
  // Compared as fractions: two means that are printed alike need not be equal.
  const higher = (a: Row, b: Row) => b.sum * a.count - a.sum * b.count;
  return ranked(found, higher).map(({ row, rank }) => ({
    counselor: row._id.toHexString(),
    name: names(row._id),
    average: Math.round((row.sum / row.count) * 100) / 100,
    count: row.count,
    rank,
  }));
}

/** Highest first, ties by id; equal figures share a rank. */
function ranked<Row extends { _id: Types.ObjectId }>(
  rows: Row[],
  compare: (a: Row, b: Row) => number,
): { row: Row; rank: number }[] {
  const sorted = [...rows].sort(
    (a, b) => compare(a, b) || (a._id.toHexString() < b._id.toHexString() ? -1 : 1),
  );
  let rank = 0;
  return sorted.map((row, index) => {
    const before = sorted[index - 1];
    if (before === undefined || compare(before, row) !== 0) rank = index + 1;
    return { row, rank };
  });
}

/** Names also of those who are gone: the figures are history. */
async function namesOf(
  ctx: Ctx,
  rows: { _id: Types.ObjectId }[],
): Promise<(id: Types.ObjectId) => string | null> {
  const users = await ctx.models.User.find({ _id: { $in: rows.map(({ _id }) => _id) } }, { name: 1 }).lean();
  const names = new Map(users.map((user) => [user._id.toHexString(), user.name]));
  return (id) => names.get(id.toHexString()) ?? null;
}
