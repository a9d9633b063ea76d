/** Lint, types and format: what `npm test` asks of the sources themselves, beside the fast tests. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const CHECK_WITHIN_MS = 10 * 60_000;

/** The checks of this checkout as `{ name, args }`, args for Node. */
export function checksOf(root) {
  const bin = (...parts) => join(root, 'node_modules', ...parts);
  const tsc = bin('typescript', 'bin', 'tsc');
  const checks = [
    { name: 'types', args: [tsc, '--noEmit'] },
    { name: 'lint', args: [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'] },
    { name: 'format', args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '.'] },
  ];
  if (existsSync(join(root, 'web', 'tsconfig.json'))) {
    checks.splice(1, 0, { name: 'types of the web', args: [tsc, '--noEmit', '-p', 'web'] });
  }
  return checks;
}

/** Runs them one after another and reports each by `done(name, ok, output)`. One at a time: the tests run beside. */
export async function runChecks(root, runCommand, env, done) {
  for (const { name, args } of checksOf(root)) {
    const { code, output } = await runCommand(process.execPath, args, {
      cwd: root,
      env,
      timeoutMs: CHECK_WITHIN_MS,
    });
    done(name, code === 0, output);
  }
}
