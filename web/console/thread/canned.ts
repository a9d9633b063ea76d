/** Canned replies as the composer uses them: what follows `/` before the caret, what fits, and whose names go in. */
import type { CannedReply } from '../../../contract/canned-reply.js';
import type { REPLY_VARIABLES } from '../../../contract/enums.js';

/** What is typed behind a `/` that begins a line or follows a blank; longer than that is no search any more. */
const ASKED = /(?:^|\s)\/([^\s/]{0,20})$/;

export interface Asked {
  /** Lower case. */
  query: string;
  /** Where the `/` stands. */
  from: number;
  /** Where the caret stands. */
  to: number;
}

/** @returns null where nothing is asked for */
export function askedAt(text: string, caret: number): Asked | null {
  const match = ASKED.exec(text.slice(0, caret));
  if (match === null) return null;
  const query = match[1] ?? '';
  return { query: query.toLowerCase(), from: caret - query.length - 1, to: caret };
}

/** By title, its pinyin, category or words; what begins with the query first. */
export function fitting(rows: readonly CannedReply[], query: string): CannedReply[] {
  const rank = ({ title, pinyin, category, text }: CannedReply) => {
    const heads = [title.toLowerCase(), ...pinyin];
    if (heads.some((head) => head.startsWith(query))) return 0;
    if (heads.some((head) => head.includes(query))) return 1;
    return category.toLowerCase().includes(query) || text.toLowerCase().includes(query) ? 2 : 3;
  };
  return rows
    .map((row) => ({ row, at: rank(row) }))
    .filter(({ at }) => at < 3)
    .sort((left, right) => left.at - right.at)
    .map(({ row }) => row);
}

type Names = Record<(typeof REPLY_VARIABLES)[number], string | null | undefined>;

/** Puts the names where the variables stand; one without a name is left for the writer to see. */
export function filled(text: string, names: Names): string {
  return text.replace(
    /\{\{\s*([^{}\s]+)\s*\}\}/g,
    (whole, name: string) => (names as Record<string, string | null | undefined>)[name] ?? whole,
  );
}
