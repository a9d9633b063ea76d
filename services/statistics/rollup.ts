/**
 * Counts what changed since it was last counted. One transaction takes a batch: the mark goes away from the very
 * state that was read, what the source had put in is taken back, what it puts in now is added. So each step is
 * repeatable, a crash leaves nothing half counted, and two workers at once can't count twice.
 */
import type { ClientSession, Types, mongo } from 'mongoose';
import { GRAINS, type Cell, type Grain, type RolledFacts, type Values } from '../../models/rollup.js';
import type { Ctx } from '../context.js';
import { dayOf, startOfDay } from '../roster/day.js';
import { factsId, sourcesOf, UNROLLED, type Counted, type Source } from './sources.js';

const BATCH = 50;
/** Of one call, so that other chores have their turn. */
const AT_MOST = 2_000;

/** Where an hour stands in the rows of a grain; days are those of Asia/Shanghai. */
export function startOf(grain: Grain, hour: Date): number {
  return grain === 'hour' ? hour.getTime() : startOfDay(dayOf(hour.getTime()));
}

/** Rolls up what is over and not counted yet; @returns how many. */
export async function rollUp(ctx: Ctx, atMost = AT_MOST): Promise<number> {
  let counted = 0;
  for (const source of sourcesOf(ctx.models)) {
    const marked = await source.model.find(UNROLLED, source.fields as never).lean<Counted[]>();
    const over = marked.filter((row) => !source.isOpen(row));
    for (let from = 0; from < over.length && counted < atMost; from += BATCH) {
      const batch = over.slice(from, from + BATCH);
      // Somebody changed one of them, or another worker counts: what is left is found by the next sweep.
      if (!(await countBatch(ctx, source, batch))) break;
      counted += batch.length;
    }
  }
  return counted;
}

async function countBatch(ctx: Ctx, source: Source, rows: Counted[]): Promise<boolean> {
  const session = await ctx.mongo.startSession();
  try {
    session.startTransaction({
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', j: true },
    });
    const done = await countIn(ctx, session, source, rows);
    if (done) await session.commitTransaction();
    else await session.abortTransaction();
    return done;
  } catch (error) {
    if (session.inTransaction()) await session.abortTransaction();
    if (isConflict(error)) return false;
    throw error;
  } finally {
    await session.endSession();
  }
}

async function countIn(ctx: Ctx, session: ClientSession, source: Source, rows: Counted[]): Promise<boolean> {
  const { models } = ctx;
  const now = ctx.clock.now();
  // The state first: of two workers, one waits or fails here and nobody has done anything yet.
  const state = await models.RollupState.findOneAndUpdate(
    { _id: 'rollup', $or: [{ pausedUntil: null }, { pausedUntil: { $lte: new Date(now) } }] },
    { $inc: { generation: 1 }, $set: { pausedBy: null, pausedUntil: null } },
    { session, returnDocument: 'after' },
  ).lean();
  if (!state) return false;
  const { epoch } = state;
  const unmarked = await source.model.collection.bulkWrite(
    rows.map(({ _id, unrolled }) => ({
      updateOne: { filter: { _id, unrolled }, update: { $unset: { unrolled: '' } } },
    })),
    { session, ordered: false },
  );
  if (unmarked.modifiedCount !== rows.length) return false;

  const id = (row: Counted) => factsId(epoch, source.kind, row._id);
  const before = await models.RolledFacts.find({ _id: { $in: rows.map(id) } })
    .session(session)
    .lean();
  const old = new Map(before.map((facts) => [facts._id, facts.cells]));
  const changes = new Map<string, mongo.AnyBulkWriteOperation>();
  const stored: mongo.AnyBulkWriteOperation<RolledFacts>[] = [];
  const buckets = createBuckets(epoch);
  for (const row of rows) {
    const cells = source.facts(row, now);
    const was = old.get(id(row)) ?? [];
    buckets.add(row.institution, was, -1);
    buckets.add(row.institution, cells, 1);
    if (cells.length > 0) {
      const replacement = { epoch, institution: row.institution, cells };
      stored.push({ replaceOne: { filter: { _id: id(row) }, replacement, upsert: true } });
    } else if (was.length > 0) stored.push({ deleteOne: { filter: { _id: id(row) } } });
  }
  buckets.writes(changes);
  const options = { session, ordered: false } as const;
  if (stored.length > 0) await models.RolledFacts.collection.bulkWrite(stored as never, options);
  if (changes.size > 0) await models.Rollup.collection.bulkWrite([...changes.values()] as never, options);
  return true;
}

/** Sums the changes of a batch, so that each rollup row is written once. */
function createBuckets(epoch: number) {
  const rows = new Map<
    string,
    { grain: Grain; institution: string; counselor: Types.ObjectId | null; at: Date; values: Values }
  >();
  return {
    add(institution: string, cells: Cell[], sign: 1 | -1) {
      for (const { at, counselor, values } of cells)
        for (const grain of GRAINS) {
          const start = startOf(grain, at);
          const _id = [epoch, grain, institution, counselor?.toHexString() ?? '', start].join('|');
          const row = rows.get(_id) ?? { grain, institution, counselor, at: new Date(start), values: {} };
          for (const [name, value] of Object.entries(values))
            row.values[name] = (row.values[name] ?? 0) + sign * value;
          rows.set(_id, row);
        }
    },
    writes(into: Map<string, mongo.AnyBulkWriteOperation>) {
      for (const [_id, { values, ...row }] of rows) {
        const $inc = Object.fromEntries(
          Object.entries(values).flatMap(([name, value]) => (value === 0 ? [] : [[`values.${name}`, value]])),
        );
        if (Object.keys($inc).length === 0) continue;
        const update = { $inc, $setOnInsert: { epoch, ...row } };
        into.set(_id, { updateOne: { filter: { _id } as never, update, upsert: true } });
      }
    },
  };
}

/** Another transaction touched the same rows: nothing is broken, it is tried again. */
function isConflict(error: unknown): boolean {
  const { code, errorLabels } = error as { code?: number; errorLabels?: string[] };
  return code === 112 || (errorLabels ?? []).includes('TransientTransactionError');
}
