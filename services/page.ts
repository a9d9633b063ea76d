/** A page of a list, as every listing answers it: rows in an order, how many there are in all, the next page. */
import type { Model, QueryFilter } from 'mongoose';

interface Asked {
  /** 1 is the first. */
  page: number;
  size: number;
}

/** What a page and its count are taken from. */
interface Wanted<Row> {
  filter: QueryFilter<Row>;
  sort: Readonly<Record<string, 1 | -1>>;
  /** The fields to read; all when left out. */
  fields?: Readonly<Record<string, 0 | 1>>;
}

/** The rows of one page and the count of all, read side by side. */
export async function readPage<Row>(
  model: Model<Row>,
  { filter, sort, fields = {} }: Wanted<Row>,
  asked: Asked,
): Promise<{ rows: Row[]; count: number; next: number | null }> {
  const [rows, count] = await Promise.all([
    model
      .find(filter, fields)
      .sort(sort)
      .skip((asked.page - 1) * asked.size)
      .limit(asked.size)
      .lean<Row[]>(),
    model.countDocuments(filter),
  ]);
  return { rows, count, next: nextPage(asked, count) };
}

/** The number of the next page, null on the last. */
export const nextPage = ({ page, size }: Asked, count: number): number | null =>
  page * size < count ? page + 1 : null;
