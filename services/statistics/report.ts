/** The statistics that the console shows: totals, a series, counselors; and institutions beside each other. */
import { Types } from 'mongoose';
import type { CompareInstitutions, Comparison, Figures, ReadReport, Report } from '../../contract/report.js';
import { END_CAUSES } from '../../contract/enums.js';
import type { Values } from '../../models/rollup.js';
import type { Actor, Ctx } from '../context.js';
import { assertCompare, statisticsScope } from '../policies/statistics.js';
import { addDays, dayOf, startOfDay } from '../roster/day.js';
import { readFigures, sumOf, type Figure } from './cells.js';
import { HOUR_MS, hourOf } from './facts.js';

/** Fewer than this many could be told apart. */
const SMALL = 5;

const ratio = (part: number | undefined, whole: number | undefined, scale = 1): number | null =>
  whole ? Math.round(((part ?? 0) / whole / scale) * 10_000) / 10_000 : null;

function present(values: Values): Figures {
  const count = (name: string) => values[name] ?? 0;
  return {
    arrivals: count('arrivals'),
    begun: count('begun'),
    abandoned: count('abandoned'),
    abandonRate: ratio(values['abandoned'], values['arrivals']),
    waitAverage: ratio(values['waitMs'], values['waited'], 1_000),
    replyAverage: ratio(values['replyMs'], values['replied'], 1_000),
    ended: count('ended'),
    handleAverage: ratio(values['handledMs'], values['ended'], 1_000),
    handled: Math.floor(count('handledMs') / 1_000),
    online: Math.floor(count('onlineMs') / 1_000),
    occupancy: ratio(values['seatMs'], values['capMs']),
    rated: count('rated'),
    ratingAverage: ratio(values['ratingSum'], values['rated']),
    causes: Object.fromEntries(
      END_CAUSES.flatMap((cause) => (values[`end:${cause}`] ? [[cause, count(`end:${cause}`)]] : [])),
    ),
  };
}

/** @throws AppError FORBIDDEN, NOT_FOUND */
export async function readReport(ctx: Ctx, actor: Actor, input: ReadReport): Promise<Report> {
  const whose = await statisticsScope(ctx, actor, input);
  const steps = stepsOf(input.grain, input.from, input.to);
  const [from, to] = [steps[0] ?? input.from, endOf(input.grain, steps.at(-1) ?? input.from)];
  const figures = await readFigures(ctx, whose, [{ grain: input.grain, from, to }]);
  const byStep = groupBy(figures, ({ at }) => at);
  const byCounselor = groupBy(
    figures.filter((figure) => figure.counselor !== null),
    ({ counselor }) => counselor ?? '',
  );
  const ids = [...byCounselor.keys()].map((id) => new Types.ObjectId(id));
  const users = await ctx.models.User.find({ _id: { $in: ids } }, { name: 1 }).lean();
  const names = new Map(users.map(({ _id, name }) => [_id.toHexString(), name]));
  return {
    from,
    to,
    totals: present(sumOf(figures)),
    series: steps.map((at) => ({ at, ...present(sumOf(byStep.get(at) ?? [])) })),
    counselors: [...byCounselor]
      .map(([counselor, rows]) => ({
        counselor,
        name: names.get(counselor) ?? null,
        ...present(sumOf(rows)),
      }))
      .sort((a, b) => b.begun - a.begun || (a.counselor < b.counselor ? -1 : 1)),
  };
}

function groupBy<Key>(figures: Figure[], key: (figure: Figure) => Key): Map<Key, Figure[]> {
  const groups = new Map<Key, Figure[]>();
  for (const figure of figures) {
    const group = groups.get(key(figure)) ?? [];
    group.push(figure);
    groups.set(key(figure), group);
  }
  return groups;
}

/** Starts of all hours or Asia/Shanghai days that the range touches. */
function stepsOf(grain: ReadReport['grain'], from: number, to: number): number[] {
  const steps: number[] = [];
  if (grain === 'hour') for (let at = hourOf(from); at < to; at += HOUR_MS) steps.push(at);
  else for (let day = dayOf(from); startOfDay(day) < to; day = addDays(day, 1)) steps.push(startOfDay(day));
  return steps;
}

const endOf = (grain: ReadReport['grain'], start: number): number =>
  grain === 'hour' ? start + HOUR_MS : startOfDay(addDays(dayOf(start), 1));

const HIDEABLE = ['arrivals', 'begun', 'abandoned', 'rated'] as const;

/**
 * Institutions beside each other, for system admins: counts of one to four are hidden, and with them what is
 * computed from them. Where only one would be hidden the next smallest goes too: a known sum would tell it.
 * @throws AppError FORBIDDEN
 */
export async function compareInstitutions(
  ctx: Ctx,
  actor: Actor,
  input: CompareInstitutions,
): Promise<Comparison[]> {
  assertCompare(actor);
  const steps = stepsOf('day', input.from, input.to);
  const to = endOf('day', steps.at(-1) ?? input.from);
  const figures = await readFigures(ctx, {}, [{ grain: 'day', from: steps[0] ?? input.from, to }]);
  const institutions = await ctx.models.Institution.find({}, { name: 1 }).sort({ _id: 1 }).lean();
  const rows = institutions.map(({ _id, name }) => ({
    institution: _id,
    name,
    ...present(sumOf(figures.filter(({ institution }) => institution === _id))),
  }));
  const hides = Object.fromEntries(
    HIDEABLE.map((name) => [name, hiddenOf(rows.map((row) => row[name]))]),
  ) as Record<(typeof HIDEABLE)[number], Set<number>>;
  return rows.map((row, index) => {
    const shown = (name: (typeof HIDEABLE)[number]) => (hides[name].has(index) ? null : row[name]);
    return {
      institution: row.institution,
      name: row.name,
      arrivals: shown('arrivals'),
      begun: shown('begun'),
      abandoned: shown('abandoned'),
      rated: shown('rated'),
      waitAverage: shown('begun') === null ? null : row.waitAverage,
      ratingAverage: shown('rated') === null ? null : row.ratingAverage,
    };
  });
}

/** Which places of a column are hidden. */
export function hiddenOf(counts: number[]): Set<number> {
  const small = new Set(counts.flatMap((count, index) => (count > 0 && count < SMALL ? [index] : [])));
  if (small.size !== 1) return small;
  const next = counts
    .map((count, index) => ({ count, index }))
    .filter(({ count }) => count >= SMALL)
    .sort((a, b) => a.count - b.count)[0];
  if (next) small.add(next.index);
  return small;
}
