/** A Chromium for the browser tests: found by path, else (as root on a Debian-like system) installed with apt. */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const APT_WITHIN_MS = 10 * 60_000;

/** Answers `{ path }`, or `{ reason }` when there is none and none could be installed. */
export async function findChromium({ vars, findOnPath, run, progress, isRoot }) {
  const present = lookUp(vars, findOnPath);
  if (present) return { path: present };
  const apt = findOnPath('apt-get');
  if (!apt || !isRoot)
    return { reason: 'no Chromium on PATH (install the package "chromium", or set CHROMIUM)' };
  const failure = await progress('installing Chromium with apt-get', () => installWithApt(run, apt, vars));
  const path = lookUp(vars, findOnPath);
  return path
    ? { path }
    : { reason: `apt-get could not install Chromium: ${failure ?? 'it is still not on PATH'}` };
}

function lookUp(vars, findOnPath) {
  return vars.CHROMIUM || NAMES.map((name) => findOnPath(name)).find(Boolean) || null;
}

async function installWithApt(run, apt, vars) {
  const env = { ...vars, DEBIAN_FRONTEND: 'noninteractive' };
  const packages = ['chromium', 'fonts-noto-cjk'];
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { code, output } = await run(apt, args, { env, timeoutMs: APT_WITHIN_MS });
    if (code !== 0) return output.trim().split('\n').at(-1);
  }
  return null;
}
