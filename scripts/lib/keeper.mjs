/** The bootstrap's side of the keeper (keeper-process.mjs), and clearing up after a keeper that was killed. */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson } from './files.mjs';
import { isAlive, noteOf, signal, until } from './processes.mjs';

const PROGRAM = fileURLToPath(new URL('./keeper-process.mjs', import.meta.url));
const noteIn = (data) => join(data, 'keeper.json');

/**
 * Opens a keeper for one data folder. It emits `restarted {name, pid}` when a server died and runs again, and
 * `exited {name, why}` when one ended before `keep`. If the keeper itself is killed, its servers are ended and
 * a new keeper starts them again.
 */
export function openKeeper(data) {
  const events = new EventEmitter();
  const kept = new Map();
  const guarded = new Set();
  let closing = false;
  let child = forkKeeper();

  return { events, start, keep, stop, kill, guard, close };

  function forkKeeper() {
    const forked = fork(PROGRAM, [noteIn(data)], {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    forked.on('message', hear);
    forked.once('exit', () => !closing && replaceKeeper());
    forked.on('error', () => {});
    return forked;
  }

  function hear(message) {
    const server = kept.get(message.name);
    if (message.type === 'started' && server) server.note = noteOf(message.pid);
    if (message.type === 'started' && message.again) events.emit('restarted', message);
    events.emit(`${message.type}:${message.name}`, message);
  }

  function replaceKeeper() {
    const orphans = [...kept.values()].map((server) => server.note);
    for (const orphan of orphans.filter(isAlive)) signal(orphan.pid, 'SIGKILL');
    child = forkKeeper();
    for (const pid of guarded) send({ type: 'guard', pid });
    for (const [name, server] of kept) {
      send({ type: 'start', name, spec: server.spec });
      if (server.keep) send({ type: 'keep', name });
      events.once(`started:${name}`, ({ pid }) => events.emit('restarted', { name, pid }));
    }
  }

  function send(message) {
    if (child.connected) child.send(message, () => {});
  }

  /** Starts a server and answers its pid; it is not started again before `keep`. Throws if it can't be run. */
  function start(name, spec) {
    kept.set(name, { spec, keep: false, note: null });
    send({ type: 'start', name, spec });
    return new Promise((resolve, reject) => {
      const settle = (message) => {
        events.off(`started:${name}`, settle);
        events.off(`exited:${name}`, settle);
        if (message.type === 'started') return resolve(message.pid);
        kept.delete(name);
        reject(new Error(`${spec.command} could not be run: ${message.why}`));
      };
      events.on(`started:${name}`, settle);
      events.on(`exited:${name}`, settle);
    });
  }

  /** From now on the server is started again whenever it dies. */
  function keep(name) {
    kept.get(name).keep = true;
    send({ type: 'keep', name });
  }

  function stop(name) {
    kept.delete(name);
    return new Promise((resolve) => {
      events.once(`stopped:${name}`, resolve);
      send({ type: 'stop', name });
    });
  }

  /** Ends a server that answers nothing any more; being kept, it comes back. */
  function kill(name) {
    send({ type: 'kill', name });
  }

  /** This child (and its process group) must not outlive the bootstrap. It has to lead its own group. */
  function guard(guardedChild) {
    const { pid } = guardedChild;
    guarded.add(pid);
    send({ type: 'guard', pid });
    guardedChild.once('exit', () => {
      guarded.delete(pid);
      send({ type: 'unguard', pid });
    });
  }

  /** Ends the guarded processes, then the servers, then the keeper. */
  function close() {
    closing = true;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', resolve);
      send({ type: 'end' });
    });
  }
}

/**
 * Waits for what an earlier start of this data folder still has running (its keeper is ending it), then ends by
 * force what is left: servers whose keeper was killed too would otherwise hold the data folder for ever.
 * The caller holds the folder's lock. Answers how many had to be killed.
 */
export async function endLeftovers(data, waitMs = 15_000) {
  const noted = readJson(noteIn(data));
  if (!noted) return 0;
  const all = () => [noted.keeper, ...noted.guarded, ...noted.servers].filter(isAlive);
  // With the keeper gone nobody is ending them, so there is nothing to wait for.
  await until(() => !isAlive(noted.keeper), waitMs);
  const left = all();
  for (const { pid } of left) signal(pid, 'SIGKILL');
  await until(() => all().length === 0, waitMs);
  rmSync(noteIn(data), { force: true });
  return left.length;
}
