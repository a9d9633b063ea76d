import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks until the answer is truthy. Tests poll with a deadline and never sleep for a guess.
 * @param forgiving a question that throws counts as a no: what is asked may not be there yet
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  what: string,
  deadlineMs = 10_000,
  forgiving = false,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + deadlineMs;
  let failure: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer as NonNullable<Exclude<T, false>>;
    } catch (error) {
      if (!forgiving) throw error;
      failure = error;
    }
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`, { cause: failure });
    await pause(20);
  }
}
