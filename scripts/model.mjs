/**
 * `npm run model`: the long form of the models (T4). Every interleaving of the assignment protocol's scenes, 5 000
 * schedules of chance, 20 000 runs of the sequential model, 200 × 40 commands on the real stack compared with it.
 *
 *   npm run model -- --real 20 --seed 1   fewer runs on the real stack, a known seed
 *   npm run model -- --into FOLDER        adds to what an earlier start left there
 */
import { prove, readOptions } from './lib/proof.mjs';

const options = readOptions(process.argv.slice(2));
await prove(
  'model',
  [
    {
      file: 'test/chaos/model.test.ts',
      times: Number(options.runs ?? 1),
      env: {
        MODEL_RUNS: options.pure ?? '20000',
        MODEL_SCHEDULES: options.schedules ?? '5000',
        MODEL_REAL_RUNS: options.real ?? '200',
        MODEL_REAL_COMMANDS: '40',
      },
    },
  ],
  options,
);
