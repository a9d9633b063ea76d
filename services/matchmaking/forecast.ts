/**
 * How long each of a line will wait: the line is played through many times against the seats there are, with session
 * lengths drawn from past sessions. Pure, and the same on every node: chance begins at a fixed seed.
 */

/** A seat that is held. */
export interface BusySeat {
  /** How long its session has gone on, in milliseconds. */
  elapsed: number;
  /** It is free after that much longer at the latest. */
  most: number;
  /** And not before: the end of a wrap-up. */
  sure: boolean;
}

export interface ForecastChair {
  id: string;
  cap: number;
  /** Takes whoever comes; otherwise only who asked for them by name. */
  common: boolean;
  seats: readonly BusySeat[];
}

export interface ForecastWaiter {
  id: string;
  requested: string | null;
}

/** Milliseconds from now; four in five are expected between the two. */
export interface Range {
  least: number;
  most: number;
}

const RUNS = 60;
const [LOW, HIGH] = [0.1, 0.9];
/** With fewer past sessions nothing is known of how long one takes. */
export const LEAST_SESSIONS = 10;

/**
 * @param line next first
 * @param lengths of past sessions, in milliseconds
 * @returns nothing for whom no seat comes in one run of ten, and for nobody while too little is known
 */
export function forecast(
  line: readonly ForecastWaiter[],
  chairs: readonly ForecastChair[],
  lengths: readonly number[],
): Map<string, Range> {
  const ranges = new Map<string, Range>();
  if (lengths.length < LEAST_SESSIONS) return ranges;
  const sorted = lengths.toSorted((a, b) => a - b);
  const random = dice();
  const waits = new Map<string, number[]>(line.map(({ id }) => [id, []]));
  for (let run = 0; run < RUNS; run += 1)
    for (const [id, wait] of play(line, chairs, sorted, random)) waits.get(id)?.push(wait);
  for (const [id, all] of waits) {
    const ordered = all.sort((a, b) => a - b);
    const least = ordered[Math.floor(RUNS * LOW)];
    // Who was not served in a run would have waited longer than all others.
    const most = ordered[Math.ceil(RUNS * HIGH) - 1];
    if (least !== undefined && most !== undefined) ranges.set(id, { least, most });
  }
  return ranges;
}

/** One course of events. @returns who waits how long */
function play(
  line: readonly ForecastWaiter[],
  chairs: readonly ForecastChair[],
  lengths: readonly number[],
  random: () => number,
): Map<string, number> {
  const draw = (elapsed: number) => lengths[longerThan(lengths, elapsed, random)];
  const left = ({ elapsed, most, sure }: BusySeat) => {
    if (sure) return most;
    // Longer than every past one: any moment up to its limit.
    const length = draw(elapsed) ?? elapsed + random() * most;
    return Math.min(length - elapsed, most);
  };
  const frees: { at: number; chair: ForecastChair }[] = chairs.flatMap((chair) => {
    const ends = chair.seats.map(left).sort((a, b) => a - b);
    // Above a lowered cap the first ends give no seat back.
    const usable = ends.slice(Math.max(0, ends.length - chair.cap));
    const free = Array.from({ length: Math.max(0, chair.cap - ends.length) }, () => 0);
    return [...free, ...usable].map((at) => ({ at, chair }));
  });
  const waits = new Map<string, number>();
  const rest = [...line];
  while (rest.length > 0 && frees.length > 0) {
    let next = 0;
    for (let index = 1; index < frees.length; index += 1)
      if ((frees[index]?.at ?? 0) < (frees[next]?.at ?? 0)) next = index;
    const [seat] = frees.splice(next, 1);
    if (!seat) break;
    const { at, chair } = seat;
    // As choose.ts does: a freed seat takes its own before the common line.
    const named = rest.findIndex(({ requested }) => requested === chair.id);
    const index = named >= 0 || !chair.common ? named : rest.findIndex(({ requested }) => requested === null);
    const [served] = index < 0 ? [] : rest.splice(index, 1);
    // Nobody who is here now wants it.
    if (!served) continue;
    waits.set(served.id, at);
    frees.push({ at: at + (draw(0) ?? 0), chair });
  }
  return waits;
}

/** Where to find one by chance among those that are longer. */
function longerThan(sorted: readonly number[], elapsed: number, random: () => number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > elapsed) high = middle;
    else low = middle + 1;
  }
  return low + Math.floor(random() * (sorted.length - low));
}

/** mulberry32: small, quick, and even enough for this. */
function dice(): () => number {
  let state = 20_241_123;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
