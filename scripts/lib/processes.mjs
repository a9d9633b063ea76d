/** Other processes: who they are, whether they still live, running one to its end, ending a group. */
import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const OUTPUT_KEPT = 20_000;

/**
 * What tells this process from a later one with the same pid: its start time (with the boot it belongs to).
 * Null if there is no such process; a zombie counts as gone, since nobody may ever collect it in a container.
 */
export function identityOf(pid) {
  return process.platform === 'linux' ? linuxIdentity(pid) : psIdentity(pid);
}

function linuxIdentity(pid) {
  const fields = statOf(pid);
  if (!fields || fields.state === 'Z' || fields.state === 'X') return null;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
  return `${boot}:${fields.started}`;
}

/** The parent's pid on Linux; 0 if there is no such process. */
export function parentOf(pid) {
  return Number(statOf(pid)?.parent ?? 0);
}

function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name (field 2) may hold spaces and brackets, so count from the last bracket: state is field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], parent: fields[1], started: fields[19] };
  } catch {
    return null;
  }
}

function psIdentity(pid) {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    const [state, ...start] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], options)
      .trim()
      .split(/\s+/);
    return state && !state.startsWith('Z') ? start.join(' ') : null;
  } catch {
    return null;
  }
}

/** Pid and identity of a process, as noted in files. */
export function noteOf(pid) {
  return { pid, identity: identityOf(pid) };
}

/** Whether the noted process still runs (and is not another one that got its pid). */
export function isAlive(note) {
  return Boolean(note?.pid && note.identity) && identityOf(note.pid) === note.identity;
}

/** Sends a signal to a process (or, with a negative pid, a group); one that is gone already is fine. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (err) {
    if (err.code !== 'ESRCH' && err.code !== 'EPERM') throw err;
  }
}

/** Polls until `done()` is true; false when the time is up. */
export async function until(done, withinMs, everyMs = 25) {
  const end = Date.now() + withinMs;
  while (!(await done())) {
    if (Date.now() >= end) return false;
    await delay(everyMs);
  }
  return true;
}

/** The full path of an executable on PATH, or null. */
export function findOnPath(name, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // not here
    }
  }
  return null;
}

/**
 * Runs a command to its end in its own process group (so that it can be ended whole, and Ctrl-C in the terminal
 * reaches only the bootstrap) and answers `{ code, output }`; never throws: a command that can't start has code -1.
 * `passThrough` shows its output instead of keeping it; `onSpawn(child)` lets the caller guard it.
 */
export function run(command, args, { cwd, env, timeoutMs, passThrough = false, onSpawn } = {}) {
  return new Promise((resolve) => {
    const stdio = passThrough ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env, stdio, detached: true });
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-OUTPUT_KEPT));
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    const timer = timeoutMs && setTimeout(() => signal(-child.pid, 'SIGKILL'), timeoutMs);
    child.once('error', (err) => finish(-1, err.message));
    child.once('close', (code) => finish(code ?? -1));
    if (child.pid) onSpawn?.(child);

    function finish(code, reason = '') {
      clearTimeout(timer);
      resolve({ code, output: output + reason });
    }
  });
}
