import type { Ctx } from '../context.js';
import { follow, seat } from './assign.js';
import { choose, type Choice } from './choose.js';
import { eligible } from './eligible.js';
import { lineOf } from './line.js';
import { settleSeat } from './settle.js';
import { publishQueue } from './snapshot.js';
import { inTurn, type Turn } from './turn.js';

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

/** In its turn a node goes on until nobody can be seated; without one it does not quarrel with the others. */
const MOST_ROUNDS = { inTurn: 50, otherwise: 5 };
/** How many are seated in one round. */
const MOST_PAIRS = 100;

type Tell = () => Promise<void>;

async function rounds(ctx: Ctx, institution: string): Promise<void> {
  const policy = await ctx.policies.get(institution);
  const told: Promise<void>[] = [];
  await inTurn(ctx, institution, async (turn) => {
    for (let round = 0; round < (turn.isHeld() ? MOST_ROUNDS.inTurn : MOST_ROUNDS.otherwise); round += 1) {
      const chairs = await eligible(ctx, institution, policy);
      if (!chairs.some(({ room }) => room > 0)) break;
      const waiters = await lineOf(ctx, institution, policy);
      const choices = choose(waiters, chairs, policy.matching, ctx.clock.now()).slice(0, MOST_PAIRS);
      if (choices.length === 0) break;
      const tells = await seatInOrder(ctx, institution, choices, turn);
      // The line may move on while people are told. What fails here is repaired by what is stored.
      for (const tell of tells)
        told.push(
          tell().catch((error: unknown) => {
            ctx.log.warn({ err: error, institution }, 'an assignment was not told to everybody');
          }),
        );
    }
  });
  await Promise.all(told);
  // Also when nobody was admitted: whoever called brought or removed somebody.
  await publishQueue(ctx, institution);
}

/**
 * Seats one after the other, so that a seat that is gone by now is missed by the last of the line and not by the
 * first: whoever is refused ends the round, and the next one chooses anew from what is true then.
 */
export async function seatInOrder(
  ctx: Ctx,
  institution: string,
  choices: readonly Choice[],
  turn: Turn,
): Promise<Tell[]> {
  const following: Promise<Tell | null>[] = [];
  for (const { waiter, chair, why } of choices) {
    const seated = await seat(ctx, institution, { conversation: waiter, counselor: chair, why });
    if (seated === 'gone') continue;
    if (seated === 'refused') {
      if (turn.isHeld()) await settleLeftOver(ctx, waiter, chair);
      break;
    }
    following.push(
      follow(ctx, seated).catch((error: unknown) => {
        ctx.log.warn({ err: error, institution }, 'a seat was not followed; the sweeper settles it');
        return null;
      }),
    );
  }
  return (await Promise.all(following)).filter((tell) => tell !== null);
}

/** In our turn nobody else is seating them: a seat that stands for them already is a dead node's. */
async function settleLeftOver(ctx: Ctx, waiter: string, chair: string): Promise<void> {
  const duty = await ctx.models.Duty.findById(chair).lean();
  const left = duty?.seats.find(({ conversation }) => conversation.toHexString() === waiter);
  if (duty && left) await settleSeat(ctx, duty._id, left);
}
