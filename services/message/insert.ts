/** Several rows in one durable write, and what became of each. */
import type { Collection } from 'mongoose';
import type { Message } from '../../models/message.js';

/** A unique index said no; anything else leaves the outcome unknown. */
type Failure = 'duplicate' | Error;

const DUPLICATE_KEY = 11_000;
const DURABLE = { w: 'majority', j: true } as const;

/** @returns how many stand, counted from the first, and what stopped it there */
export async function insertInOrder(
  collection: Collection,
  rows: Message[],
): Promise<{ count: number; error?: Failure }> {
  const errors = await insert(collection, rows, true);
  for (const [index, error] of errors) return { count: index, error };
  return { count: rows.length };
}

/** @returns what went wrong by index; an index that is not in it stands */
export function insertUnordered(collection: Collection, rows: Message[]): Promise<Map<number, Failure>> {
  return insert(collection, rows, false);
}

async function insert(
  collection: Collection,
  rows: Message[],
  ordered: boolean,
): Promise<Map<number, Failure>> {
  try {
    await collection.insertMany(rows, { ordered, writeConcern: DURABLE });
    return new Map();
  } catch (error) {
    const failure = error as Error & {
      writeErrors?: { index: number; code: number } | { index: number; code: number }[];
      result?: { getWriteConcernError?: () => unknown };
    };
    const list = [failure.writeErrors ?? []].flat();
    if (list.length === 0 || failure.result?.getWriteConcernError?.())
      return new Map(rows.map((_row, index) => [index, failure]));
    return new Map(list.map(({ index, code }) => [index, code === DUPLICATE_KEY ? 'duplicate' : failure]));
  }
}
