/** What start and test have in common: a data folder of one's own, a keeper, packages, database and Redis. */
import { join } from 'node:path';
import { makePrivate } from './folders.mjs';
import { install, isInstalled } from './install.mjs';
import { endLeftovers, openKeeper } from './keeper.mjs';
import { acquireLock, withLock } from './lock.mjs';
import { findOnPath, run } from './processes.mjs';
import { Refusal } from './refusal.mjs';
import { fact, say, step } from './say.mjs';

const INSTALL_WITHIN_MS = 10 * 60_000;
const OLD_ONE_ENDS_WITHIN_MS = 15_000;

/**
 * Takes the data folder and answers its keeper and `runGuarded`, which runs a command that can't outlive us.
 * Throws LockHeld if another one lives in the folder; one that is just stopping is waited for.
 */
export async function takeFolder(data, { defer, isEnding }) {
  makePrivate(data);
  const lock = await acquireLock(join(data, 'lock'), {
    waitMs: OLD_ONE_ENDS_WITHIN_MS,
    waitFor: (holder) => holder.stopping,
  });
  defer(() => lock.release());
  const killed = await endLeftovers(data, OLD_ONE_ENDS_WITHIN_MS);
  if (killed) say(`  ended ${killed} process(es) that an earlier start had left behind`);
  const keeper = openKeeper(data);
  defer(() => keeper.close());
  const runGuarded = (command, args, options) => {
    // Once the keeper is being closed nobody would end what we start now.
    if (isEnding()) throw new Refusal('Stopped before it was ready.');
    const onSpawn = (child) => {
      keeper.guard(child);
      options?.onSpawn?.(child);
    };
    return run(command, args, { ...options, onSpawn });
  };
  return { lock, keeper, runGuarded };
}

/** Installs the packages unless they are those of the lock file. Two of us at once would undo each other's work. */
export async function ensureInstalled(root, runGuarded) {
  if (isInstalled(root)) return;
  await withLock(join(root, '.data', 'install.lock'), INSTALL_WITHIN_MS, async () => {
    if (isInstalled(root)) return;
    await step('installing packages (npm ci)', () => install(root, runGuarded));
  });
}

/**
 * The setup that startMongo and startRedis want, with the world as it is.
 * @param patience failed looks in a row (scripts/lib/health.mjs) after which a server is ended and started again
 */
export function realSetup({
  root,
  folders,
  vars,
  keeper,
  runGuarded,
  defer,
  onRestart,
  patience,
  anyEngine,
}) {
  return {
    root,
    data: folders.data,
    tools: makePrivate(folders.tools),
    vars,
    keeper,
    defer,
    onRestart,
    patience,
    anyEngine,
    findOnPath: (name) => findOnPath(name, vars.PATH),
    run: runGuarded,
    progress: step,
    warn: (text) => fact('warning', text),
  };
}
