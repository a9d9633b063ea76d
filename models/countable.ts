/**
 * Marks what the rollups have yet to count. A plugin and not a line in every writer: one that forgot it would make
 * the statistics wrong for good, and nobody would see it.
 *
 * `unrolled` is set to a new id with the insert and with every update of a document; a rollup removes the very id
 * under which it read it, so a change that comes in between leaves it marked.
 */
import { Schema, Types } from 'mongoose';

type Update = Record<string, unknown> | Record<string, unknown>[] | null;
interface Query {
  getUpdate(): unknown;
  setUpdate(update: never): void;
}

export function countable(schema: Schema): void {
  schema.add({ unrolled: { type: Schema.Types.ObjectId, default: () => new Types.ObjectId() } });
  // Sparse, and asked by a range: whatever is counted is not in it.
  schema.index({ unrolled: 1 }, { sparse: true });
  schema.pre(['updateOne', 'updateMany', 'findOneAndUpdate'], function (this: Query) {
    this.setUpdate(marked(this.getUpdate() as Update) as never);
  });
}

function marked(update: Update): Update {
  const unrolled = new Types.ObjectId();
  if (Array.isArray(update)) return [...update, { $set: { unrolled } }];
  const $set = (update as { $set?: object } | null)?.$set;
  return { ...update, $set: { ...$set, unrolled } };
}
