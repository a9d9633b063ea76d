/**
 * What happened in the demo's past: who came when, who served them, how it ended. Pure; the same seed and the same
 * day give the same past. Nobody is served by two at once, no counselor serves more than their cap, and nobody who
 * is not on duty that day serves at all.
 */
import type { EndCause } from '../../contract/enums.js';
import { addDays, isoWeekday, startOfDay, type Day } from '../roster/day.js';
import { paceTo, writeDialogue, type Course, type Speaker } from './dialogue.js';
import { DEMO_PEOPLE, type DemoHouse, type DemoPerson } from './people.js';
import { createRandom, type Random } from './random.js';
import { rate, type Rating } from './ratings.js';
import { WHILE_WAITING } from './topics/common.js';
import { TOPICS } from './topics/index.js';

export interface PlannedLine {
  who: Speaker;
  text: string;
  at: number;
}

export interface PlannedConversation {
  house: DemoHouse;
  /** Number of the visitor within the house, from 0. */
  visitor: number;
  arrivedAt: number;
  /** Username; null where nobody was asked for. */
  requested: string | null;
  /** Username; null where nobody came. */
  counselor: string | null;
  startAt: number | null;
  endAt: number;
  cause: EndCause;
  lines: PlannedLine[];
  rating: Rating | null;
}

/** Days before today that have a past. */
export const DEMO_DAYS = 62;
const SEED = 20_240_908;
const MINUTE = 60_000;
const TEXT_LIMIT = 60 * MINUTE;
const SILENCE = 10 * MINUTE;
const WAITING_LIMIT = 30 * MINUTE;

/** How many come on an average day, and how many of the week's come on each day, Monday first. */
const ARRIVALS: Record<DemoHouse, number> = { first: 7, second: 2.8 };
const BY_WEEKDAY = [1.15, 1.05, 1.0, 1.05, 0.8, 0.85, 1.15];
/** Of a day's arrivals, by hour from 9 to 22. */
const BY_HOUR = [2, 3, 2.5, 2, 2.5, 3, 3, 3, 2, 2.5, 5, 6, 6, 4];

/** @param now epoch milliseconds; what would not be over by then is left out */
export function planPast(now: number, today: Day, days = DEMO_DAYS): PlannedConversation[] {
  return (['first', 'second'] as const).flatMap((house) => planHouse(house, now, today, days));
}

function planHouse(house: DemoHouse, now: number, today: Day, days: number): PlannedConversation[] {
  const done: PlannedConversation[] = [];
  /** By visitor: the number of the last day they came, and who served them last. */
  const visitors: { day: number; counselor: string | null }[] = [];
  for (let back = days; back >= 0; back -= 1) {
    const day = addDays(today, -back);
    const random = createRandom(SEED + back * 31 + (house === 'first' ? 0 : 7_919));
    const number = days - back;
    for (const arrivedAt of arrivalsOf(random, house, day)) {
      const visitor = whoComes(random, visitors, number);
      const known = visitors[visitor] ?? { day: number, counselor: null };
      const planned = planOne(random, {
        house,
        day,
        arrivedAt,
        visitor,
        last: known.counselor,
        before: done,
      });
      if (planned.endAt > now - 5 * MINUTE) continue;
      visitors[visitor] = { day: number, counselor: planned.counselor ?? known.counselor };
      done.push(planned);
    }
  }
  return done;
}

function arrivalsOf(random: Random, house: DemoHouse, day: Day): number[] {
  const usual = ARRIVALS[house] * (BY_WEEKDAY[isoWeekday(day) - 1] ?? 1);
  const count = Math.round(usual * (0.75 + random.next() * 0.5));
  const hours = BY_HOUR.map((weight, index) => ({ hour: 9 + index, weight }));
  return Array.from({ length: count }, () => {
    const { hour } = random.weighted(hours, ({ weight }) => weight);
    return startOfDay(day) + hour * 60 * MINUTE + random.between(0, 60 * MINUTE - 1);
  }).sort((a, b) => a - b);
}

/** A third come again, but never twice a day; a new visitor takes the next number. */
function whoComes(random: Random, visitors: { day: number }[], day: number): number {
  const again = visitors.flatMap((visitor, index) => (visitor.day < day ? [index] : []));
  return again.length > 0 && random.chance(0.35) ? random.pick(again) : visitors.length;
}

interface Arrival {
  house: DemoHouse;
  day: Day;
  arrivedAt: number;
  visitor: number;
  /** Who served this visitor last. */
  last: string | null;
  before: readonly PlannedConversation[];
}

