import type { Clock } from '../../platform/clock.js';

/** A clock that tests move; monotonic time stays real, since freshness is about this process. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(): TestClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    monotonic: () => performance.now(),
    advance(ms) {
      offset += ms;
    },
  };
}

/** Moves only when it is told to: what is early or late is so by its jumps, however slow the machine is. */
export function standingClock(): TestClock {
  let at = Date.now();
  return {
    now: () => at,
    monotonic: () => performance.now(),
    advance(ms) {
      at += ms;
    },
  };
}
