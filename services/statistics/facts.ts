/**
 * What one source puts into which hours: pure functions of the stored document, shared by the rollups and by the
 * live correction of what they have not counted yet, so that the two can't differ.
 */
import type { Types } from 'mongoose';
import type { Conversation } from '../../models/conversation.js';
import type { PresenceInterval } from '../../models/presence-interval.js';
import type { Evaluation } from '../../models/evaluation.js';
import type { Cell, Values } from '../../models/rollup.js';

export const HOUR_MS = 3_600_000;

/** Shanghai is whole hours from UTC: an hour there is an hour here. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

/** What is read of a session; everything that a figure depends on. */
export const SESSION_FIELDS = {
  type: 1,
  status: 1,
  institution: 1,
  counselor: 1,
  startAt: 1,
  endAt: 1,
  endCause: 1,
  deletedAt: 1,
  figuresStay: 1,
  history: 1,
  firstReply: 1,
  createdAt: 1,
  unrolled: 1,
} as const;
export type CountedSession = Pick<Conversation, '_id' | keyof typeof SESSION_FIELDS>;

/** Deleted by hand = it was not a record. What a purge or a person's request took away had taken place. */
export const counts = (row: Pick<Conversation, 'type' | 'deletedAt' | 'figuresStay'>): boolean =>
  row.type === 'COUNSELING_SESSION' && (!row.deletedAt || row.figuresStay === true);

type Counselor = Types.ObjectId | null;

/** Gathers figures hour by hour. */
function gather() {
  const cells = new Map<string, Cell>();
  return {
    add(at: number, counselor: Counselor, values: Values) {
      const hour = hourOf(at);
      const key = `${String(hour)}|${counselor?.toHexString() ?? ''}`;
      const cell = cells.get(key) ?? { at: new Date(hour), counselor, values: {} };
      for (const [name, value] of Object.entries(values))
        cell.values[name] = (cell.values[name] ?? 0) + value;
      cells.set(key, cell);
    },
    /** A span of time, each hour with its part; so many times over. */
    spread(from: number, to: number, counselor: Counselor, name: string, times = 1) {
      if (times === 0) return;
      for (let at = from; at < to;) {
        const end = Math.min(hourOf(at) + HOUR_MS, to);
        this.add(at, counselor, { [name]: (end - at) * times });
        at = end;
      }
    },
    cells: () => [...cells.values()],
  };
}

/**
 * A session's figures. Those of the queue stand in the hour of its arrival, so that rates compare like with like;
 * `begun`, the first reply in the hour of its beginning; ends in the hour of the end; handling hour by hour with
 * whoever had it. A running one is counted until now.
 */
export function sessionFacts(row: CountedSession, now: number): Cell[] {
  if (!counts(row)) return [];
  const facts = gather();
  const startAt = row.startAt?.getTime() ?? null;
  const endAt = row.endAt?.getTime() ?? null;
  // Rows of before there was a time of arrival begin with their start.
  const arrivedAt = (row.createdAt as Date | undefined)?.getTime() ?? startAt;
  if (arrivedAt !== null) {
    facts.add(arrivedAt, null, { arrivals: 1 });
    if (startAt !== null) facts.add(arrivedAt, null, { waited: 1, waitMs: Math.max(0, startAt - arrivedAt) });
    else if (endAt !== null) facts.add(arrivedAt, null, { abandoned: 1 });
  }
  if (startAt !== null) {
    facts.add(startAt, row.counselor, { begun: 1 });
    if (row.firstReply) {
      const { at, by } = row.firstReply;
      facts.add(startAt, by, { replied: 1, replyMs: Math.max(0, at.getTime() - startAt) });
    }
    for (const { from, to, counselor } of stints(row, startAt, endAt ?? now))
      facts.spread(from, to, counselor, 'handledMs');
  }
  if (endAt !== null && row.endCause) {
    facts.add(endAt, row.counselor, {
      [`end:${row.endCause}`]: 1,
      ...(startAt === null ? {} : { ended: 1 }),
    });
  }
  return facts.cells();
}

/** Who had it from when to when; the queue's own time is nobody's. */
function stints(row: CountedSession, startAt: number, until: number) {
  const owners = (row.history ?? []).filter(({ event }) => event !== 'opened' && event !== 'ended');
  const known = owners.length > 0 ? owners : [{ counselor: row.counselor, at: new Date(startAt) }];
  return known.flatMap(({ counselor, at }, index) => {
    const to = Math.min(known[index + 1]?.at.getTime() ?? until, until);
    return counselor === null || to <= at.getTime() ? [] : [{ counselor, from: at.getTime(), to }];
  });
}

export const PRESENCE_FIELDS = {
  institution: 1,
  counselor: 1,
  state: 1,
  connected: 1,
  taken: 1,
  cap: 1,
  from: 1,
  to: 1,
  unrolled: 1,
} as const;
export type CountedPresence = Pick<PresenceInterval, '_id' | keyof typeof PRESENCE_FIELDS>;

/** Occupancy is seats held over seats there, each times how long (models/presence-interval.ts). */
export function presenceFacts(row: CountedPresence, now: number): Cell[] {
  const facts = gather();
  const [from, to] = [row.from.getTime(), row.to?.getTime() ?? now];
  if (row.state === 'online' && row.connected) facts.spread(from, to, row.counselor, 'onlineMs');
  facts.spread(from, to, row.counselor, 'seatMs', row.taken);
  facts.spread(from, to, row.counselor, 'capMs', row.cap);
  return facts.cells();
}

export const RATING_FIELDS = { institution: 1, counselor: 1, level: 1, at: 1, unrolled: 1 } as const;
export type CountedRating = Pick<Evaluation, '_id' | keyof typeof RATING_FIELDS>;

/** A rating without a level counts nowhere; it stands in the hour in which it was first given. */
export function ratingFacts(row: CountedRating): Cell[] {
  if (!row.level) return [];
  const facts = gather();
  facts.add(row.at.getTime(), row.counselor, { rated: 1, ratingSum: row.level });
  return facts.cells();
}
