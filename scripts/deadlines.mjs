/**
 * `npm run deadlines`: T8 in full. 1 008 deadlines under time travel in four runs, 32 restarts, a Redis emptied as
 * often, jobs that come early, late and twice, a clock set back an hour again and again and on by a day. It stops by
 * itself.
 *
 *   npm run deadlines -- --deadlines 90 --runs 1 --seed 1   fewer of them, a known seed
 *   npm run deadlines -- --into FOLDER                      adds to what an earlier start left there
 */
import { prove, readOptions } from './lib/proof.mjs';

const options = readOptions(process.argv.slice(2));
await prove(
  'deadlines',
  [
    {
      file: 'test/chaos/deadlines.test.ts',
      times: Number(options.runs ?? 4),
      env: { DEADLINES: options.deadlines ?? '252' },
    },
  ],
  options,
);
