/**
 * `npm run races`: the long form of what happens at once. 500 rounds of each race over two nodes (T3), 300 histories
 * judged for linearizability (T5), 1 000 waits under an oracle (T7).
 *
 *   npm run races -- --rounds 100 --seed 1   fewer rounds, a known seed
 *   npm run races -- --only linear           races, linear or liveness alone
 *   npm run races -- --into FOLDER           adds to what an earlier start left there
 */
import { prove, readOptions } from './lib/proof.mjs';

const options = readOptions(process.argv.slice(2));
await prove(
  'races',
  [
    {
      file: 'test/chaos/races.test.ts',
      times: Number(options.runs ?? 5),
      env: { RACE_ROUNDS: options.rounds ?? '100' },
    },
    { file: 'test/chaos/linear.test.ts', env: { LINEAR_HISTORIES: options.histories ?? '150' } },
    { file: 'test/chaos/liveness.test.ts', env: { LIVENESS_WAITS: options.waits ?? '1000' } },
  ],
  options,
);
