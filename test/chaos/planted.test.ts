/** T15 in its short form: every bug that `npm run planted` plants still has its place, and its test its name. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { MUTANTS } from '../../scripts/lib/mutants.mjs';

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

test('there are at least fifteen', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(15);
});

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s', (_name, mutant) => {
  for (const { file, from, to } of mutant.edits) {
    expect([file, from, read(file).split(from).length - 1]).toEqual([file, from, 1]);
    expect(to).not.toBe(from);
  }
  expect(read(mutant.caught.file)).toContain(mutant.caught.test);
});
