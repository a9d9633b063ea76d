/** Keyword rules: they mark a message for staff and put who waits forward. Only a rule's id is stored, never what it met. */
import { URGENCIES, type Urgency } from '../../contract/enums.js';
import type { Policy } from '../policy/rules.js';

/** As rules compare: one spelling, without spaces and signs between the characters. */
const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, '');

type Rules = Policy['riskWords'];
const compiled = new WeakMap<Rules, { id: string; words: string[] }[]>();

/** @returns ids of the rules of which a word stands in the text */
export function marksOf(rules: Rules, text: string): string[] {
  if (rules.length === 0) return [];
  let ready = compiled.get(rules);
  if (!ready) {
    ready = rules.map(({ id, words }) => ({ id, words: words.map(plain).filter((word) => word !== '') }));
    compiled.set(rules, ready);
  }
  const said = plain(text);
  return ready.filter(({ words }) => words.some((word) => said.includes(word))).map(({ id }) => id);
}

/** The most urgent of some rules. */
export const urgencyOf = (rules: Rules, ids: readonly string[]): Urgency =>
  URGENCIES.findLast((each) => rules.some(({ id, urgency }) => urgency === each && ids.includes(id))) ??
  'none';
