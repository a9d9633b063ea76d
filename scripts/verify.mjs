/**
 * `npm run verify -- <file> [proof.json] [--keys seal-keys.json]`: whether an export is as it was made; see
 * bin/verify.ts. Needs the built server code, no database.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';

const built = fileURLToPath(new URL('../dist/bin/verify.js', import.meta.url));
if (!existsSync(built)) {
  process.stderr.write('dist/bin/verify.js is missing: run npm run build first\n');
  process.exitCode = 2;
} else {
  const { status } = spawnSync(process.execPath, [built, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 2;
}
