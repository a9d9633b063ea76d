/** Chooses pairs and leases them in Redis, so that nodes do not run after the same one; without Redis unleased. */
import { readFileSync } from 'node:fs';
import { isRedisUp } from '../../platform/redis.js';
import type { Ctx } from '../context.js';
import type { Policy } from '../policy/policy.js';
import { choose, type Chair, type Choice } from './choose.js';
import { leases } from './keys.js';
import { lineOf } from './line.js';

const SCRIPT = readFileSync(new URL('./lease.lua', import.meta.url), 'utf8');
const LEASE_MS = 5_000;
const MOST = 100;

/** A conversation and the counselor it may go to. */
export interface Pair {
  conversation: string;
  counselor: string;
  why: string;
}

const pairOf = ({ waiter, chair, why }: Choice): Pair => ({ conversation: waiter, counselor: chair, why });

/** The pairs that this node may try. */
export async function claim(
  ctx: Ctx,
  institution: string,
  chairs: readonly Chair[],
  policy: Policy,
): Promise<Pair[]> {
  const now = ctx.clock.now();
  const held = await liveLeases(ctx, institution, now);
  const waiters = (await lineOf(ctx, institution, policy)).filter(({ id }) => !held.has(id));
  const underWay = new Map<string, number>();
  for (const counselor of held.values()) underWay.set(counselor, (underWay.get(counselor) ?? 0) + 1);
  const free = chairs.map((chair) => {
    const more = underWay.get(chair.id) ?? 0;
    return { ...chair, taken: chair.taken + more, room: chair.room - more };
  });
  const pairs = choose(waiters, free, policy.matching, now).slice(0, MOST).map(pairOf);
  return lease(ctx, institution, pairs);
}

/** conversation → counselor of the pairs that some node is trying right now. */
async function liveLeases(ctx: Ctx, institution: string, now: number): Promise<Map<string, string>> {
  const live = new Map<string, string>();
  if (!isRedisUp(ctx.redis)) return live;
  const rows = await ctx.redis.hgetall(leases(ctx, institution)).catch(() => ({}));
  for (const [conversation, value] of Object.entries<string>(rows)) {
    const [counselor = '', expiry = '0'] = value.split(' ');
    if (Number(expiry) > now && Number(expiry) <= now + LEASE_MS) live.set(conversation, counselor);
  }
  return live;
}

async function lease(ctx: Ctx, institution: string, pairs: Pair[]): Promise<Pair[]> {
  if (pairs.length === 0 || !isRedisUp(ctx.redis)) return pairs;
  try {
    const granted = new Set(
      (await ctx.redis.eval(
        SCRIPT,
        1,
        leases(ctx, institution),
        ctx.clock.now(),
        LEASE_MS,
        ...pairs.flatMap(({ conversation, counselor }) => [conversation, counselor]),
      )) as string[],
    );
    return pairs.filter(({ conversation }) => granted.has(conversation));
  } catch (error) {
    ctx.log.warn({ err: String(error) }, 'pairs are tried without leases');
    return pairs;
  }
}
