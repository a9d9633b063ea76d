/**
 * Statistics, counted ahead (services/statistics/rollup.ts). They name counselors and institutions and nobody else,
 * so they stay when what they counted is erased. Everything here can be made anew from the sources.
 */
import { Schema, type Types } from 'mongoose';

export const GRAINS = ['hour', 'day'] as const;
export type Grain = (typeof GRAINS)[number];

/** Figures by name; counts, and milliseconds for durations. What is absent is 0. */
export type Values = Record<string, number>;

/** What was counted of one counselor (null = nobody yet) in one hour or Asia/Shanghai day. */
export interface Rollup {
  /** epoch|grain|institution|counselor|start in ms */
  _id: string;
  epoch: number;
  grain: Grain;
  institution: string;
  counselor: Types.ObjectId | null;
  at: Date;
  values: Values;
}

export const rollupSchema = new Schema<Rollup>(
  {
    _id: { type: String, required: true },
    epoch: { type: Number, required: true },
    grain: { type: String, enum: GRAINS, required: true },
    institution: { type: String, required: true },
    counselor: { type: Schema.Types.ObjectId, default: null },
    at: { type: Date, required: true },
    values: { type: Schema.Types.Mixed, default: {} },
  },
  { collection: 'rollups', versionKey: false, minimize: false },
);
// One for each filter that is asked: an index serves only a filter that it covers (design.md, "Known traps").
rollupSchema.index({ epoch: 1, grain: 1, at: 1 });
rollupSchema.index({ epoch: 1, grain: 1, institution: 1, at: 1 });
rollupSchema.index({ epoch: 1, grain: 1, institution: 1, counselor: 1, at: 1 });

/** What one source put into one hour. */
export interface Cell {
  at: Date;
  counselor: Types.ObjectId | null;
  values: Values;
}

/** What the rollups hold of one source, so that a change of it can be taken back exactly. */
export interface RolledFacts {
  /** epoch|kind|id of the source */
  _id: string;
  epoch: number;
  institution: string;
  cells: Cell[];
}

export const rolledFactsSchema = new Schema<RolledFacts>(
  {
    _id: { type: String, required: true },
    epoch: { type: Number, required: true },
    institution: { type: String, required: true },
    cells: { type: Schema.Types.Mixed, default: [] } as never,
  },
  { collection: 'rolledFacts', versionKey: false, minimize: false },
);
rolledFactsSchema.index({ epoch: 1 });

/** One row. `generation` grows with every rollup: a reader that sees it change reads again. */
export interface RollupState {
  _id: 'rollup';
  /** Which rows count; a rebuild begins the next. */
  epoch: number;
  generation: number;
  /** A rebuild that marks everything as not yet counted keeps the others from counting meanwhile. */
  pausedBy: string | null;
  pausedUntil: Date | null;
}

export const rollupStateSchema = new Schema<RollupState>(
  {
    _id: { type: String, required: true } as never,
    epoch: { type: Number, required: true },
    generation: { type: Number, required: true },
    pausedBy: { type: String, default: null },
    pausedUntil: { type: Date, default: null },
  },
  { collection: 'rollupStates', versionKey: false },
);
