/** What the rollups count: each kind with how it is read and which figures it gives. */
import { Types, type Model } from 'mongoose';
import type { Models } from '../../models/index.js';
import type { Cell } from '../../models/rollup.js';
import {
  PRESENCE_FIELDS,
  RATING_FIELDS,
  SESSION_FIELDS,
  presenceFacts,
  ratingFacts,
  sessionFacts,
  type CountedPresence,
  type CountedRating,
  type CountedSession,
} from './facts.js';

/** A document that a source reads; `unrolled` is the mark of models/countable.ts. */
export interface Counted {
  _id: Types.ObjectId;
  institution: string;
  unrolled?: Types.ObjectId;
}

/** Sessions, ratings, presence: the first letter of its rows in `rolledFacts`. */
export type SourceKind = 'c' | 'e' | 'p';

export interface Source {
  kind: SourceKind;
  model: Model<Counted>;
  fields: Record<string, 1>;
  /** Still going on: counted live, never rolled up. */
  isOpen(row: Counted): boolean;
  facts(row: Counted, now: number): Cell[];
}

/** A typed source behind the common shape. */
function source<Row extends Counted>(definition: {
  kind: SourceKind;
  model: unknown;
  fields: Record<string, 1>;
  isOpen(row: Row): boolean;
  facts(row: Row, now: number): Cell[];
}): Source {
  return definition as unknown as Source;
}

export const sourcesOf = (models: Models): Source[] => [
  source<CountedSession>({
    kind: 'c',
    model: models.Conversation,
    fields: SESSION_FIELDS,
    isOpen: ({ status }) => status === 'WAITING' || status === 'IN_PROGRESS',
    facts: sessionFacts,
  }),
  source<CountedRating>({
    kind: 'e',
    model: models.Evaluation,
    fields: RATING_FIELDS,
    isOpen: () => false,
    facts: ratingFacts,
  }),
  source<CountedPresence>({
    kind: 'p',
    model: models.PresenceInterval,
    fields: PRESENCE_FIELDS,
    isOpen: ({ to }) => to === null,
    facts: presenceFacts,
  }),
];

/** Every marked document: ids grow, so a range from the lowest finds them through the sparse index. */
export const UNROLLED = { unrolled: { $gt: new Types.ObjectId('0'.repeat(24)) } } as const;

export const factsId = (epoch: number, kind: string, id: Types.ObjectId): string =>
  `${String(epoch)}|${kind}|${id.toHexString()}`;
