/**
 * `npm run chaos`: the long form of the fault tests. Two servers, a worker, database and Redis of its own, a proxy on
 * every link; 200 faults of 12 kinds (T1), deaths at every durable step (T2), 4 × 200 reconnections (T6).
 *
 *   npm run chaos -- --faults 40 --runs 5 --seed 1   pieces of T1 and their first seed
 *   npm run chaos -- --only crash                    chaos, crash or gap alone
 *   npm run chaos -- --into FOLDER                   adds to what an earlier start left there
 */
import { prove, readOptions } from './lib/proof.mjs';

const options = readOptions(process.argv.slice(2));
const runs = Number(options.runs ?? 5);
const faults = Number(options.faults ?? Math.ceil(204 / runs));
await prove(
  'chaos',
  [
    {
      file: 'test/chaos/chaos.test.ts',
      times: runs,
      env: {
        CHAOS_FAULTS: String(faults),
        CHAOS_CONVERSATIONS: options.conversations ?? '40',
        CHAOS_PAUSE_MS: '900',
      },
    },
    { file: 'test/chaos/crash.test.ts', env: { CRASH_POINTS: '100', CRASH_KILLS: options.kills ?? '5' } },
    {
      file: 'test/chaos/gap.test.ts',
      env: { GAP_RECONNECTIONS: options.reconnections ?? '200', GAP_PER_SECOND: '100' },
    },
  ],
  options,
);
