/**
 * The message journal of one node: group commit (design.md, "Message path"). Messages that wait while the previous
 * write is under way leave together, and each is acknowledged after it. A conversation is in one write at a time: its
 * messages stand there in a run, numbered head + 1, head + 2, … under a unique index. The write is ordered, so that a
 * clash with another node stops the run where it is: no gap is left and no sender's order is turned round.
 */
import { Types } from 'mongoose';
import type { Message as WireMessage } from '../../contract/message.js';
import type { Models } from '../../models/index.js';
import { mayStandIn, type Message } from '../../models/message.js';
import type { Bus } from '../../platform/bus.js';
import type { Clock } from '../../platform/clock.js';
import { AppError } from '../../platform/errors.js';
import type { Logger } from '../../platform/log.js';
import type { DomainEvent } from '../events.js';
import { headAt, rowOf, type Appended, type Entry } from './entry.js';
import { createHeads } from './heads.js';
import { insertInOrder, insertUnordered } from './insert.js';
import { presentMessage } from '../presenters/message.js';

export interface Journal {
  /**
   * Resolves once the message is durable.
   * @throws AppError CONVERSATION_ENDED, OVERLOADED (retry in ms), UNAVAILABLE (the outcome is unknown: ask again
   * with the same clientMsgId), or what `recheck` throws
   */
  append(entry: Entry): Promise<Appended>;
  /** Waits until nothing is in flight and writes what is written behind. */
  close(): Promise<void>;
  /** Messages accepted and not yet answered. */
  depth(): number;
}

interface Pending {
  entry: Entry;
  id: Types.ObjectId;
  row: Message | null;
  since: number;
  clashedAt: number | null;
  settled: boolean;
  resolve: (appended: Appended) => void;
  reject: (error: unknown) => void;
}

interface Lane {
  id: string;
  /** In the order of their numbers; those with a row are in front, each linked to the one before it. */
  waiting: Pending[];
  busy: boolean;
}

interface Sent {
  lane: Lane;
  pending: Pending;
  row: Message;
}

const MAX_BATCH = 500;
/** Messages of one conversation in one write: a busy one must not keep the others waiting. */
const MAX_RUN = 20;
const MAX_DEPTH = 5_000;
const MAX_LANE = 100;
const CLASH_MS = 5_000;
const UNKNOWN_MS = 10_000;
const GIVE_UP_MS = 60_000;

