/** Turns a topic's templates into one conversation: who says what, and how long after the line before. */
import type { Random } from './random.js';
import * as common from './topics/common.js';
import type { Topic } from './topics/topic.js';

export type Speaker = 'visitor' | 'counselor' | 'card';

export interface Line {
  who: Speaker;
  text: string;
  /** Milliseconds since the line before. */
  gap: number;
}

/** How a conversation goes out: to its end, into silence, or into the time limit. */
export type Course = 'whole' | 'silence' | 'limit';

/** Most lines of one conversation; assignment and end come on top. */
const MOST_LINES = 38;
const SECOND = 1_000;

export function writeDialogue(random: Random, topic: Topic, counselor: string, course: Course): Line[] {
  const words: Record<string, string> = { counselor };
  for (const [name, choices] of Object.entries(topic.words ?? {})) words[name] = random.pick(choices);
  const visitorPace = random.skewed(1, 0.35);
  const counselorPace = random.skewed(1, 0.25);
  const lines: Line[] = [];

  const say = (who: Speaker, template: string) => {
    for (const [index, bubble] of template.split('|').entries()) {
      const text = bubble.replace(/\{(\w+)\}/g, (_whole, name: string) => words[name] ?? '');
      const typing = text.length * (who === 'visitor' ? 0.8 * visitorPace : 1.1 * counselorPace);
      const thinking = index > 0 ? 2 : random.skewed(who === 'visitor' ? 14 : 18, 0.6);
      lines.push({ who, text, gap: Math.round((thinking + typing) * SECOND) });
    }
  };
  const some = (who: Speaker, list: readonly string[]) => {
    say(who, random.pick(list));
  };

  some('visitor', topic.opening);
  some('counselor', common.WELCOME);
  const beats = topic.sensitive ? topic.beats : topic.beats.filter(() => random.chance(0.78));
  const told = course === 'silence' ? beats.slice(0, random.between(2, 3)) : beats;
  for (const [index, beat] of told.entries()) {
    some('visitor', beat.visitor);
    if (random.chance(0.15)) {
      some('counselor', common.ASK_MORE);
      some('visitor', common.GOES_ON);
    }
    some('counselor', beat.counselor);
    // The crisis card stands where the counselor asks about safety.
    if (topic.sensitive && index === 3) say('card', '');
    if (!topic.sensitive && random.chance(0.15)) {
      some('visitor', common.GOES_ON);
      some('counselor', common.HOLDS);
    }
  }
  if (course === 'silence') {
    some('counselor', common.STILL_THERE);
    return lines.slice(0, MOST_LINES);
  }
  some('counselor', topic.offer);
  some('visitor', common.TAKES_UP);
  if (course === 'limit') {
    some('counselor', common.OUT_OF_TIME);
    return lines.slice(0, MOST_LINES);
  }
  const tooMuch = lines.splice(MOST_LINES - 6);
  if (tooMuch.length === 0) {
    some('counselor', common.SUMS_UP);
    some('visitor', common.FEELS_NOW);
  }
  some('counselor', common.FAREWELL);
  if (random.chance(0.7)) some('visitor', common.LAST_WORD);
  return lines;
}

/** Stretches or presses the gaps so that the whole takes this long; the first line keeps its own. */
export function paceTo(lines: Line[], total: number): void {
  const [first, ...rest] = lines;
  if (!first || rest.length === 0) return;
  const factor = Math.max(0, total - first.gap) / rest.reduce((sum, line) => sum + line.gap, 0);
  for (const line of rest) line.gap = Math.max(1, Math.floor(line.gap * factor));
}
