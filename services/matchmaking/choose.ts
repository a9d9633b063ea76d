/**
 * The choice itself: who goes to whom, from facts alone, so that every node decides alike, Redis or not. The line comes
 * in the order of its scores (urgency.ts); what `matching` says orders counselors, never visitors.
 */
import type { MatchingOrder } from '../../contract/enums.js';

/** What a visitor would like of a counselor; a wish, never a condition for ever. */
export interface Wish {
  skill: string | null;
  language: string | null;
  gender: string | null;
}

/** Somebody who waits. */
export interface Waiter {
  id: string;
  /** The counselor asked for by name. */
  requested: string | null;
  /** Who served them before. */
  preferred: string | null;
  wish: Wish | null;
  /** Until when (epoch ms) a wish may keep them waiting beside a free counselor who does not fit. */
  wishUntil: number;
  /** Who had them offered and did not take them. */
  offered: ReadonlySet<string>;
  /** Why they stand where they do, for people; null = in the order of arrival. */
  ahead: string | null;
  /** The counselor asked for had no time; they take anybody by now. */
  fellBack: boolean;
}

/** A counselor who could take somebody now. */
export interface Chair {
  id: string;
  taken: number;
  cap: number;
  /** How many more in this round: the free seats, one where a breathing space is kept. */
  room: number;
  /** May serve whoever comes; otherwise only who asked for them by name. */
  common: boolean;
  /** Epoch ms. */
  idleSince: number;
  assignedAt: number;
  skills: readonly string[];
  languages: readonly string[];
  gender: string | null;
}

export interface Choice {
  waiter: string;
  chair: string;
  /** One sentence for people. */
  why: string;
}

/**
 * Named visitors first, so that a freed seat takes its own before the common line; then the common line in order.
 * @param waiters first come first
 * @param now epoch ms
 */
export function choose(
  waiters: readonly Waiter[],
  chairs: readonly Chair[],
  order: MatchingOrder,
  now: number,
): Choice[] {
  const seats = chairs.map((chair) => ({ ...chair }));
  const choices: Choice[] = [];
  const take = (waiter: Waiter, seat: Chair, why: string) => {
    seat.room -= 1;
    seat.taken += 1;
    seat.assignedAt = now;
    choices.push({
      waiter: waiter.id,
      chair: seat.id,
      why: waiter.ahead === null ? why : `${waiter.ahead}；${why}`,
    });
  };
  for (const waiter of waiters) {
    const seat = seats.find(({ id, room }) => id === waiter.requested && room > 0);
    if (seat) take(waiter, seat, '访客指定了该咨询师');
  }
  for (const waiter of waiters) {
    if (waiter.requested !== null) continue;
    const free = seats.filter(({ common, room }) => common && room > 0);
    const fresh = free.filter(({ id }) => !waiter.offered.has(id));
    // Everybody who is there had them offered: it goes round once more.
    const open = fresh.length > 0 || isMissing(waiter, seats) ? fresh : free;
    const best = pick(waiter, open, seats, order, now);
    if (best) take(waiter, best.seat, best.why);
  }
  return choices;
}

/** Whether somebody on duty, only without a seat at the moment, has yet to be asked. */
function isMissing(waiter: Waiter, seats: readonly Chair[]): boolean {
  return seats.some(({ id, common }) => common && !waiter.offered.has(id));
}

function pick(
  waiter: Waiter,
  open: readonly Chair[],
  all: readonly Chair[],
  order: MatchingOrder,
  now: number,
): { seat: Chair; why: string } | null {
  const known = open.find(({ id }) => id === waiter.preferred);
  if (known) return { seat: known, why: '该咨询师曾接待过这位访客，由其继续' };
  const suits = (seat: Chair) => fits(seat, waiter.wish);
  const wished = waiter.wish === null ? open : open.filter(suits);
  // Who fits is on duty and only full: worth a while. Nobody who fits is there: not worth any.
  if (wished.length === 0 && now < waiter.wishUntil && all.some((seat) => seat.common && suits(seat)))
    return null;
  const [seat] = [...(wished.length > 0 ? wished : open)].sort(compare(order));
  if (!seat) return null;
  const reason = REASONS[order];
  const because = waiter.ahead === null ? `${reason}，按到达先后接入` : reason;
  if (waiter.fellBack) return { seat, why: `所指定的咨询师一直没有空位；${because}` };
  return { seat, why: waiter.wish && wished.length > 0 ? `符合访客的期望；${because}` : because };
}

function fits(seat: Chair, wish: Wish | null): boolean {
  if (wish === null) return true;
  return (
    (wish.skill === null || seat.skills.includes(wish.skill)) &&
    (wish.language === null || seat.languages.includes(wish.language)) &&
    (wish.gender === null || seat.gender === wish.gender)
  );
}

const REASONS: Record<MatchingOrder, string> = {
  'least-loaded': '在线且空位最多的咨询师',
  'longest-idle': '在线且空闲最久的咨询师',
  'round-robin': '按轮流次序轮到该咨询师',
};

const load = (seat: Chair) => seat.taken / seat.cap;
const byId = (a: Chair, b: Chair) => (a.id < b.id ? -1 : 1);

/** Best first; ties by who has been idle longest, then by id, so that every node chooses the same. */
function compare(order: MatchingOrder): (a: Chair, b: Chair) => number {
  switch (order) {
    case 'least-loaded':
      return (a, b) => load(a) - load(b) || a.idleSince - b.idleSince || byId(a, b);
    case 'longest-idle':
      // Whoever holds nobody is idle; among the others the one whose last seat was freed first.
      return (a, b) => Number(a.taken > 0) - Number(b.taken > 0) || a.idleSince - b.idleSince || byId(a, b);
    case 'round-robin':
      return (a, b) => a.assignedAt - b.assignedAt || byId(a, b);
  }
}
