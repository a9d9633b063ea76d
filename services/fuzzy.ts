/** Fuzzy filters on names: pieces that an index knows choose the candidates, the pattern decides. */
import { gramsField, gramsWithin } from '../models/grams.js';
import { contains } from '../platform/mongo.js';

type Found<Field extends string> = Record<Field, ReturnType<typeof contains>> &
  Partial<Record<`${Field}Grams`, { $all: string[] }>>;

/** @param field one of those that the model keeps grams of (models/grams.ts) */
export function named<Field extends 'name' | 'visitorName' | 'counselorName'>(
  field: Field,
  text: string | undefined,
): Found<Field> | Record<string, never> {
  if (text === undefined) return {};
  const grams = gramsWithin(text);
  const found = {
    [field]: contains(text),
    ...(grams.length > 0 && { [gramsField(field)]: { $all: grams } }),
  };
  return found as Found<Field>;
}
