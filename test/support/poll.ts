import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is truthy. Tests poll with a deadline and never sleep for a guess. */
export async function until<T>(
  ask: () => T | Promise<T>,
  what: string,
  deadlineMs = 10_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as NonNullable<Exclude<T, false>>;
    if (performance.now() > end) throw new Error(`not within ${String(deadlineMs)} ms: ${what}`);
    await pause(20);
  }
}
