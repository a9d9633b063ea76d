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
