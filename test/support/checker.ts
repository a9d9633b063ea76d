/**
 * Judges a history against what is stored and shown (invariants.md I1–I4, I6, I8). Pure: it is given everything,
 * so a test can hand it a history with a fault and see it found (test/chaos/checker.test.ts).
 */
import type { Send } from './history.js';

/** A stored or shown message, as far as the promises speak of it. */
export interface Line {
  id: string;
  seq: number;
  /** null = the system */
  sender: string | null;
  clientMsgId: string;
  event?: string;
}

export interface Verdict {
  lost: number;
  double: number;
  gaps: number;
  order: number;
  /** Two answers to one clientMsgId that differ. */
  split: number;
  afterEnd: number;
  faults: string[];
}

const fresh = (): Verdict => ({
  lost: 0,
  double: 0,
  gaps: 0,
  order: 0,
  split: 0,
  afterEnd: 0,
  faults: [],
});

/** I1, I2, I3 and I9 of one conversation, from its rows in any order. */
export function judgeTranscript(
  conversation: string,
  lines: readonly Line[],
  sends: readonly Send[],
): Verdict {
  const verdict = fresh();
  const fault = (kind: Exclude<keyof Verdict, 'faults'>, what: string) => {
    verdict[kind] += 1;
    verdict.faults.push(`${kind}: ${conversation} ${what}`);
  };
  const rows = [...lines].sort((a, b) => a.seq - b.seq);
  rows.forEach((row, index) => {
    const before = rows[index - 1]?.seq ?? 0;
    if (row.seq === before) fault('double', `seq ${String(row.seq)} twice`);
    else if (row.seq !== before + 1) fault('gaps', `${String(before)} → ${String(row.seq)}`);
  });
  const end = rows.findIndex((row) => row.event === 'ended');
  if (end >= 0 && end < rows.length - 1) fault('afterEnd', `${String(rows.length - 1 - end)} after the end`);

  const byKey = new Map<string, Line[]>();
  for (const row of rows) {
    const key = `${row.sender ?? ''} ${row.clientMsgId}`;
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  for (const [key, same] of byKey)
    if (same.length > 1) fault('double', `${key} at ${same.map(({ seq }) => seq).join(', ')}`);

  const acked = sends.filter((send) => send.outcome === 'ok');
  for (const send of acked) {
    const first = byKey.get(`${send.sender} ${send.clientMsgId}`)?.[0];
    if (!first) fault('lost', `${send.clientMsgId} of ${send.sender}`);
    const answers = new Set(send.receipts.map(({ id, seq }) => `${id} ${String(seq)}`));
    if (answers.size > 1) fault('split', `${send.clientMsgId}: ${[...answers].join(' / ')}`);
    if (first && !answers.has(`${first.id} ${String(first.seq)}`))
      fault('split', `${send.clientMsgId} stored as ${String(first.seq)}, told ${[...answers].join()}`);
  }
  // If a was acknowledged before b was sent, a stands before b; one sender sends one after the other, so this
  // holds each sender's order too.
  const timed = acked
    .map((send) => ({ send, seq: send.receipts[0]?.seq ?? 0, done: send.settledAt ?? Infinity }))
    .sort((a, b) => a.done - b.done);
  let highest = 0;
  let next = 0;
  for (const b of [...timed].sort((x, y) => x.send.invokedAt - y.send.invokedAt)) {
    while ((timed[next]?.done ?? Infinity) < b.send.invokedAt) {
      highest = Math.max(highest, timed[next]?.seq ?? 0);
      next += 1;
    }
    if (b.seq < highest) fault('order', `${b.send.clientMsgId} at ${String(b.seq)} after ${String(highest)}`);
  }
  return verdict;
}

/** I4: a party shows exactly 1..n. */
export function judgeView(
  who: string,
  shown: readonly { seq: number; id: string }[],
  lines: readonly Line[],
): string[] {
  const stored = [...lines].sort((a, b) => a.seq - b.seq);
  const same = shown.length === stored.length && shown.every((row, index) => row.id === stored[index]?.id);
  return same ? [] : [`${who} shows ${shown.map(({ seq }) => seq).join()} of ${String(stored.length)}`];
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  const total = fresh();
  for (const verdict of verdicts) {
    for (const kind of ['lost', 'double', 'gaps', 'order', 'split', 'afterEnd'] as const)
      total[kind] += verdict[kind];
    total.faults.push(...verdict.faults);
  }
  return total;
}

export interface SeatRow {
  counselor: string;
  maxConsults: number;
  seats: readonly { conversation: string; state: string }[];
}
export interface OpenRow {
  id: string;
  visitor: string;
  counselor: string | null;
  status: string;
}

/** I6 and I8 once everything is settled: seats held = sessions owned, no drift; one open conversation a visitor. */
export function judgeSeats(duties: readonly SeatRow[], open: readonly OpenRow[]): string[] {
  const faults: string[] = [];
  const held = duties.flatMap((duty) =>
    duty.seats
      .filter(({ state }) => state !== 'WRAP_UP')
      .map((seat) => `${duty.counselor} ${seat.conversation}`),
  );
  const owned = new Set(
    open.filter(({ status }) => status === 'IN_PROGRESS').map((row) => `${row.counselor ?? '?'} ${row.id}`),
  );
  for (const seat of held) {
    if (!owned.has(seat)) faults.push(`a seat without its session: ${seat}`);
    if (held.filter((other) => other === seat).length > 1) faults.push(`a seat twice: ${seat}`);
  }
  for (const session of owned)
    if (!held.includes(session)) faults.push(`a session without a seat: ${session}`);
  const visitors = open.map(({ visitor }) => visitor);
  for (const visitor of new Set(visitors))
    if (visitors.filter((other) => other === visitor).length > 1)
      faults.push(`two open conversations: ${visitor}`);
  return faults;
}
