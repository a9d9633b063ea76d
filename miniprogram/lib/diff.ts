/** setData carries what it is given across a bridge, so it is given only what changed. */

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

interface Keyed {
  key: string;
}
const isKeyed = (value: unknown): value is Keyed[] =>
  Array.isArray(value) && value.every((row) => typeof (row as Partial<Keyed> | null)?.key === 'string');

/**
 * @returns paths and values for setData; lists of rows with a `key` are changed row by row while they keep their
 *   order, so that a new line of a long conversation costs one line
 */
export function changes<D extends object>(shown: D, next: Partial<D>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(next)) {
    const before = (shown as Record<string, unknown>)[name];
    if (same(before, value)) {
      continue;
    }
    if (isKeyed(before) && isKeyed(value) && before.length > 0 && keepsOrder(before, value)) {
      value.forEach((row, index) => {
        if (!same(before[index], row)) {
          found[`${name}[${String(index)}]`] = row;
        }
      });
    } else {
      found[name] = value;
    }
  }
  return found;
}

/** Every row that was there is still at its place; new ones only behind. */
const keepsOrder = (before: readonly Keyed[], next: readonly Keyed[]) =>
  next.length >= before.length && before.every(({ key }, index) => next[index]?.key === key);
