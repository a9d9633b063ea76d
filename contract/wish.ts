/** What a visitor would like of a counselor, and what counselors are listed for (ours): a wish, never a condition. */
import { z } from 'zod';
import { answer } from './answer.js';
import { humanText, id } from './common.js';

const word = humanText(20).trim().min(1);
const words = z
  .array(word)
  .max(12)
  .refine((all) => new Set(all).size === all.length, '同一项只填一次');
const wished = word.nullable().default(null);

export const ReadWish = z.strictObject({ id: id.describe('The conversation') }).meta({ id: 'ReadWish' });
export const SetWish = z
  .strictObject({
    id: id.describe('The conversation'),
    skill: wished.describe('A field of work; null = no wish'),
    language: wished.describe('A language or dialect; null = no wish'),
    gender: wished.describe('Of the counselor; null = no wish'),
  })
  .meta({ id: 'SetWish' });
export type SetWish = z.infer<typeof SetWish>;

const choice = (what: string) => z.array(z.string()).describe(what);
const chosen = (what: string) => z.string().nullable().describe(`${what}; null = no wish`);

/** Only what some counselor of the institution is listed for: a wish that nobody could fulfil is not offered. */
export const Wish = answer('Wish', {
  skills: choice('Fields of work to choose from'),
  languages: choice('Languages and dialects to choose from'),
  genders: choice('Genders to choose from'),
  skill: chosen('The field that was wished for'),
  language: chosen('The language that was wished for'),
  gender: chosen('The gender that was wished for'),
});
export type Wish = z.infer<typeof Wish>;

export const ReadStrengths = z
  .strictObject({ id: id.describe('The counselor') })
  .meta({ id: 'ReadStrengths' });
export const SetStrengths = z
  .strictObject({
    id: id.describe('The counselor'),
    skills: words.describe('Fields of work'),
    languages: words.describe('Languages and dialects'),
  })
  .meta({ id: 'SetStrengths' });
export type SetStrengths = z.infer<typeof SetStrengths>;

export const Strengths = answer('Strengths', {
  skills: z.array(z.string()).describe('Fields of work'),
  languages: z.array(z.string()).describe('Languages and dialects'),
});
export type Strengths = z.infer<typeof Strengths>;