function planOne(random: Random, arrival: Arrival): PlannedConversation {
  const { house, arrivedAt, visitor } = arrival;
  const onDuty = dutyOf(house, arrival.day);
  const asked = onDuty.find(({ username }) => username === arrival.last);
  const requested = asked && random.chance(0.4) ? asked : null;
  const common = { house, visitor, arrivedAt, requested: requested?.username ?? null };
  const patience = random.next();
  if (patience < 0.07) {
    const endAt = arrivedAt + Math.round(random.skewed(4, 0.6) * MINUTE);
    return { ...common, ...unserved(random, arrivedAt, endAt), cause: 'VISITOR_LEFT_QUEUE' };
  }
  const startAt = arrivedAt + Math.round(Math.min(random.skewed(0.6, 1.2), 25) * MINUTE);
  const counselor = pickFree(random, requested ? [requested] : onDuty, arrival.before, startAt);
  if (patience < 0.1 || !counselor) {
    const endAt = arrivedAt + WAITING_LIMIT;
    return { ...common, ...unserved(random, arrivedAt, endAt), cause: 'NOBODY_FREE' };
  }
  return {
    ...common,
    counselor: counselor.username,
    startAt,
    ...served(random, arrivedAt, startAt, counselor),
  };
}

const dutyOf = (house: DemoHouse, day: Day): DemoPerson[] =>
  DEMO_PEOPLE.filter(
    (person) =>
      person.house === house &&
      person.role === 'COUNSELOR' &&
      (person.weekDays ?? []).includes(isoWeekday(day)),
  );

/** The least loaded one with a place left, as the live assignment does it. */
function pickFree(
  random: Random,
  candidates: DemoPerson[],
  before: readonly PlannedConversation[],
  at: number,
): DemoPerson | null {
  // A conversation lasts an hour at most: only the newest few can still be open.
  const open = before.slice(-30).filter(({ startAt, endAt }) => startAt !== null && endAt > at);
  const loads = candidates.map((person) => ({
    person,
    load: open.filter(({ counselor }) => counselor === person.username).length,
  }));
  const free = loads.filter(({ person, load }) => load < (person.maxConsults ?? 1));
  const least = Math.min(...free.map(({ load }) => load));
  const best = free.filter(({ load }) => load === least);
  return best.length === 0 ? null : random.weighted(best, ({ person }) => person.maxConsults ?? 1).person;
}

function unserved(random: Random, arrivedAt: number, endAt: number) {
  const lines: PlannedLine[] = random.chance(0.5)
    ? [{ who: 'visitor', text: random.pick(WHILE_WAITING), at: Math.min(arrivedAt + 40_000, endAt - 1_000) }]
    : [];
  return { counselor: null, startAt: null, endAt, lines, rating: null };
}

const COURSES: { cause: EndCause; course: Course; weight: number }[] = [
  { cause: 'VISITOR_ENDED', course: 'whole', weight: 45 },
  { cause: 'COUNSELOR_ENDED', course: 'whole', weight: 40 },
  { cause: 'SILENCE', course: 'silence', weight: 9 },
  { cause: 'TIME_LIMIT', course: 'limit', weight: 6 },
];

function served(random: Random, arrivedAt: number, startAt: number, counselor: DemoPerson) {
  const topic = random.weighted(TOPICS, ({ weight }) => weight);
  // Whoever speaks of not wanting to go on is never left to a time limit or to silence here.
  const { cause, course } = random.weighted(
    topic.sensitive ? COURSES.slice(0, 2) : COURSES,
    ({ weight }) => weight,
  );
  const script = writeDialogue(random, topic, counselor.name, course);
  const total = script.reduce((sum, { gap }) => sum + gap, 0);
  const wanted = Math.min(total * (1.4 + random.next() * 1.2), TEXT_LIMIT - 4 * MINUTE);
  paceTo(script, course === 'limit' ? TEXT_LIMIT - random.between(15, 90) * 1_000 : wanted);
  const lines: PlannedLine[] = [];
  // Some already write while they wait.
  if (startAt - arrivedAt > 30_000 && random.chance(0.35))
    lines.push({ who: 'visitor', text: random.pick(WHILE_WAITING), at: arrivedAt + 12_000 });
  let at = startAt;
  for (const { who, text, gap } of script) {
    at += gap;
    lines.push({ who, text, at });
  }
  const spoken = lines.findLast(({ who }) => who !== 'card')?.at ?? startAt;
  const endAt =
    cause === 'TIME_LIMIT'
      ? startAt + TEXT_LIMIT
      : cause === 'SILENCE'
        ? spoken + SILENCE
        : spoken + random.between(4, 40) * 1_000;
  return {
    endAt,
    cause,
    lines,
    rating: rate(random, { counselor, waited: startAt - arrivedAt, endAt, course }),
  };
}
