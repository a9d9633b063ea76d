/** The app process: forked with an IPC channel, started again when it dies, ended before the servers it needs. */
import { fork } from 'node:child_process';
import { Refusal } from './refusal.mjs';
import { signal, until } from './processes.mjs';

const READY_WITHIN_MS = 90_000;
const ENDS_WITHIN_MS = 15_000;
const STEADY_AFTER_MS = 60_000;
const LONGEST_WAIT_MS = 10_000;
const FAREWELL_MS = 5_000;

/**
 * Starts `entry` and resolves with its `ready` message, or throws a Refusal if it says `fatal` or ends before that.
 * Afterwards it is started again whenever it dies, after 1, 2, ... 10 s, on the port it had; each time it is
 * ready again, `onReady(message)` is called. `app.stop()` ends it: SIGTERM, 15 s, SIGKILL.
 */
export async function startApp({ entry, cwd, env, keeper, onReady, say }) {
  let child = null;
  let served = false;
  let stopping = false;
  let falls = 0;
  let timer = null;
  let address = {};

  onReady(await launch());
  return { stop };

  /** Resolves at `ready`, rejects at `fatal`, at an early end, or when neither comes in time. */
  function launch() {
    // Detached: Ctrl-C in the terminal must reach us alone, so that the order of the end is ours.
    child = fork(entry, [], {
      cwd,
      env: { ...env, ...address },
      detached: true,
      execArgv: ['--enable-source-maps'],
    });
    keeper.guard(child);
    const launched = child;
    const begun = Date.now();
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => giveUp(`was not ready within ${READY_WITHIN_MS / 1000} s`),
        READY_WITHIN_MS,
      );
      launched.on('message', (message) => {
        if (message?.type === 'ready') {
          clearTimeout(late);
          resolve(message);
        }
        if (message?.type === 'fatal') giveUp(null, message.message);
      });
      launched.once('exit', (code, name) => {
        const how = name ?? `exit code ${code}`;
        giveUp(`ended while starting (${how})`);
        if (served) fell(how, begun);
      });

      function giveUp(how, sentence = `The app ${how}: see what it printed above.`) {
        clearTimeout(late);
        reject(new Refusal(sentence));
        // It said that it can't serve, or said nothing: either way it has no reason to be there any longer.
        setTimeout(() => hasEnded(launched) || signal(-launched.pid, 'SIGKILL'), FAREWELL_MS).unref();
      }
    }).then((ready) => {
      served = true;
      address = portOf(ready);
      return ready;
    });
  }

  /** It was ready once, so whatever ended it now, it is worth another try. */
  function fell(how, begun) {
    if (stopping) return;
    if (Date.now() - begun > STEADY_AFTER_MS) falls = 0;
    falls += 1;
    const wait = Math.min(falls * 1_000, LONGEST_WAIT_MS);
    say(`the app ended (${how}): starting it again in ${wait / 1000} s`);
    timer = setTimeout(() => void relaunch(), wait);
  }

  async function relaunch() {
    await launch().then(onReady, (err) => say(err.message));
  }

  async function stop() {
    stopping = true;
    clearTimeout(timer);
    if (!child || hasEnded(child)) return;
    child.kill('SIGTERM');
    if (!(await until(() => hasEnded(child), ENDS_WITHIN_MS))) signal(-child.pid, 'SIGKILL');
    await until(() => hasEnded(child), ENDS_WITHIN_MS);
  }
}

/** The port that it got stays its port, also if it was chosen because the default was taken at that moment. */
function portOf(ready) {
  const port = ready.port ?? (new URL(ready.url).port || null);
  return port ? { PORT: String(port) } : {};
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;
