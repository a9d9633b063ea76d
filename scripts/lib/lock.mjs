/**
 * A lock file that names its holder by pid and start time, so that what a `kill -9` left behind (or a pid that
 * now belongs to somebody else) is told from a live holder.
 */
import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readJson, writeJson } from './files.mjs';
import { isAlive, noteOf } from './processes.mjs';

const ASK_AGAIN_MS = 100;
const SETTLE_MS = 20;

/** Somebody else holds the lock. `holder` is what they noted: `{ pid, identity, stopping? }`. */
export class LockHeld extends Error {
  constructor(holder) {
    super(`held by process ${holder.pid}`);
    this.holder = holder;
  }
}

/**
 * Takes the lock or throws LockHeld. A dead holder is cleared away. While `waitFor(holder)` says so, and at most
 * `waitMs`, a live holder is waited for.
 */
export async function acquireLock(file, { waitMs = 0, waitFor = () => true } = {}) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const end = Date.now() + waitMs;
  const self = noteOf(process.pid);
  for (;;) {
    if (tryLink(file, self) && (await stillMine(file, self))) return heldLock(file, self);
    const holder = readJson(file);
    if (!isAlive(holder)) clearAway(file);
    else if (Date.now() < end && waitFor(holder)) await delay(ASK_AGAIN_MS);
    else throw new LockHeld(holder);
  }
}

/** Runs `work` while holding the lock, waiting for others up to `waitMs`. */
export async function withLock(file, waitMs, work) {
  const lock = await acquireLock(file, { waitMs });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Whoever clears a dead lock away may have moved ours aside for a moment (see clearAway): look again. */
async function stillMine(file, self) {
  await delay(SETTLE_MS);
  return readJson(file)?.pid === self.pid;
}

function heldLock(file, self) {
  const mine = () => readJson(file)?.pid === self.pid;
  return {
    /** Tells the next one that waiting a little is worth it. */
    markStopping: () => mine() && writeJson(file, { ...self, stopping: true }),
    release: () => mine() && rmSync(file, { force: true }),
  };
}

/** A link either appears with its whole content or fails: no reader ever sees a lock without a holder. */
function tryLink(file, self) {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, JSON.stringify(self), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (err) {
    if (err.code === 'EEXIST') return false;
    throw err;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Removes a dead holder's lock. Between our look and our removal another process may have cleared it and taken
 * the lock itself; so it is moved aside first, looked at again, and put back if it is not the one that was dead.
 */
function clearAway(file) {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch (err) {
    if (err.code === 'ENOENT') return;
    throw err;
  }
  if (isAlive(readJson(aside))) putBack(aside, file);
  rmSync(aside, { force: true });
}

function putBack(aside, file) {
  try {
    linkSync(aside, file);
  } catch (err) {
    if (err.code !== 'EEXIST') throw err;
  }
}
