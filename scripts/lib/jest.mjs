/** One jest run of `npm test`: a project of test/jest.config.mjs, with its report. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './files.mjs';
import { signal } from './processes.mjs';

const EXITS_WITHIN_MS = 30_000;

/** The runs, in their order. The fast one has both cores, which its databases want too; the others start processes of their own. */
export const RUNS = [
  { name: 'fast', workers: 2, withinMs: 40 * 60_000 },
  { name: 'e2e', workers: 1, withinMs: 15 * 60_000 },
  { name: 'chaos', workers: 1, withinMs: 25 * 60_000 },
];

/**
 * Runs it with its output passed through; answers jest's JSON report (null if jest never wrote one) and whether jest
 * came to its end: what a test leaves open would otherwise keep the whole run waiting until its time is up.
 */
export async function runJest(root, { run, runCommand, env, extra, folder }) {
  const file = join(folder, `${run.name}.json`);
  rmSync(file, { force: true });
  const options = [...['--json', `--outputFile=${file}`, '--passWithNoTests'], `--maxWorkers=${run.workers}`];
  let hung = false;
  let timer;
  const onSpawn = (child) => {
    let reported = 0;
    timer = setInterval(() => {
      if (!reported && existsSync(file)) reported = Date.now();
      if (!reported || Date.now() - reported < EXITS_WITHIN_MS) return;
      hung = true;
      signal(-child.pid, 'SIGKILL');
    }, 1_000);
  };
  await runCommand(process.execPath, [...jestArgs(root, run), ...options, ...extra], {
    cwd: root,
    env,
    passThrough: true,
    timeoutMs: run.withinMs,
    onSpawn,
  });
  clearInterval(timer);
  return { report: readJson(file), hung };
}

/** The files that this run would take, by jest's own rules. */
export async function listTests(root, { run, runCommand, env, extra }) {
  const { output } = await runCommand(process.execPath, [...jestArgs(root, run), '--listTests', ...extra], {
    cwd: root,
    env,
  });
  return output.split('\n').filter((line) => /\.test\.tsx?$/.test(line.trim()));
}

function jestArgs(root, run) {
  return [
    ...['--experimental-vm-modules', ...quiet()],
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...['-c', join('test', 'jest.config.mjs'), '--selectProjects', run.name],
  ];
}

/** Without it every worker warns that ES modules in jest are an experiment. Older Nodes don't know the option. */
function quiet() {
  const option = '--disable-warning';
  return process.allowedNodeEnvironmentFlags.has(option) ? [`${option}=ExperimentalWarning`] : [];
}
