/**
 * Watches a server that we started: a check every few seconds, and after three failures in a row `onSick()`.
 * Failures count only once it has been well since its last (re)start, or after a while of grace: a database that
 * replays its journal for a minute must not be killed for it again and again.
 */
export function watchHealth({ check, onSick, everyMs = 5_000, failures = 3, graceMs = 60_000 }) {
  let failed = 0;
  let armedFrom = Date.now();
  let timer = setTimeout(look, everyMs);
  let stopped = false;

  return { restarted, stop };

  async function look() {
    try {
      await check();
      failed = 0;
      armedFrom = 0;
    } catch {
      if (Date.now() >= armedFrom) failed += 1;
    }
    if (stopped) return;
    if (failed >= failures) {
      restarted();
      onSick();
    }
    timer = setTimeout(look, everyMs);
  }

  /** The server has just been started again: give it time. */
  function restarted() {
    failed = 0;
    armedFrom = Date.now() + graceMs;
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
  }
}
