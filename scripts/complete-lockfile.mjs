/**
 * `node scripts/complete-lockfile.mjs`, after every `npm install <package>`.
 *
 * Packages with native parts name one optional package for each platform. A registry mirror that carries only some
 * platforms makes npm write a lock file without the others, and `npm ci` then refuses that lock file everywhere
 * ("Missing: @swc/core-darwin-arm64@ from lock file"). This adds the missing entries, with the platform that their
 * name tells, so that they are skipped where they don't belong and fetched where they do. `--check` only looks.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { completeLockfile } from './lib/lockfile.mjs';

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = completeLockfile(lock);
for (const name of added) console.log(`not in package-lock.json: ${name}`);
if (process.argv.includes('--check')) process.exitCode = added.length ? 1 : 0;
else if (added.length) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
