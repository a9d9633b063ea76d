/** The expected wait: what forecast.ts makes of the seats, the line and the sessions of the last weeks. */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { Duty } from '../../models/duty.js';
import type { Models } from '../../models/index.js';
import type { Ctx } from '../context.js';
import type { Policy } from '../policy/rules.js';
import { eligible } from './eligible.js';
import { forecast, LEAST_SESSIONS, type BusySeat, type ForecastChair, type Range } from './forecast.js';
import { waitingFilter } from './queue.js';

/** How long a node may go on with what it reckoned, in milliseconds. */
const CACHE_MS = 3_000;
/** Whoever is new in line is reckoned anew, but not more often than that. */
const AGAIN_MS = 500;
const LENGTHS_CACHE_MS = 10 * 60_000;
const PAST_MS = 14 * 24 * 60 * 60_000;
const MOST_SESSIONS = 300;
/** Behind that many others nobody is told a time. */
const LONGEST = 200;

interface Held<T> {
  /** Clock.monotonic() at which it began. */
  at: number;
  value: Promise<T>;
}

interface Caches {
  waits: Map<string, Held<Map<string, Range>>>;
  lengths: Map<string, Held<number[]>>;
}

/** By the node's models, so that two nodes in one process share nothing. */
const caches = new WeakMap<Models, Caches>();

function cachesOf(ctx: Ctx): Caches {
  let found = caches.get(ctx.models);
  if (!found) caches.set(ctx.models, (found = { waits: new Map(), lengths: new Map() }));
  return found;
}

/** Remembers for a while; a failure is not remembered. */
function kept<T>(
  ctx: Ctx,
  cache: Map<string, Held<T>>,
  key: string,
  forMs: number,
  make: () => Promise<T>,
): Promise<T> {
  const held = cache.get(key);
  const now = ctx.clock.monotonic();
  if (held && now - held.at < forMs) return held.value;
  const entry: Held<T> = { at: now, value: make() };
  cache.set(key, entry);
  entry.value.catch(() => {
    if (cache.get(key) === entry) cache.delete(key);
  });
  return entry.value;
}

/**
 * Conversation id → expected wait, in whole minutes outward as milliseconds. Nobody is in it of whom no honest word can
 * be said: nobody who could take them is on line, too few past sessions, or they may not be served before their
 * waiting deadline. Never throws.
 * @param ids who is asked about
 */
export async function waitsOf(
  ctx: Ctx,
  institution: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Range>> {
  const { waits } = cachesOf(ctx);
  const reckoned = (forMs: number) => kept(ctx, waits, institution, forMs, () => reckon(ctx, institution));
  try {
    const known = await reckoned(CACHE_MS);
    return ids.every((id) => known.has(id)) ? known : await reckoned(AGAIN_MS);
  } catch (error) {
    ctx.log.warn({ err: String(error), institution }, 'no expected waits');
    return new Map();
  }
}

async function reckon(ctx: Ctx, institution: string): Promise<Map<string, Range>> {
  const lengths = await lengthsOf(ctx, institution);
  if (lengths.length < LEAST_SESSIONS) return new Map();
  const policy = await ctx.policies.get(institution);
  const now = ctx.clock.now();
  // Who is offered to somebody has a seat held already.
  const rows = await ctx.models.Conversation.find(
    { ...waitingFilter(institution), offer: null },
    { requested: 1, deadlines: 1, queueScore: 1 },
  )
    .sort({ queueScore: 1, _id: 1 })
    .limit(LONGEST)
    .lean();
  if (rows.length === 0) return new Map();
  const line = rows.map(({ _id, requested }) => ({
    id: _id.toHexString(),
    requested: requested?.toHexString() ?? null,
  }));
  const chairs = await chairsOf(ctx, institution, policy, now);
  const ranges = forecast(line, chairs, lengths);
  return new Map(
    rows.flatMap(({ _id, deadlines }) => {
      const id = _id.toHexString();
      const range = ranges.get(id);
      const deadline = deadlines.find(({ kind }) => kind === 'waiting')?.at.getTime() ?? Infinity;
      // They may be told that nobody is free before then.
      return range && now + range.most <= deadline ? [[id, outward(range)] as const] : [];
    }),
  );
}

const MINUTE = 60_000;
const outward = ({ least, most }: Range): Range => ({
  least: Math.floor(least / MINUTE) * MINUTE,
  most: Math.max(1, Math.ceil(most / MINUTE)) * MINUTE,
});

/** Everybody who is on duty, with how long each seat has been held. */
async function chairsOf(
  ctx: Ctx,
  institution: string,
  policy: Policy,
  now: number,
): Promise<ForecastChair[]> {
  const chairs = await eligible(ctx, institution, policy);
  const duties = await ctx.models.Duty.find({ _id: { $in: chairs.map(({ id }) => id) } }).lean();
  const held = duties.flatMap(({ seats }) => seats.map(({ conversation }) => conversation));
  const rows = await ctx.models.Conversation.find(
    { _id: { $in: held } },
    { startAt: 1, deadlines: 1, limitLeftMs: 1 },
  ).lean();
  const sessions = new Map(rows.map((row) => [row._id.toHexString(), row]));
  const seatsOf = new Map(duties.map((duty) => [duty._id.toHexString(), duty.seats]));
  return chairs.map(({ id, cap, common }) => ({
    id,
    cap,
    common,
    seats: (seatsOf.get(id) ?? []).map((seat) =>
      busy(seat, sessions.get(seat.conversation.toHexString()), policy, now),
    ),
  }));
}

type Session = Pick<Conversation, 'startAt' | 'deadlines'> & { _id: Types.ObjectId };

function busy(
  seat: Duty['seats'][number],
  session: Session | undefined,
  policy: Policy,
  now: number,
): BusySeat {
  if (seat.state === 'WRAP_UP' && seat.until)
    return { elapsed: 0, most: Math.max(0, seat.until.getTime() - now), sure: true };
  const limit = session?.deadlines.find(({ kind }) => kind === 'limit')?.at.getTime();
  return {
    elapsed: session?.startAt ? Math.max(0, now - session.startAt.getTime()) : 0,
    most: limit === undefined ? policy.textLimitMs : Math.max(0, limit - now),
    sure: false,
  };
}

/** How long sessions took, in milliseconds. */
function lengthsOf(ctx: Ctx, institution: string): Promise<number[]> {
  return kept(ctx, cachesOf(ctx).lengths, institution, LENGTHS_CACHE_MS, async () => {
    const since = new Date(ctx.clock.now() - PAST_MS);
    const rows = await ctx.models.Conversation.find(
      { institution, startAt: { $gt: since } },
      { duration: 1, type: 1 },
    )
      .sort({ startAt: -1 })
      .limit(MOST_SESSIONS)
      .lean();
    return rows.flatMap(({ type, duration }) =>
      type === 'COUNSELING_SESSION' && duration !== null ? [duration * 1_000] : [],
    );
  });
}
