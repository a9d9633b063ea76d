/** The life of a bootstrap: what has to be undone, in which order, and what makes it end. */
import { readFileSync } from 'node:fs';
import { isAlive, noteOf, parentOf } from './processes.mjs';
import { describe } from './refusal.mjs';

const PARENT_LOOK_MS = 1_000;
const HURRY_AFTER_MS = 1_000;

/**
 * Runs `main(life)`. `life.defer(fn)` notes what to undo; whatever ends the bootstrap (Ctrl-C, SIGTERM, a closed
 * terminal, the end of npm, an error, `life.end(code)`) undoes all, last noted first, and then exits.
 * A second Ctrl-C, later than the echo that npm forwards, stops waiting: the keeper ends the rest.
 */
export function live(main, { signalCode = 0, onSignal = () => {} } = {}) {
  const undo = [];
  let ending = null;
  let begun = 0;

  const end = (code) => {
    ending ??= undoAll(undo).finally(() => process.exit(code));
    return ending;
  };
  const fail = (err) => {
    if (ending) return;
    process.stderr.write(`\n${describe(err)}\n`);
    void end(1);
  };
  const begin = () => {
    if (ending) return;
    begun = Date.now();
    onSignal();
    void end(signalCode);
  };
  const onSignalReceived = () => {
    if (ending && Date.now() - begun > HURRY_AFTER_MS) process.exit(signalCode || 1);
    begin();
  };

  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignalReceived);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  endWithNpm(begin);
  main({ defer: (fn) => undo.push(fn), end, isEnding: () => ending !== null }).catch(fail);
}

async function undoAll(undo) {
  for (const fn of undo.reverse()) {
    try {
      await fn();
    } catch (err) {
      process.stderr.write(`${describe(err)}\n`);
    }
  }
}

/** `kill -9` of npm would leave us running with nobody who knows our pid; so we end when it is gone. */
function endWithNpm(stop) {
  const npm = npmAbove();
  if (npm) setInterval(() => isAlive(npm) || stop(), PARENT_LOOK_MS).unref();
}

/** The npm that runs us, directly or through a shell; null without one, and where there is no /proc to ask. */
function npmAbove() {
  if (!process.env.npm_lifecycle_event || process.platform !== 'linux') return null;
  for (let pid = process.ppid, height = 0; pid > 1 && height < 2; pid = parentOf(pid), height += 1) {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('npm')) return noteOf(pid);
  }
  return null;
}