export function createJournal(deps: {
  models: Models;
  clock: Clock;
  log: Logger;
  bus: Bus<DomainEvent>;
  /** Batches under way at once. */
  flights?: number;
}): Journal {
  const { models, clock, log, bus } = deps;
  const collection = models.Message.collection;
  const heads = createHeads({ models, bus, log });
  const lanes = new Map<string, Lane>();
  let ready: Lane[] = [];
  let inFlight = 0;
  let depth = 0;
  let scheduled = false;
  const maxFlights = deps.flights ?? 1;

  function settle(pending: Pending, finish: () => void): void {
    if (pending.settled) return;
    pending.settled = true;
    depth -= 1;
    finish();
  }

  /** The lane's first message is answered for good; the next may go. */
  function release(lane: Lane): void {
    lane.waiting.shift();
    goOn(lane);
  }

  function goOn(lane: Lane): void {
    lane.busy = false;
    if (lane.waiting.length > 0) start(lane);
    else lanes.delete(lane.id);
  }

  /** Finds out the head if this node does not know it, then queues the lane for the next batch. */
  function start(lane: Lane): void {
    lane.busy = true;
    const first = lane.waiting[0];
    if (!first) return;
    if (heads.get(lane.id)) enqueue(lane);
    else
      heads.load(lane.id, first.entry.lastSeq).then(
        () => {
          enqueue(lane);
        },
        (error: unknown) => {
          retryLater(lane, first, error, () => {
            start(lane);
          });
        },
      );
  }

  function enqueue(lane: Lane): void {
    ready.push(lane);
    if (!scheduled && inFlight < maxFlights) {
      scheduled = true;
      setImmediate(pump);
    }
  }

  function pump(): void {
    scheduled = false;
    if (inFlight >= maxFlights || ready.length === 0) return;
    inFlight += 1;
    void write(gather()).finally(() => {
      inFlight -= 1;
      if (ready.length > 0) pump();
    });
  }

  /** The runs of the lanes that are ready, one lane after the other. */
  function gather(): Sent[] {
    const batch: Sent[] = [];
    let taken = 0;
    for (const lane of ready) {
      if (batch.length >= MAX_BATCH) break;
      taken += 1;
      const run = runOf(lane);
      const first = lane.waiting[0];
      if (run.length > 0) batch.push(...run);
      else if (first) void clash(lane, first);
    }
    ready = ready.slice(taken);
    return batch;
  }

  /** Numbers and links what waits; nothing is numbered after an end marker. */
  function runOf(lane: Lane): Sent[] {
    const run: Sent[] = [];
    let head = heads.get(lane.id);
    for (const pending of lane.waiting.slice(0, MAX_RUN)) {
      // One whose outcome is unknown goes as it was: if it did arrive, its own index says so.
      const row =
        pending.row ?? (head && !head.ended ? rowOf(pending.entry, pending.id, head, clock.now()) : null);
      if (!row) break;
      pending.row = row;
      run.push({ lane, pending, row });
      head = headAt(row);
    }
    return run;
  }

  async function write(batch: Sent[]): Promise<void> {
    if (batch.length === 0) return;
    const { count, error } = await insertInOrder(collection, rowsOf(batch));
    for (const sent of batch.slice(0, count)) stored(sent);
    const left = batch.slice(count);
    const [stopped] = left;
    // Those with a row left stay busy below.
    const unfinished = new Set(left.map(({ lane }) => lane));
    for (const lane of new Set(batch.map((sent) => sent.lane))) if (!unfinished.has(lane)) goOn(lane);
    if (!stopped) return;
    if (error !== 'duplicate') {
      for (const sent of firstOfEach(left)) unknown(sent, error);
      return;
    }
    void clash(stopped.lane, stopped.pending);
    await writeFirst(firstOfEach(left.filter(({ lane }) => lane !== stopped.lane)));
  }

  /** After a clash the others go one each, in any order: however many clash, a batch takes two writes. */
  async function writeFirst(batch: Sent[]): Promise<void> {
    if (batch.length === 0) return;
    const errors = await insertUnordered(collection, rowsOf(batch));
    batch.forEach((sent, index) => {
      const error = errors.get(index);
      if (error === undefined) {
        stored(sent);
        goOn(sent.lane);
      } else if (error === 'duplicate') void clash(sent.lane, sent.pending);
      else unknown(sent, error);
    });
  }

  function unknown({ lane, pending }: Sent, error: unknown): void {
    retryLater(lane, pending, error, () => {
      enqueue(lane);
    });
  }

  /** It stands: told to everybody, answered to its sender. It is the lane's first. */
  function stored({ lane, pending, row }: Sent): void {
    lane.waiting.shift();
    heads.set(lane.id, headAt(row));
    heads.writeBehind(lane.id, row.seq);
    const { entry } = pending;
    const message: WireMessage = presentMessage(row, entry.body, entry.senderName);
    bus.publish({
      name: 'message.created',
      parties: entry.parties,
      message,
      link: row.link.toString('base64'),
    });
    if (entry.marks)
      bus.publish({
        name: 'message.marked',
        parties: entry.parties,
        mark: { conversationId: lane.id, seq: row.seq, rules: entry.marks },
      });
    settle(pending, () => {
      pending.resolve({ id: message.id, seq: row.seq, time: message.time, repeated: false });
    });
  }

  /** E11000 or an ended head: an answer that exists already, a refusal, or the next number. */
  async function clash(lane: Lane, pending: Pending): Promise<void> {
    const { entry } = pending;
    pending.clashedAt ??= clock.monotonic();
    try {
      const found = await collection.findOne(
        { conversation: new Types.ObjectId(lane.id), sender: entry.sender, clientMsgId: entry.clientMsgId },
        { readConcern: { level: 'majority' } },
      );
      const first = found as unknown as Message | null;
      if (first && pending.row && first._id.equals(pending.row._id) && first.seq === pending.row.seq) {
        // Our own row, stored by a try whose answer was lost; those behind it go on from it.
        stored({ lane, pending, row: pending.row });
        goOn(lane);
        return;
      }
      // An ordered write stops at what clashes: nothing behind it can have been stored.
      for (const each of lane.waiting) each.row = null;
      if (first) {
        settle(pending, () => {
          pending.resolve({
            id: first._id.toHexString(),
            seq: first.seq,
            time: first.at.getTime(),
            repeated: true,
          });
        });
        release(lane);
        return;
      }
      heads.forget(lane.id);
      const head = await heads.load(lane.id, entry.lastSeq);
      if (head.ended) throw new AppError('CONVERSATION_ENDED');
      await entry.recheck?.();
      if (clock.monotonic() - pending.clashedAt > CLASH_MS) throw new AppError('UNAVAILABLE');
      enqueue(lane);
    } catch (error) {
      if (error instanceof AppError) {
        settle(pending, () => {
          pending.reject(error);
        });
        release(lane);
      } else
        retryLater(lane, pending, error, () => {
          void clash(lane, pending);
        });
    }
  }

  /** The outcome is unknown: the caller is told after 10 s, the lane waits until it is known. */
  function retryLater(lane: Lane, pending: Pending, error: unknown, again: () => void): void {
    const waited = clock.monotonic() - pending.since;
    log.warn(
      { err: error instanceof Error ? error.message : String(error), conversation: lane.id },
      'journal write',
    );
    if (waited > UNKNOWN_MS) refuseAll(lane);
    if (waited > GIVE_UP_MS) {
      heads.forget(lane.id);
      lanes.delete(lane.id);
      return;
    }
    setTimeout(again, Math.min(1_000, 50 + waited / 10)).unref();
  }

  function refuseAll(lane: Lane): void {
    for (const pending of lane.waiting) {
      settle(pending, () => {
        pending.reject(new AppError('UNAVAILABLE'));
      });
    }
    // Those without a row were never sent: they need not be tried again.
    lane.waiting = lane.waiting.filter((pending, index) => index === 0 || pending.row);
  }

  return {
    append(entry) {
      if (!mayStandIn(entry.kind, entry.parties.type))
        return Promise.reject(new Error(`${entry.kind} in a ${entry.parties.type}`));
      if (depth >= MAX_DEPTH) return Promise.reject(new AppError('OVERLOADED', { retry: 1_000 }));
      const id = entry.parties.id;
      let lane = lanes.get(id);
      if (lane && lane.waiting.length >= MAX_LANE)
        return Promise.reject(new AppError('OVERLOADED', { retry: 500 }));
      if (!lane) {
        lane = { id, waiting: [], busy: false };
        lanes.set(id, lane);
      }
      const target = lane;
      return new Promise<Appended>((resolve, reject) => {
        depth += 1;
        target.waiting.push({
          entry,
          id: new Types.ObjectId(),
          row: null,
          since: clock.monotonic(),
          clashedAt: null,
          settled: false,
          resolve,
          reject,
        });
        if (!target.busy) start(target);
      });
    },
    async close() {
      const deadline = performance.now() + 5_000;
      while (lanes.size > 0 && performance.now() < deadline)
        await new Promise((done) => setTimeout(done, 20));
      await heads.close();
    },
    depth: () => depth,
  };
}

const rowsOf = (batch: Sent[]): Message[] => batch.map(({ row }) => row);
const firstOfEach = (batch: Sent[]): Sent[] =>
  batch.filter(({ lane }, index) => batch[index - 1]?.lane !== lane);
