import { readFileSync } from 'node:fs';
import { isRedisUp } from '../../platform/redis.js';
import type { Ctx } from '../context.js';
import type { Candidate } from './eligible.js';
import { commonQueue, leases, namedQueue } from './keys.js';
import { waitingOf } from './queue.js';

const SCRIPT = readFileSync(new URL('./claim.lua', import.meta.url), 'utf8');
const LEASE_MS = 5_000;
const MOST = 100;

/** A conversation and the counselor it may go to. */
export interface Pair {
  conversation: string;
  counselor: string;
}

/** Picks pairs by the Redis script; from MongoDB alone while Redis is away (slow, equally right: I21). */
export async function claim(ctx: Ctx, institution: string, candidates: Candidate[]): Promise<Pair[]> {
  if (isRedisUp(ctx.redis)) {
    try {
      return await claimInRedis(ctx, institution, candidates);
    } catch (error) {
      ctx.log.warn({ err: String(error) }, 'claim falls back to the database');
    }
  }
  return claimInMongo(ctx, institution, candidates);
}

async function claimInRedis(ctx: Ctx, institution: string, candidates: Candidate[]): Promise<Pair[]> {
  const ids = candidates.map(({ duty }) => duty._id.toHexString());
  const keys = [
    commonQueue(ctx, institution),
    leases(ctx, institution),
    ...ids.map((id) => namedQueue(ctx, institution, id)),
  ];
  const flat = (await ctx.redis.eval(
    SCRIPT,
    keys.length,
    ...keys,
    ctx.clock.now(),
    LEASE_MS,
    MOST,
    ...candidates.flatMap(({ duty, common }, index) => [
      ids[index] ?? '',
      duty.seats.length,
      duty.maxConsults,
      common ? '1' : '0',
    ]),
  )) as string[];
  const pairs: Pair[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2)
    pairs.push({ conversation: flat[i] ?? '', counselor: flat[i + 1] ?? '' });
  return pairs;
}

/** The same choice as claim.lua, from the stored order. */
export async function claimInMongo(ctx: Ctx, institution: string, candidates: Candidate[]): Promise<Pair[]> {
  const waiting = await waitingOf(ctx, institution, MOST);
  const seats = candidates.map((candidate) => ({
    id: candidate.duty._id.toHexString(),
    taken: candidate.duty.seats.length,
    cap: candidate.duty.maxConsults,
    common: candidate.common,
    exhausted: false,
  }));
  const pairs: Pair[] = [];
  const gone = new Set<string>();
  for (;;) {
    const best = seats
      .filter((seat) => !seat.exhausted && seat.taken < seat.cap)
      .sort((a, b) => a.taken - b.taken)[0];
    if (!best) return pairs;
    const free = waiting.filter((row) => !gone.has(row._id.toHexString()));
    const next =
      free.find((row) => row.requested?.toHexString() === best.id) ??
      (best.common ? free.find((row) => row.requested === null) : undefined);
    if (next) {
      gone.add(next._id.toHexString());
      best.taken += 1;
      pairs.push({ conversation: next._id.toHexString(), counselor: best.id });
    } else best.exhausted = true;
  }
}
