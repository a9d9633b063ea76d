import type { Ctx } from '../context.js';
import { assign } from './assign.js';
import { claim } from './claim.js';
import { eligible } from './eligible.js';
import { publishQueue } from './snapshot.js';

export interface Admissions {
  /**
   * Fills every free seat of an institution from its queue. Called by whatever freed a seat or brought somebody;
   * resolves when a whole round that began after the call is done. Never throws: the sweeper tries again.
   */
  admit(institution: string): Promise<void>;
}

/** One round at a time per institution and node; calls during a round share the one that follows it. */
export function createAdmissions(ctx: Omit<Ctx, 'admissions'>): Admissions {
  const running = new Map<string, { current: Promise<void>; next: Promise<void> | null }>();
  const self: Admissions = {
    admit(institution) {
      const state = running.get(institution);
      if (!state) return start(institution);
      state.next ??= state.current.then(() => start(institution));
      return state.next;
    },
  };
  const whole: Ctx = { ...ctx, admissions: self };

  function start(institution: string): Promise<void> {
    const current = rounds(whole, institution)
      .catch((error: unknown) => {
        ctx.log.warn({ err: error, institution }, 'admission failed; the sweeper tries again');
      })
      .finally(() => {
        const state = running.get(institution);
        if (state?.current === current && !state.next) running.delete(institution);
      });
    running.set(institution, { current, next: null });
    return current;
  }
  return self;
}

const MOST_ROUNDS = 50;

async function rounds(ctx: Ctx, institution: string): Promise<void> {
  const policy = await ctx.policies.get(institution);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const chairs = await eligible(ctx, institution, policy);
    const free = chairs.some(({ room }) => room > 0);
    const pairs = free ? await claim(ctx, institution, chairs, policy) : [];
    if (pairs.length === 0) break;
    await Promise.all(pairs.map((pair) => assign(ctx, institution, pair)));
  }
  // Also when nobody was admitted: whoever called brought or removed somebody.
  await publishQueue(ctx, institution);
}
