/** Programs from PyPI, put into the tool folder that start and test share. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from './files.mjs';
import { atLeast } from './ladder.mjs';
import { withLock } from './lock.mjs';

const NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
const INSTALL_WITHIN_MS = 5 * 60_000;
const INSTALLED = '.installed.json';

/** The first Python on PATH that is new enough, as `{ command, version }`; else null, with the reason noted. */
export async function findPython(env, least) {
  const tooOld = [];
  for (const command of NAMES.map((name) => env.findOnPath(name)).filter(Boolean)) {
    const { output } = await env.run(command, ['--version'], { timeoutMs: 10_000 });
    const version = /Python (\d+\.\d+\.\d+)/.exec(output)?.[1];
    if (version && atLeast(version, least)) return { command, version };
    if (version) tooOld.push(version);
  }
  env.why(
    tooOld.length ? `Python ${tooOld[0]} is too old (${least} or newer is needed)` : 'no Python 3 on PATH',
  );
  return null;
}

/**
 * Makes `folder` hold a package by the steps `install(folder)`, once: a note written last tells a finished one from
 * one that was interrupted, and names the Python it was made with (an upgraded Python breaks what it made).
 * Start and test may come at the same time, hence the lock. Answers null, with the reason noted, if it fails.
 */
export async function installedOnce(env, { name, folder, python, install }) {
  return withLock(`${folder}.lock`, INSTALL_WITHIN_MS, async () => {
    if (isInstalled(folder, python)) return folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const failure = await env.progress(`fetching ${name} from PyPI into the tool folder`, () =>
      install(folder),
    );
    if (failure) {
      rmSync(folder, { recursive: true, force: true });
      env.why(`${name} could not be installed: ${failure}`);
      return null;
    }
    writeJson(join(folder, INSTALLED), { name, python: python.version });
    return folder;
  });
}

function isInstalled(folder, python) {
  return existsSync(folder) && readJson(join(folder, INSTALLED))?.python === python.version;
}

/** Runs pip; answers null, or the last line of what went wrong. */
export async function pip(env, command, args) {
  const common = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--only-binary=:all:'];
  const { code, output } = await env.run(command, [...common, ...args], { timeoutMs: INSTALL_WITHIN_MS });
  return code === 0 ? null : (lastLine(output) ?? `pip ended with ${code}`);
}

function lastLine(output) {
  return output
    .trim()
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('WARNING'))
    .at(-1);
}
