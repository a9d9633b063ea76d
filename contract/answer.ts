/**
 * What answers are made of. An answer is a strict zod object beside its input: it types the presenters, becomes the
 * OpenAPI schema, and the contract tests hold every real answer to it. Each field says what it is, and its unit.
 */
import { z } from 'zod';

export const text = (what: string) => z.string().describe(what);
export const maybeText = (what: string) => z.string().nullable().describe(what);
export const whole = (what: string) => z.int().describe(what);
export const maybeWhole = (what: string) => z.int().nullable().describe(what);
export const flag = (what: string) => z.boolean().describe(what);
/** A point in time on the hotline API. */
export const moment = (what: string) => z.int().describe(`${what}; epoch milliseconds`);
export const maybeMoment = (what: string) => z.int().nullable().describe(`${what}; epoch milliseconds`);
/** Documented, and never anything else. */
export const always = (value: null, what: string) => z.literal(value).describe(what);

/** An answer with a name of its own: one schema in the description, however often it is told. */
export const answer = <Shape extends z.ZodRawShape>(id: string, shape: Shape) =>
  z.strictObject(shape).meta({ id });

/** What most writes of the first document answer. */
export const Ok = z.literal('ok').describe('Done');
