/**
 * The message journal of one node: group commit (design.md, "Message path"). Messages that wait while the previous
 * write is under way leave together as one unordered insertMany; each is acknowledged after it. A conversation has
 * at most one message in flight here, numbered head + 1 under a unique index, so that a clash with another node
 * leaves no gap and turns no sender's order round.
 */
import { Types } from 'mongoose';
import type { MessageKind, SenderType } from '../../contract/enums.js';
import type { Message as WireMessage } from '../../contract/message.js';
import type { Models } from '../../models/index.js';
import { mayStandIn, type Message } from '../../models/message.js';
import type { Bus } from '../../platform/bus.js';
import type { Clock } from '../../platform/clock.js';
import { AppError } from '../../platform/errors.js';
import type { DataKey } from '../../platform/keyring.js';
import type { Logger } from '../../platform/log.js';
import type { DomainEvent, Parties } from '../events.js';
import { createHeads, type Head } from './heads.js';
import { linkOf, sealBody, type Body } from './seal.js';
import { presentMessage } from '../presenters/message.js';

/** What is to be written; numbered, linked and timed here. */
export interface Entry {
  parties: Parties;
  /** Where the head is looked for when this node does not know it: the conversation's lastSeq. */
  lastSeq: number;
  key: DataKey;
  kind: MessageKind;
  sender: Types.ObjectId | null;
  senderType: SenderType;
  senderName: string | null;
  clientMsgId: string;
  body: Body;
  /** Keyword rules that met: stored beside it and told to staff alone. */
  marks?: string[];
  /** Asked again after a clash: is the sender still a party, is it still open? Throws what refuses it. */
  recheck?: () => Promise<void>;
  /** What is to be noted once it stands; epoch ms. Never throws. */
  onStored?: (at: number) => Promise<void>;
}

export interface Appended {
  id: string;
  seq: number;
  time: number;
  /** True when the same clientMsgId had been stored before: the first message is answered. */
  repeated: boolean;
}

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
  waiting: Pending[];
  busy: boolean;
}

const MAX_BATCH = 500;
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
    const batch = ready.slice(0, MAX_BATCH);
    ready = ready.slice(MAX_BATCH);
    inFlight += 1;
    void write(batch).finally(() => {
      inFlight -= 1;
      if (ready.length > 0) pump();
    });
  }

  /** Numbers and links the lane's first message; null when the conversation has ended. */
  function compose(lane: Lane, pending: Pending): Message | null {
    const head = heads.get(lane.id);
    if (!head || head.ended) return null;
    const { entry } = pending;
    const sealed = sealBody(entry.key, entry.body, pending.id, entry.parties.institution);
    const header = {
      _id: pending.id,
      conversation: new Types.ObjectId(lane.id),
      seq: head.seq + 1,
      sender: entry.sender,
      kind: entry.kind,
      at: new Date(clock.now()),
    };
    return {
      ...header,
      senderType: entry.senderType,
      clientMsgId: entry.clientMsgId,
      ...sealed,
      link: linkOf(head.link, header, sealed.digest),
      ...(entry.body.event === undefined ? {} : { event: entry.body.event }),
      ...(entry.body.ref === undefined ? {} : { ref: entry.body.ref }),
      ...(entry.marks === undefined ? {} : { marks: entry.marks }),
    };
  }

  async function write(batch: Lane[]): Promise<void> {
    const sent: { lane: Lane; pending: Pending; row: Message }[] = [];
    for (const lane of batch) {
      const pending = lane.waiting[0];
      if (!pending) continue;
      pending.row ??= compose(lane, pending);
      if (pending.row) sent.push({ lane, pending, row: pending.row });
      else void clash(lane, pending);
    }
    if (sent.length === 0) return;
    const outcome = await insert(sent.map(({ row }) => row));
    sent.forEach(({ lane, pending, row }, index) => {
      const error = outcome.get(index);
      if (error === undefined) stored(lane, pending, row);
      else if (error === 'duplicate') void clash(lane, pending);
      else
        retryLater(lane, pending, error, () => {
          // The same row with the same _id: if it did arrive, its own index says so.
          enqueue(lane);
        });
    });
  }

  /** @returns per index what went wrong; an index that is not in it is stored */
  async function insert(rows: Message[]): Promise<Map<number, unknown>> {
    try {
      await collection.insertMany(rows, { ordered: false, writeConcern: { w: 'majority', j: true } });
      return new Map();
    } catch (error) {
      const writeErrors = (error as { writeErrors?: unknown }).writeErrors;
      const list = (Array.isArray(writeErrors) ? writeErrors : writeErrors ? [writeErrors] : []) as {
        index: number;
        code: number;
      }[];
      const concern = (
        error as { result?: { getWriteConcernError?: () => unknown } }
      ).result?.getWriteConcernError?.();
      if (list.length === 0 || concern) return new Map(rows.map((_row, index) => [index, error]));
      return new Map(list.map((item) => [item.index, item.code === 11000 ? 'duplicate' : error]));
    }
  }

  function stored(lane: Lane, pending: Pending, row: Message): void {
    const head: Head = { seq: row.seq, link: row.link, ended: row.event === 'ended' };
    heads.set(lane.id, head);
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
    release(lane);
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
        // Our own row, stored by a try whose answer was lost.
        stored(lane, pending, pending.row);
        return;
      }
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
      pending.row = null;
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
    // Those behind the first were never sent: they need not be tried again.
    lane.waiting.length = Math.min(lane.waiting.length, 1);
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
