/**
 * `npm run planted`: proves that the tests can fail (T15). Copies the tree, plants one bug of scripts/lib/mutants.mjs
 * at a time and runs the test that must notice it; a bug that nobody notices is a failure.
 *
 *   npm run planted -- --only fence    those whose name holds the word
 *   npm run planted -- --into FOLDER   goes on where an earlier start stopped
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { MUTANTS } from './lib/mutants.mjs';
import { folderFor, printTable, readOptions, root, runTests } from './lib/proof.mjs';

const LEFT_OUT = new Set(['node_modules', '.git', '.data', 'coverage']);
const options = readOptions(process.argv.slice(2));
const folder = folderFor('planted', options);
const copy = join(mkdtempSync(join(tmpdir(), 'hotline-planted-')), 'tree');
process.on('exit', () => rmSync(join(copy, '..'), { recursive: true, force: true }));
cpSync(root, copy, { recursive: true, filter: (from) => !LEFT_OUT.has(basename(from)) });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

const resultOf = ({ name }) => join(folder, `T15-${name.replace(/\W+/g, '-')}.json`);
const wanted = MUTANTS.filter(({ name }) => name.includes(options.only ?? ''));
// Cheap ones first, so that a run that is broken off has said most.
wanted.sort((a, b) => Number('env' in a.caught) - Number('env' in b.caught));
for (const mutant of wanted.filter((each) => !options.into || !existsSync(resultOf(each)))) {
  const originals = mutant.edits.map(({ file }) => [file, readFileSync(join(copy, file), 'utf8')]);
  for (const { file, from, to } of mutant.edits) {
    const text = readFileSync(join(copy, file), 'utf8');
    if (text.split(from).length !== 2) throw new Error(`${mutant.name}: ${file} has changed`);
    writeFileSync(
      join(copy, file),
      text.replace(from, () => to),
    );
  }
  const { file, test, env } = mutant.caught;
  const begun = Date.now();
  const { ok, output } = await runTests(
    file,
    { ...env, PROOF_DIR: undefined },
    { cwd: copy, test, quiet: true },
  );
  for (const [name, text] of originals) writeFileSync(join(copy, name), text);
  // Red is not enough: the named test itself must have said no.
  const caught = !ok && output.split('\n').some((line) => /[✕●]/.test(line) && line.includes(test));
  const took = Math.round((Date.now() - begun) / 1000);
  process.stdout.write(
    `${caught ? '✓ caught' : '✗ NOT CAUGHT'}  ${mutant.name} (${mutant.promise}, ${took} s)\n`,
  );
  if (!caught) process.stdout.write(`${output.slice(-3_000)}\n`);
  writeFileSync(
    resultOf(mutant),
    JSON.stringify({
      test: 'T15-planted',
      seed: 0,
      engines: '-',
      counts: { planted: 1, caught: caught ? 1 : 0 },
      violations: caught ? [] : [`not caught: ${mutant.name}`],
    }),
  );
}
process.exitCode = printTable(folder) ? 0 : 1;
