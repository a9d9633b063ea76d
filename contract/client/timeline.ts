/**
 * One conversation's messages, pure and immutable: an unbroken run low..high sorted by seq, and apart from it
 * whatever arrived beyond a hole. The seq has no holes by contract, so a hole is a push that got lost.
 */
import type { Message } from '../message.js';
import type { PendingMessage, Row } from './types.js';

export interface Timeline {
  readonly messages: readonly Message[];
  /** Seq of the first held message; what is below is history that was not paged in. */
  readonly low: number;
  /** Seq up to which nothing is missing; what `sync` is asked to go on from. */
  readonly high: number;
  /** Arrived too early; sorted. */
  readonly ahead: readonly Message[];
}

export const emptyTimeline = (after = 0): Timeline => ({
  messages: [],
  low: after + 1,
  high: after,
  ahead: [],
});

export const hasHole = (timeline: Timeline) => timeline.ahead.length > 0;
export const hasOlder = (timeline: Timeline) => timeline.low > 1;

/** A recalled message stays as a row without its words. */
export const tombstone = (message: Message): Message => {
  const rest = { ...message };
  delete rest.text;
  delete rest.data;
  delete rest.attachment;
  return { ...rest, recalled: true };
};

/** Recalls of messages held: told by a numbered system message, so that whoever was away learns of it too. */
function withRecalls(messages: readonly Message[], seqs: ReadonlySet<number>): readonly Message[] {
  if (seqs.size === 0) {
    return messages;
  }
  return messages.map((message) =>
    seqs.has(message.seq) && message.recalled !== true ? tombstone(message) : message,
  );
}

const recalledBy = (messages: readonly Message[]): Set<number> =>
  new Set(
    messages.flatMap((message) =>
      message.event === 'recalled' && message.ref !== undefined ? [message.ref] : [],
    ),
  );

/** Takes in messages in any order and number; doubles vanish, early ones wait, tombstones win. */
export function merge(timeline: Timeline, incoming: readonly Message[]): Timeline {
  const early = new Map(timeline.ahead.map((message) => [message.seq, message]));
  const recalled = recalledBy(incoming);
  for (const message of incoming) {
    if (message.seq > timeline.high) {
      early.set(message.seq, message);
    } else if (message.recalled === true) {
      recalled.add(message.seq);
    }
  }
  let high = timeline.high;
  const next: Message[] = [];
  for (let message = early.get(high + 1); message !== undefined; message = early.get(high + 1)) {
    next.push(message);
    early.delete(message.seq);
    high = message.seq;
  }
  if (next.length === 0 && recalled.size === 0 && early.size === timeline.ahead.length) {
    return timeline;
  }
  return {
    low: timeline.low,
    high,
    messages: withRecalls(next.length > 0 ? [...timeline.messages, ...next] : timeline.messages, recalled),
    ahead: [...early.values()].sort((a, b) => a.seq - b.seq),
  };
}

/** A page of older history in front; only what joins on without a hole is taken. */
export function prepend(timeline: Timeline, page: readonly Message[]): Timeline {
  const older: Message[] = [];
  let low = timeline.low;
  for (const message of [...page].sort((a, b) => b.seq - a.seq)) {
    if (message.seq === low - 1) {
      older.push(message);
      low = message.seq;
    }
  }
  if (older.length === 0) {
    return timeline;
  }
  const messages = [...older.reverse(), ...timeline.messages];
  return { ...timeline, low, messages: withRecalls(messages, recalledBy(timeline.messages)) };
}

/** A timeline that begins with the newest page, with anything already known kept as early arrivals. */
export function fromNewestPage(page: readonly Message[], known: readonly Message[] = []): Timeline {
  const newest = page.reduce((highest, message) => Math.max(highest, message.seq), 0);
  const base = prepend(emptyTimeline(newest), page);
  return merge({ ...base, messages: withRecalls(base.messages, recalledBy(base.messages)) }, known);
}

export function recall(timeline: Timeline, seq: number): Timeline {
  const target = timeline.messages.find((message) => message.seq === seq);
  if (target === undefined || target.recalled === true) {
    return timeline;
  }
  return { ...timeline, messages: withRecalls(timeline.messages, new Set([seq])) };
}

/** Where a pending line stands: at its seq once it has one, refused where it was written, else at the end. */
function placeOf(row: PendingMessage): number {
  if (row.receipt !== undefined) {
    return row.receipt.seq;
  }
  return row.state === 'failed' ? row.after + 0.5 : Infinity;
}

/** The lines to show: the timeline with our own pending ones in their places, in the order they were written. */
export function rowsOf(messages: readonly Message[], pending: readonly PendingMessage[]): Row[] {
  const held = new Set(pending.length === 0 ? [] : messages.map((message) => message.seq));
  const waiting = pending.filter((row) => row.receipt === undefined || !held.has(row.receipt.seq));
  const rows: { at: number; row: Row }[] = messages.map((message) => ({
    at: message.seq,
    row: { key: message.clientMsgId ?? message.id, message },
  }));
  rows.push(...waiting.map((row) => ({ at: placeOf(row), row: { key: row.clientMsgId, pending: row } })));
  if (waiting.length > 0) {
    // Infinity minus Infinity is no number; equal places keep their order.
    rows.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at));
  }
  return rows.map(({ row }) => row);
}

/** A message that another one quotes, if it is held: seq has no holes, so its place is known. */
export function heldAt(messages: readonly Message[], seq: number): Message | undefined {
  const [first] = messages;
  return first === undefined ? undefined : messages[seq - first.seq];
}
