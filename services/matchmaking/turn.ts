/**
 * One node at a time gives away the seats of an institution, so that the line moves in its order: two rounds beside
 * each other would each know a part of what the other is about to do, and a seat could pass somebody by. Only the
 * order hangs on it; what may be given at all is judged in MongoDB (assign.ts). So nobody waits for it for long,
 * and without Redis there are no turns.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isRedisUp } from '../../platform/redis.js';
import type { Ctx } from '../context.js';
import { turnOf } from './keys.js';

/** How long the turn of a node that died stands, in milliseconds; a living one renews its own. */
const TURN_MS = 2_000;
const RENEW_MS = 500;
/** After that long a round goes on without its turn. */
const PATIENCE_MS = 6_000;
const ASK_MS = 10;

const RENEW = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;
const RETURN = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

export interface Turn {
  /** False without Redis, after waiting too long, or once it ran out: another node may be at it, too. */
  isHeld(): boolean;
}

/** Runs `act` when it is this node's turn. */
export async function inTurn<T>(ctx: Ctx, institution: string, act: (turn: Turn) => Promise<T>): Promise<T> {
  const key = turnOf(ctx, institution);
  const token = randomUUID();
  let held = await take(ctx, key, token);
  const timer = setInterval(() => {
    if (!held) return;
    ctx.redis.eval(RENEW, 1, key, token, TURN_MS).then(
      (kept) => {
        held &&= kept === 1;
      },
      () => {
        held = false;
      },
    );
  }, RENEW_MS);
  try {
    return await act({ isHeld: () => held });
  } finally {
    clearInterval(timer);
    // One that can't be returned runs out.
    if (held) await ctx.redis.eval(RETURN, 1, key, token).catch(() => 0);
  }
}

async function take(ctx: Ctx, key: string, token: string): Promise<boolean> {
  const end = ctx.clock.monotonic() + PATIENCE_MS;
  while (isRedisUp(ctx.redis) && ctx.clock.monotonic() < end) {
    try {
      if ((await ctx.redis.set(key, token, 'PX', TURN_MS, 'NX')) === 'OK') return true;
    } catch {
      return false;
    }
    await pause(ASK_MS);
  }
  return false;
}
