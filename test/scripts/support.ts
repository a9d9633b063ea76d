/** What the tests of the bootstrap share: temporary folders, processes to watch, a ladder env to fill in. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { ladderEnv, type LadderEnv, type Rung } from '../../scripts/lib/ladder.mjs';
import { findOnPath, run, until } from '../../scripts/lib/processes.mjs';
import { tryRedisOnPath, tryValkeylite } from '../../scripts/lib/redis-rungs.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ran {
  code: number;
  output: string;
}

const folders: string[] = [];
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-scripts-'));
  folders.push(folder);
  return folder;
}

/** A real process that is ended after the file's tests, whatever happens. */
export function start(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

/** A process that lives until it is killed. */
export function sleeper(): ChildProcess & { pid: number } {
  const child = start(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  if (!child.pid) throw new Error('could not start a process');
  return child as ChildProcess & { pid: number };
}

/** Waits until `done()` holds; fails the test by throwing when it never does. */
export async function eventually(what: string, done: () => unknown, withinMs = 20_000): Promise<void> {
  const inTime = await until(done, withinMs);
  if (!inTime) throw new Error(`${what}: not within ${withinMs} ms`);
}

/** Programs that a rung finds on its PATH, and what each answers. */
export interface FakeMachine {
  programs?: Record<string, string>;
  vars?: Record<string, string>;
  answer?: (command: string, args: string[]) => Ran | undefined;
  data?: string;
  tools?: string;
}

/** A ladder env in which nothing but the given programs exists; `calls` notes what was run. */
export function fakeEnv(machine: FakeMachine): LadderEnv & { calls: string[] } {
  const calls: string[] = [];
  const programs = machine.programs ?? {};
  const env = ladderEnv({
    vars: machine.vars ?? {},
    data: machine.data ?? '/data',
    tools: machine.tools ?? '/tools',
    findOnPath: (name: string) => (name in programs ? `/bin/${name}` : null),
    run: (command: string, args: string[]): Promise<Ran> => {
      calls.push([command, ...args].join(' '));
      const known = programs[command.replace('/bin/', '')];
      const answer = machine.answer?.(command, args);
      return Promise.resolve(answer ?? (known ? { code: 0, output: known } : { code: -1, output: 'ENOENT' }));
    },
    progress: (_title: string, work: () => unknown) => work(),
  });
  return Object.assign(env, { calls });
}

/** A ladder env on this very machine, with the tool folder that npm test shares. */
export function realEnv(data: string, vars: Record<string, string | undefined> = process.env): LadderEnv {
  return ladderEnv({
    vars,
    data,
    tools: process.env['HOTLINE_TOOLS'] ?? join(root, '.data', 'tools'),
    findOnPath,
    run,
    progress: (_title: string, work: () => unknown) => work(),
  });
}

/** The Redis that this machine has, as a rung. */
export async function realRedisRung(data: string): Promise<Rung> {
  const env = realEnv(data);
  const rung = (await tryRedisOnPath(env)) ?? (await tryValkeylite(env));
  if (!rung) throw new Error(`no Redis to test with: ${env.reasons.join('; ')}`);
  return rung;
}
