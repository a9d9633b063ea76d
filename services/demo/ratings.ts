import type { Course } from './dialogue.js';
import type { DemoPerson } from './people.js';
import type { Random } from './random.js';
import { RATINGS } from './topics/common.js';

export interface Rating {
  at: number;
  /** Of the conversation, 1 to 5. */
  level: number;
  words: string | null;
  tags: string[];
  /** Of the counselor, where that was rated too. */
  counselorLevel: number | null;
}

const LONG_WAIT = 6 * 60_000;

/** Six of ten rate; who waited long or was cut off rates lower, and some counselors are rated higher than others. */
export function rate(
  random: Random,
  past: { counselor: DemoPerson; waited: number; endAt: number; course: Course },
): Rating | null {
  if (past.course === 'silence' || !random.chance(0.65)) return null;
  const spoilt = (past.waited > LONG_WAIT ? 0.25 : 0) + (past.course === 'limit' ? 0.1 : 0);
  const warmth = Math.max(0.1, (past.counselor.warmth ?? 0.6) - spoilt);
  const cold = 1 - warmth;
  const weights = [0.15 * cold, 0.5 * cold, 2.2 * cold, 2.5, 5 * warmth];
  const level = random.weighted([1, 2, 3, 4, 5], (value) => weights[value - 1] ?? 0);
  const said = RATINGS[level] ?? { words: [], tags: [] };
  const nearby = Math.min(5, Math.max(1, level + random.between(-1, 1)));
  return {
    at: past.endAt + random.between(8, 240) * 1_000,
    level,
    words: random.chance(0.45) ? random.pick(said.words) : null,
    tags: said.tags.filter(() => random.chance(0.55)),
    counselorLevel: random.chance(0.5) ? nearby : null,
  };
}
