/** `npm run build`: builds server and web into dist/, each only if what goes into it changed. */
import { fileURLToPath } from 'node:url';
import { build } from './lib/build.mjs';
import { checkNode } from './lib/node-check.mjs';
import { run } from './lib/processes.mjs';
import { describe } from './lib/refusal.mjs';
import { say, step } from './lib/say.mjs';

try {
  checkNode();
  const built = await build(fileURLToPath(new URL('..', import.meta.url)), {
    runCommand: run,
    progress: step,
  });
  if (!built.length) say('nothing changed since the last build');
} catch (err) {
  process.stderr.write(`${describe(err)}\n`);
  process.exitCode = 1;
}
