/**
 * Reads figures: the rollups, corrected by what they have not counted yet, so that they are right at any moment.
 * The correction reads only what is open or has just changed, and never a message.
 */
import type { Types } from 'mongoose';
import type { Models } from '../../models/index.js';
import type { Cell, Grain, Rollup, RollupState, Values } from '../../models/rollup.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { startOf } from './rollup.js';
import { factsId, sourcesOf, UNROLLED, type Counted, type Source, type SourceKind } from './sources.js';

const TRIES = 20;

/** Whose figures. Left out = all of them. */
export interface Whose {
  institution?: string;
  counselors?: Types.ObjectId[];
}

export interface Figure {
  /** Start of the hour or day, epoch ms. */
  at: number;
  institution: string;
  /** Hex; null = what nobody had yet. */
  counselor: string | null;
  values: Values;
}

/** Whole hours or days: from the start of the first to the end of the last, which is not included; epoch ms. */
export interface Span {
  grain: Grain;
  from: number;
  to: number;
}

/** How far the rollups were when a node last looked. */
const seen = new WeakMap<Models, RollupState>();

/**
 * Figures of spans that don't overlap, all of one moment.
 * @param kinds the sources of the figures that are wanted; all when left out
 */
export async function readFigures(
  ctx: Ctx,
  whose: Whose,
  spans: Span[],
  kinds?: readonly SourceKind[],
): Promise<Figure[]> {
  const asked = spans.filter(({ from, to }) => from < to);
  if (asked.length === 0) return [];
  const { models } = ctx;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    // Whenever it was: generations only grow, so one that is the same afterwards was the same all the while.
    const before = seen.get(models) ?? (await stateOf(models));
    const sources = sourcesOf(models).filter(({ kind }) => kinds?.includes(kind) ?? true);
    const [marks, ...rolled] = await Promise.all([
      Promise.all(
        sources.map(({ model, fields }) => model.find(UNROLLED, fields as never).lean<Counted[]>()),
      ),
      ...asked.map((span) => rolledIn(ctx, whose, span, before.epoch)),
    ]);
    const changes = await changesOf(ctx, whose, sources, marks, before.epoch);
    const after = await stateOf(models);
    // A rollup moved rows between the two looks: what was read belongs to no moment.
    if (after.generation === before.generation && after.epoch === before.epoch)
      return asked.flatMap((span, index) => addUp(whose, span, rolled[index] ?? [], changes));
  }
  throw new AppError('UNAVAILABLE', { message: '统计数据正在更新，请稍后再试。' });
}

async function stateOf(models: Models): Promise<RollupState> {
  const state = await models.RollupState.findById('rollup').lean().orFail();
  seen.set(models, state);
  return state;
}

async function rolledIn(ctx: Ctx, whose: Whose, { grain, from, to }: Span, epoch: number): Promise<Rollup[]> {
  const rows = {
    ...{ epoch, grain, at: { $gte: new Date(from), $lt: new Date(to) } },
    ...(whose.institution === undefined ? {} : { institution: whose.institution }),
  };
  // Each counselor by name: exactly a stretch of the index, where a list of them beside a range may read far more.
  const one =
    whose.institution === undefined ? [{}] : (whose.counselors?.map((counselor) => ({ counselor })) ?? [{}]);
  const found = await Promise.all(
    one.map((counselor) => ctx.models.Rollup.find({ ...rows, ...counselor }).lean()),
  );
  return found.flat();
}

/** Cells to add or take away. */
interface Change {
  institution: string;
  cells: Cell[];
  sign: 1 | -1;
}

/** What is marked counts as it is now, no longer as it was counted. */
async function changesOf(
  ctx: Ctx,
  whose: Whose,
  sources: Source[],
  marks: Counted[][],
  epoch: number,
): Promise<Change[]> {
  const now = ctx.clock.now();
  const found = await Promise.all(
    sources.map(async (source, index) => {
      const mine = (marks[index] ?? []).filter(
        ({ institution }) => whose.institution === undefined || institution === whose.institution,
      );
      if (mine.length === 0) return [];
      const ids = mine.map(({ _id }) => factsId(epoch, source.kind, _id));
      const facts = await ctx.models.RolledFacts.find({ _id: { $in: ids } }).lean();
      return [
        ...facts.map(({ institution, cells }): Change => ({ institution, cells, sign: -1 })),
        ...mine.map((row): Change => ({
          institution: row.institution,
          cells: source.facts(row, now),
          sign: 1,
        })),
      ];
    }),
  );
  return found.flat();
}

function addUp(whose: Whose, { grain, from, to }: Span, rolled: Rollup[], changes: Change[]): Figure[] {
  const sums = new Map<string, Figure>();
  const asked = whose.counselors && new Set(whose.counselors.map((id) => id.toHexString()));

  function add(
    institution: string,
    counselor: Types.ObjectId | null,
    at: number,
    values: Values,
    sign: number,
  ) {
    if (at < from || at >= to) return;
    if (whose.institution !== undefined && institution !== whose.institution) return;
    const hex = counselor?.toHexString() ?? null;
    if (asked && (hex === null || !asked.has(hex))) return;
    const key = `${institution}|${hex ?? ''}|${String(at)}`;
    const sum = sums.get(key) ?? { at, institution, counselor: hex, values: {} };
    for (const [name, value] of Object.entries(values))
      sum.values[name] = (sum.values[name] ?? 0) + sign * value;
    sums.set(key, sum);
  }
  for (const row of rolled) add(row.institution, row.counselor, row.at.getTime(), row.values, 1);
  for (const { institution, cells, sign } of changes)
    for (const { at, counselor, values } of cells)
      add(institution, counselor, startOf(grain, at), values, sign);
  return [...sums.values()];
}

/** Figures of the same thing added up. */
export function sumOf(figures: Iterable<{ values: Values }>): Values {
  const sum: Values = {};
  for (const { values } of figures)
    for (const [name, value] of Object.entries(values)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
