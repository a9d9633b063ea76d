/**
 * What clients saw, as it happened: every send from its first try to the answer that settled it. Saved as lines of
 * JSON, judged by checker.ts. Times are this process's own monotonic milliseconds, so "before" can be trusted.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessageReceipt } from '../../contract/message.js';

/** ok = we hold a positive answer; fail = refused for good; unknown = neither came. */
export type Outcome = 'ok' | 'fail' | 'unknown';

export interface Send {
  conversation: string;
  sender: string;
  clientMsgId: string;
  invokedAt: number;
  settledAt: number | null;
  outcome: Outcome;
  /** Every positive answer; more than one when it was asked again or on two nodes at once. */
  receipts: { id: string; seq: number }[];
  refusal: string | null;
  tries: number;
}

interface Try {
  node: number;
  send: Send;
}

export interface History {
  sends: ReadonlyMap<string, Send>;
  /** A try begins; settle it with what came back. */
  begin(
    node: number,
    message: { conversationId: string; clientMsgId: string },
    sender: string,
  ): {
    ok(receipt: MessageReceipt): void;
    fail(code: string): void;
    unknown(): void;
  };
  /** Tries that wait for an answer now, on any node or on one. */
  inFlight(node?: number): number;
  /** Notes anything else that happened, with its time. */
  note(what: string, facts?: Record<string, unknown>): void;
  /** Resolves at the next positive answer that comes on this node (or any), with its moment. */
  nextOk(node?: number): Promise<number>;
  /** Resolves when the next try begins there. */
  nextTry(node?: number): Promise<void>;
  acked(): number;
  /** Writes everything down; answers the file. */
  save(name: string): string;
}

const WORTH_ANOTHER_TRY = new Set([
  'UNAVAILABLE',
  'OVERLOADED',
  'RATE_LIMITED',
  'INTERNAL',
  'DISCONNECTED',
  'TIMEOUT',
]);

export function createHistory(now: () => number = () => performance.now()): History {
  const sends = new Map<string, Send>();
  const flying = new Set<Try>();
  const notes: Record<string, unknown>[] = [];
  let waiters: { kind: 'ok' | 'try'; node: number | undefined; resolve: (at: number) => void }[] = [];

  function tell(kind: 'ok' | 'try', node: number): void {
    const heard = waiters.filter((each) => each.kind === kind && (each.node ?? node) === node);
    waiters = waiters.filter((each) => !heard.includes(each));
    for (const each of heard) each.resolve(now());
  }
  const wait = (kind: 'ok' | 'try', node: number | undefined) =>
    new Promise<number>((resolve) => waiters.push({ kind, node, resolve }));

  return {
    sends,
    begin(node, { conversationId, clientMsgId }, sender) {
      const key = `${conversationId} ${sender} ${clientMsgId}`;
      const send = sends.get(key) ?? {
        conversation: conversationId,
        sender,
        clientMsgId,
        invokedAt: now(),
        settledAt: null,
        outcome: 'unknown' as Outcome,
        receipts: [],
        refusal: null,
        tries: 0,
      };
      send.tries += 1;
      sends.set(key, send);
      const flight: Try = { node, send };
      flying.add(flight);
      tell('try', node);
      const land = () => flying.delete(flight);
      return {
        ok({ id, seq }) {
          if (!land()) return;
          send.receipts.push({ id, seq });
          send.settledAt ??= now();
          send.outcome = 'ok';
          tell('ok', node);
        },
        fail(code) {
          if (!land()) return;
          if (WORTH_ANOTHER_TRY.has(code) || send.outcome === 'ok') return;
          send.outcome = 'fail';
          send.refusal = code;
          send.settledAt ??= now();
        },
        unknown: () => void land(),
      };
    },
    inFlight: (node) =>
      node === undefined ? flying.size : [...flying].filter((each) => each.node === node).length,
    note(what, facts = {}) {
      notes.push({ at: Math.round(now()), what, ...facts });
    },
    nextOk: (node) => wait('ok', node),
    async nextTry(node) {
      await wait('try', node);
    },
    acked: () => [...sends.values()].filter((send) => send.outcome === 'ok').length,
    save: (name) =>
      saveLines(name, [...notes, ...[...sends.values()].map((send) => ({ what: 'send', ...send }))]),
  };
}

/** Keeps a history, one JSON a line; answers the file. */
export function saveLines(name: string, lines: readonly unknown[]): string {
  const folder = process.env['PROOF_DIR'] ?? join(tmpdir(), 'hotline-proof');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.jsonl`);
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  return file;
}

/** One line of the result table; `npm run chaos` and its brothers sum them over their runs. */
export interface Result {
  test: string;
  seed: number;
  /** What was counted; the table adds them up (keys that begin with "max" take the highest). */
  counts: Record<string, number>;
  violations: string[];
  engines?: string;
}

/** Keeps the result where the script that started this run looks for it. */
export function report(result: Result): void {
  const line = `${result.test} seed ${String(result.seed)} ${JSON.stringify(result.counts)}`;
  process.stdout.write(`${line}\n`);
  const folder = process.env['PROOF_DIR'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const engines = `${process.env['MONGO_ENGINE'] ?? '?'}, ${process.env['REDIS_ENGINE'] ?? '?'}`;
  writeFileSync(
    join(folder, `${result.test}-${String(result.seed)}.json`),
    JSON.stringify({ engines, ...result }),
  );
}
