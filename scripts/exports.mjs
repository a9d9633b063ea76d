/**
 * `npm run exports`: T9 in full. 50 exports in five runs, each of whose workers is killed five times in a row at
 * random moments, and in each run one that was paused past its lease: each export ends whole, and no part of any could
 * be fetched. It stops by itself.
 *
 *   npm run exports -- --rounds 2 --runs 1 --seed 1   fewer of them, a known seed
 *   npm run exports -- --into FOLDER                  adds to what an earlier start left there
 */
import { prove, readOptions } from './lib/proof.mjs';

const options = readOptions(process.argv.slice(2));
await prove(
  'exports',
  [
    {
      file: 'test/chaos/export.test.ts',
      times: Number(options.runs ?? 5),
      env: { EXPORT_ROUNDS: options.rounds ?? '10' },
    },
  ],
  options,
);
