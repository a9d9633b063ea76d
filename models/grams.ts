/**
 * Grams: the one- and two-character pieces of a name in an indexed array beside it, by which a fuzzy filter reads
 * only rows that may match (design.md, "Search and filters"). They choose candidates, `contains` decides: a piece
 * too many costs a read, one too few would lose a row, so folding joins at least what a caseless pattern joins.
 *
 * A plugin and not a line in every writer: one that forgot it would make people unfindable, and nobody would see it.
 */
import type { Schema } from 'mongoose';

/** By code points, so that an emoji and a rare Chinese character are one. Longer foldings (ß → ss) count by their first. */
function folded(text: string): string[] {
  const first = (pieces: string) => String.fromCodePoint(pieces.codePointAt(0) ?? 0);
  return Array.from(text, (char) => first(first(first(char.toLowerCase()).toUpperCase()).toLowerCase()));
}

const pairs = (chars: string[]): string[] =>
  chars.slice(1).map((char, index) => `${chars[index] ?? ''}${char}`);

/** What is stored. Of no name it is one empty piece: an empty array would look like a row not yet done. */
export function gramsOf(text: string | null | undefined): string[] {
  const chars = folded(text ?? '');
  return chars.length === 0 ? [''] : [...new Set([...chars, ...pairs(chars)])];
}

/** What a row must have to contain the text: all pairs, or the only character; nothing for an empty text. */
export function gramsWithin(text: string): string[] {
  const chars = folded(text);
  return [...new Set(chars.length === 1 ? chars : pairs(chars))];
}

export const gramsField = (field: string): string => `${field}Grams`;

type Update = Record<string, unknown>;
interface Query {
  getUpdate(): unknown;
  setUpdate(update: never): void;
}
interface Row {
  get(path: string): unknown;
  set(path: string, value: unknown): void;
  isModified(path: string): boolean;
}

/**
 * Keeps `<field>Grams` with every insert and update that goes through the model; writes below the model bring their
 * own, or wait for the next migration.
 * @throws Error for an update by pipeline that sets such a field
 */
export function withGrams(schema: Schema, ...fields: string[]): void {
  for (const field of fields) {
    const grams = gramsField(field);
    schema.add({
      [grams]: {
        type: [String],
        select: false,
        default(this: Row | null) {
          return gramsOf(this?.get(field) as string | null | undefined);
        },
      },
    });
    // The pieces first: the same index then serves one institution and all of them.
    schema.index({ [grams]: 1, institution: 1 });
    schema.pre('save', function (this: Row) {
      if (this.isModified(field)) this.set(grams, gramsOf(this.get(field) as string | null));
    } as never);
    schema.pre(['updateOne', 'updateMany', 'findOneAndUpdate'], function (this: Query) {
      const update = this.getUpdate() as Update | Update[] | null;
      const given = update === null ? undefined : valueIn(update, field);
      if (given === undefined) return;
      const $set = (update as { $set?: object }).$set;
      this.setUpdate({ ...update, $set: { ...$set, [grams]: gramsOf(given) } } as never);
    });
  }
}

/** What an update makes of a field; undefined = it leaves it alone. */
function valueIn(update: Update | Update[], field: string): string | null | undefined {
  const named = (part: unknown) => typeof part === 'object' && part !== null && field in part;
  if (Array.isArray(update)) {
    if (update.some((stage) => Object.values(stage).some(named)))
      throw new Error(`${field} is not set by a pipeline: its grams would stay behind`);
    return undefined;
  }
  if (named(update['$unset'])) return null;
  for (const part of [update['$set'], update])
    if (named(part)) return (part as Update)[field] as string | null;
  return undefined;
}
