/**
 * The keeper: a small process between the bootstrap and the servers it started, in a session of its own, so that
 * Ctrl-C in the terminal does not reach the servers while the app still drains. It starts again what dies, and
 * when its channel to the bootstrap closes, however the bootstrap died, it ends everything: first the guarded
 * processes (the app), then the servers in the reverse order of their start (Redis, then the database).
 *
 * In:  start {name, spec} · keep {name} · stop {name} · kill {name} · guard {pid} · unguard {pid} · end
 * Out: started {name, pid, again} · exited {name, why} (a server that is not kept yet) · stopped {name}
 * argv[2]: the file in which it notes every process it answers for, so that the next start can clear up after a
 * keeper that was itself killed.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { writeJson } from './files.mjs';
import { identityOf, isAlive, noteOf, signal, until } from './processes.mjs';

const RESTART_AFTER_MS = [100, 1_000, 2_000, 5_000, 10_000];
const STEADY_AFTER_MS = 30_000;
const SERVER_ENDS_WITHIN_MS = 10_000;
const GUARDED_END_WITHIN_MS = 15_000;

const noteFile = process.argv[2];
const servers = new Map();
const guarded = new Map();
let ending = false;

const inbox = {
  start: ({ name, spec }) => startServer(name, spec),
  keep: ({ name }) => servers.has(name) && (servers.get(name).kept = true),
  stop: async ({ name }) => {
    await stopServer(servers.get(name));
    tell({ type: 'stopped', name });
  },
  kill: ({ name }) => servers.get(name)?.child?.kill('SIGKILL'),
  guard: ({ pid }) => guarded.set(pid, noteOf(pid)) && note(),
  unguard: ({ pid }) => guarded.delete(pid) && note(),
  end: () => end(),
};

process.on('message', (message) => inbox[message.type]?.(message));
process.on('disconnect', end);
process.on('SIGTERM', end);
for (const ignored of ['SIGINT', 'SIGHUP']) process.on(ignored, () => {});

function startServer(name, spec) {
  if (ending) return;
  const server = { name, spec, child: null, note: null, kept: false, stopping: false, falls: 0, timer: null };
  servers.set(name, server);
  launch(server, false);
}

function launch(server, again) {
  const log = openSync(server.spec.log, 'a', 0o600);
  const { command, args, env } = server.spec;
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
  closeSync(log);
  const begun = Date.now();
  Object.assign(server, { child, note: child.pid ? noteOf(child.pid) : null });
  child.once('error', (err) => fell(server, begun, err.message));
  child.once('exit', (code, name) => fell(server, begun, name ? `ended by ${name}` : `exit code ${code}`));
  note();
  if (child.pid) tell({ type: 'started', name: server.name, pid: child.pid, again });
}

/** A server is gone: by our wish (nothing to do), before it was ever of use (say so), or while in use (restart). */
function fell(server, begun, why) {
  server.child = null;
  server.note = null;
  note();
  if (server.stopping || ending) return;
  if (!server.kept) {
    servers.delete(server.name);
    tell({ type: 'exited', name: server.name, why });
    return;
  }
  if (Date.now() - begun > STEADY_AFTER_MS) server.falls = 0;
  const wait = RESTART_AFTER_MS[Math.min(server.falls, RESTART_AFTER_MS.length - 1)];
  server.falls += 1;
  server.timer = setTimeout(() => launch(server, true), wait);
}

async function stopServer(server) {
  if (!server) return;
  server.stopping = true;
  clearTimeout(server.timer);
  servers.delete(server.name);
  const { child, note: noted } = server;
  if (!child) return;
  child.kill('SIGTERM');
  // A locked-up database ignores SIGTERM for good; it commits in step with its journal, so this loses nothing.
  if (!(await until(() => !isAlive(noted), SERVER_ENDS_WITHIN_MS))) child.kill('SIGKILL');
  await until(() => !isAlive(noted), SERVER_ENDS_WITHIN_MS);
}

/** The guarded one leads a group of its own, so the group goes with it. */
async function endGuarded(noted) {
  if (!isAlive(noted)) return;
  signal(-noted.pid, 'SIGTERM');
  await until(() => !isAlive(noted), GUARDED_END_WITHIN_MS);
  signal(-noted.pid, 'SIGKILL');
}

async function end() {
  if (ending) return;
  ending = true;
  await Promise.all([...guarded.values()].map(endGuarded));
  for (const server of [...servers.values()].reverse()) await stopServer(server);
  rmSync(noteFile, { force: true });
  process.exit(0);
}

function tell(message) {
  if (process.connected) process.send(message, () => {});
}

/** Noted at each change, never in between: what is not in the file when the keeper is killed would be orphaned. */
function note() {
  const processes = [...servers.values()].map((server) => server.note).filter(Boolean);
  writeJson(noteFile, {
    keeper: { pid: process.pid, identity: identityOf(process.pid) },
    guarded: [...guarded.values()],
    servers: processes,
  });
}
