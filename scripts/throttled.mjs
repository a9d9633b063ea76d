/**
 * `npm run throttled`: the visitor's journey on a weak network (400 ms there and back, 400 kbit/s, 5 % loss) ten times,
 * each with a talk of forty lines during which the connection breaks four times. The median from the link to the
 * first acknowledged message must be under eight seconds, and no line may be lost, doubled or out of order.
 *
 *   npm run throttled -- --journeys 3 --limit 8000   fewer of them, another limit in milliseconds
 */
import { readOptions, runTests } from './lib/proof.mjs';

const options = readOptions(process.argv.slice(2));
const { ok } = await runTests('test/e2e/throttled.test.ts', {
  THROTTLED_JOURNEYS: options.journeys ?? '10',
  THROTTLED_LINES: '20',
  THROTTLED_BREAKS: '4',
  THROTTLED_LIMIT_MS: options.limit ?? '8000',
});
process.exitCode = ok ? 0 : 1;
