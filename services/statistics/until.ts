/**
 * Figures from the start of a day until any moment: whole days and whole hours from the rollups, the rest of the
 * last hour from the documents of that hour, by index.
 */
import { Types } from 'mongoose';
import type { FilterQuery } from '../conversation/filter.js';
import type { Ctx } from '../context.js';
import { addDays, dayOf, startOfDay } from '../roster/day.js';
import { readFigures, type Figure, type Span, type Whose } from './cells.js';
import { counts, hourOf } from './facts.js';
import type { SourceKind } from './sources.js';

/** What began, or was rated: the source of its figures, and those of a part of an hour. */
interface Counting {
  kind: SourceKind;
  inPart(ctx: Ctx, whose: Whose, from: number, to: number): Promise<Figure[]>;
}

/**
 * @param first start of the first day, epoch ms
 * @param last the last moment that counts, epoch ms
 */
export async function figuresUntil(
  ctx: Ctx,
  whose: Whose,
  first: number,
  last: number,
  counting: Counting,
): Promise<Figure[]> {
  const kinds = [counting.kind];
  const [day, hour] = [startOfDay(dayOf(last)), hourOf(last)];
  // Nothing comes after now: its day counts whole.
  if (last >= ctx.clock.now())
    return readFigures(
      ctx,
      whose,
      [{ grain: 'day', from: first, to: startOfDay(addDays(dayOf(last), 1)) }],
      kinds,
    );
  const spans: Span[] = [
    { grain: 'day', from: first, to: day },
    { grain: 'hour', from: Math.max(first, day), to: hour },
  ];
  const parts = await Promise.all([
    readFigures(ctx, whose, spans, kinds),
    counting.inPart(ctx, whose, hour, last + 1),
  ]);
  return parts.flat();
}

const scopeOf = ({ institution, counselors }: Whose): FilterQuery => ({
  ...(institution === undefined ? {} : { institution }),
  ...(counselors === undefined
    ? {}
    : { counselor: counselors.length === 1 && counselors[0] ? counselors[0] : { $in: counselors } }),
});

const within = (from: number, to: number) => ({ $gte: new Date(from), $lt: new Date(to) });

interface BegunRow {
  institution: string;
  counselor: Types.ObjectId | null;
  startAt: Date | null;
}

const asFigure = (at: Date, row: Pick<BegunRow, 'institution' | 'counselor'>, values: Figure['values']) => ({
  at: at.getTime(),
  institution: row.institution,
  counselor: row.counselor?.toHexString() ?? null,
  values,
});

async function begunInPart(ctx: Ctx, whose: Whose, from: number, to: number): Promise<Figure[]> {
  const fields = { institution: 1, counselor: 1, startAt: 1 } as const;
  const session = { type: 'COUNSELING_SESSION' as const, startAt: within(from, to) };
  const { Conversation } = ctx.models;
  const [rows, gone] = await Promise.all([
    Conversation.find({ ...scopeOf(whose), ...session, deletedAt: null }, fields).lean<BegunRow[]>(),
    // Next to none: what a purge takes is old.
    Conversation.find({ figuresStay: true, startAt: session.startAt }, { ...fields, deletedAt: 1 }).lean<
      (BegunRow & { deletedAt: Date | null })[]
    >(),
  ]);
  const stayed = gone.filter(
    (row) =>
      row.deletedAt &&
      (whose.institution === undefined || row.institution === whose.institution) &&
      (whose.counselors === undefined || whose.counselors.some((id) => row.counselor?.equals(id))),
  );
  return [...rows, ...stayed].flatMap((row) =>
    row.startAt ? [asFigure(row.startAt, row, { begun: 1 })] : [],
  );
}

async function ratedInPart(ctx: Ctx, whose: Whose, from: number, to: number): Promise<Figure[]> {
  const rows = await ctx.models.Evaluation.find(
    { ...scopeOf(whose), at: within(from, to) },
    { institution: 1, counselor: 1, at: 1, level: 1 },
  ).lean();
  return rows.flatMap((row) =>
    row.level ? [asFigure(row.at, row, { rated: 1, ratingSum: row.level })] : [],
  );
}

export const BEGUN: Counting = { kind: 'c', inPart: begunInPart };
export const RATED: Counting = { kind: 'e', inPart: ratedInPart };

/** Sessions that began, one by one: those a supervisor was called to, whoever's they are. */
export async function begunAmong(
  ctx: Ctx,
  ids: Types.ObjectId[],
  first: number,
  last: number,
): Promise<Figure[]> {
  if (ids.length === 0) return [];
  const rows = await ctx.models.Conversation.find(
    { _id: { $in: ids } },
    { type: 1, institution: 1, counselor: 1, startAt: 1, deletedAt: 1, figuresStay: 1 },
  ).lean();
  return rows.flatMap((row) => {
    const at = row.startAt?.getTime();
    if (!row.startAt || at === undefined || at < first || at > last || !counts(row)) return [];
    return [asFigure(row.startAt, row, { begun: 1 })];
  });
}
