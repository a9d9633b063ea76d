/** Who is on duty today, as matchmaking asks it before every admission. */
import type { Models } from '../../models/index.js';
import type { Ctx } from '../context.js';
import { dayOf, type Day } from './day.js';
import { dutyDays } from './duty-days.js';

/** How long a node may go on with what it read, in milliseconds: a roster change counts elsewhere within that. */
const CACHE_MS = 2_000;

interface Held {
  day: Day;
  /** Clock.monotonic() at which the read began. */
  readAt: number;
  counselors: Promise<Set<string>>;
}

/** By the node's models, so that two nodes in one process share nothing and a closed node leaves nothing. */
const caches = new WeakMap<Models, Map<string, Held>>();

type Needs = Pick<Ctx, 'models' | 'clock'>;

/** User ids (hex) of the institution's counselors on duty on the Asia/Shanghai day that it is now. */
export async function rosteredCounselors(ctx: Needs, institution: string): Promise<Set<string>> {
  const cache = cacheOf(ctx);
  const day = dayOf(ctx.clock.now());
  const held = cache.get(institution);
  if (held?.day === day && ctx.clock.monotonic() - held.readAt < CACHE_MS) return held.counselors;
  const counselors = read(ctx, institution, day);
  const entry = { day, readAt: ctx.clock.monotonic(), counselors };
  cache.set(institution, entry);
  counselors.catch(() => {
    if (cache.get(institution) === entry) cache.delete(institution);
  });
  return counselors;
}

/** Called after every write to a roster. */
export function dropRostered(ctx: Needs, institution: string): void {
  cacheOf(ctx).delete(institution);
}

async function read(ctx: Needs, institution: string, day: Day): Promise<Set<string>> {
  const rows = await dutyDays(ctx, { institution, from: day, days: 1, role: 'COUNSELOR' });
  return new Set(rows.map(({ user }) => user.toHexString()));
}

function cacheOf(ctx: Needs): Map<string, Held> {
  let cache = caches.get(ctx.models);
  if (cache === undefined) caches.set(ctx.models, (cache = new Map<string, Held>()));
  return cache;
}
