/**
 * `npm run exports`: the long form of T9. 50 exports, each of whose workers is killed five times in a row at random
 * moments, and one that was paused past its lease: each ends whole, and no part of any could be fetched.
 *
 *   npm run exports -- --rounds 10
 */
import { readOptions, runTests } from './lib/proof.mjs';

const { rounds = '50' } = readOptions(process.argv.slice(2));
const { ok } = await runTests('test/chaos/export.test.ts', { EXPORT_ROUNDS: rounds });
process.exitCode = ok ? 0 : 1;
