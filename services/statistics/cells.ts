/**
 * Reads figures: the rollups, corrected by what they have not counted yet, so that they are right at any moment.
 * The correction reads only what is open or has just changed, and never a message.
 */
import type { Types } from 'mongoose';
import type { Cell, Grain, Values } from '../../models/rollup.js';
import { AppError } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { startOf } from './rollup.js';
import { factsId, sourcesOf, UNROLLED, type Counted } from './sources.js';

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

/**
 * Figures of whole hours or days.
 * @param from start of the first, epoch ms
 * @param to end of the last, not included
 */
export async function readFigures(
  ctx: Ctx,
  whose: Whose,
  grain: Grain,
  from: number,
  to: number,
): Promise<Figure[]> {
  if (from >= to) return [];
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const before = await ctx.models.RollupState.findById('rollup').lean().orFail();
    const figures = await readOnce(ctx, whose, grain, from, to, before.epoch);
    const after = await ctx.models.RollupState.findById('rollup').lean().orFail();
    // A rollup moved rows between the two reads: what was read belongs to no moment.
    if (after.generation === before.generation && after.epoch === before.epoch) return figures;
  }
  throw new AppError('UNAVAILABLE', { message: '统计数据正在更新，请稍后再试。' });
}

async function readOnce(
  ctx: Ctx,
  whose: Whose,
  grain: Grain,
  from: number,
  to: number,
  epoch: number,
): Promise<Figure[]> {
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
  const addCells = (institution: string, cells: Cell[], sign: 1 | -1) => {
    for (const { at, counselor, values } of cells)
      add(institution, counselor, startOf(grain, at), values, sign);
  };

  // All at once: the generation that is read before and after says whether they belong to one moment.
  const sources = sourcesOf(ctx.models);
  const rows = {
    ...{ epoch, grain, at: { $gte: new Date(from), $lt: new Date(to) } },
    ...(whose.institution === undefined ? {} : { institution: whose.institution }),
  };
  // Each counselor by name: exactly a stretch of the index, where a list of them beside a range may read far more.
  const one =
    whose.institution === undefined ? [{}] : (whose.counselors?.map((counselor) => ({ counselor })) ?? [{}]);
  const [rolled, marks] = await Promise.all([
    Promise.all(one.map((counselor) => ctx.models.Rollup.find({ ...rows, ...counselor }).lean())),
    Promise.all(
      sources.map((source) => source.model.find(UNROLLED, source.fields as never).lean<Counted[]>()),
    ),
  ]);
  for (const row of rolled.flat()) add(row.institution, row.counselor, row.at.getTime(), row.values, 1);

  const now = ctx.clock.now();
  for (const [index, source] of sources.entries()) {
    const marked = marks[index] ?? [];
    const mine = marked.filter(
      ({ institution }) => whose.institution === undefined || institution === whose.institution,
    );
    if (mine.length === 0) continue;
    const ids = mine.map(({ _id }) => factsId(epoch, source.kind, _id));
    const facts = await ctx.models.RolledFacts.find({ _id: { $in: ids } }).lean();
    for (const { institution, cells } of facts) addCells(institution, cells, -1);
    for (const row of mine) addCells(row.institution, source.facts(row, now), 1);
  }
  return [...sums.values()];
}

/** Figures of the same thing added up. */
export function sumOf(figures: Iterable<{ values: Values }>): Values {
  const sum: Values = {};
  for (const { values } of figures)
    for (const [name, value] of Object.entries(values)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
