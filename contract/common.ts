/** Field shapes that several nouns share; contract-notes.md section 1 is the source of the leniency. */
import { z } from 'zod';

/** "" and null in an optional documented field mean that it was left out. */
export const blankAsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional());

/** Any string may name an id: one of another form is simply unknown (-4), never a malformed request. */
export const id = z
  .union([z.string().min(1).max(64), z.number().int().nonnegative().transform(String)])
  .describe('Identifier; 24 hex digits where we made it');

/** A number that documented clients send as number or as digit string. */
export const lenientNumber = z.preprocess(
  (value) => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value),
  z.number(),
);

/** Epoch milliseconds, as number or digit string. */
export const epochMs = lenientNumber
  .pipe(z.number().int().min(0).max(8_640_000_000_000))
  .describe('Epoch milliseconds');

/** Page number: 0, 1, empty and left out all mean the first page. */
export const page = z
  .preprocess(
    (value) => (value === '' || value === null || value === undefined ? 1 : value),
    lenientNumber.pipe(z.number().int().min(0).max(1_000_000)),
  )
  .transform((value) => Math.max(1, value))
  .describe('Page, 1 is the first (0 and empty too)');

/** Page size; over 200 is cut, never refused. */
export const size = (standard: number) =>
  z
    .preprocess(
      (value) => (value === '' || value === null || value === undefined ? standard : value),
      lenientNumber.pipe(z.number().int().min(0)),
    )
    .transform((value) => (value === 0 ? standard : Math.min(200, value)))
    .describe(`Rows a page, ${String(standard)} when left out, at most 200`);

/** A staff password as the documents send it: MD5 in hex, either case; kept lower-case. */
export const passwordMd5 = z
  .string()
  .regex(/^[0-9a-fA-F]{32}$/, '密码需要以MD5（32位十六进制）传输')
  .transform((value) => value.toLowerCase())
  .describe('MD5 of the password, 32 hex digits, either case');

/** Text people typed: no control characters but line breaks and tabs, no lone surrogates. */
export const humanText = (max: number) =>
  z
    .string()
    .max(max)
    // eslint-disable-next-line no-control-regex -- naming the control characters is the point
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, '含有不可见的控制字符')
    .refine((value) => value.isWellFormed(), '含有残缺的字符');

/** Which institution an administrator's call is about, the caller's own when left out. */
export const otherInstitution = z
  .string()
  .min(1)
  .max(64)
  .optional()
  .describe('Another than one’s own: system admins only');

/** An answer of a paged listing on the hotline dialect. */
export interface Listing<T> {
  rows: T[];
  count: number;
  /** The number of the next page, null on the last. */
  next: number | null;
}
