/** `npm run bench [names]`: the benchmarks one after the other, each in a process of its own, bounded in time. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ALL = ['path', 'cluster', 'idle', 'rest', 'scale', 'export', 'listing'];
const WITHIN_MS = 20 * 60_000;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !ALL.includes(name));
if (unknown.length) {
  process.stderr.write(`No such benchmark: ${unknown.join(', ')}. There are: ${ALL.join(', ')}.\n`);
  process.exit(1);
}
const failed = (asked.length ? asked : ALL).filter((name) => {
  const file = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  return spawnSync(process.execPath, [file], { stdio: 'inherit', timeout: WITHIN_MS }).status !== 0;
});
if (failed.length) process.stderr.write(`did not come to their end: ${failed.join(', ')}\n`);
process.exitCode = failed.length ? 1 : 0;
