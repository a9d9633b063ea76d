/**
 * The audit log: numbered, hash-chained per institution, durable before its caller goes on (invariants.md I15;
 * design.md, "Seal"). One ordered batch is in flight per node and institution; what comes meanwhile goes with the
 * next one. Another node's entry makes the unique number clash: the rest of the batch is then linked anew behind it.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Types } from 'mongoose';
import type { AuditEntry } from '../../models/audit-entry.js';
import type { Models } from '../../models/index.js';
import type { Clock } from '../../platform/clock.js';
import { AppError } from '../../platform/errors.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import type { Actor } from '../context.js';
import { FIRST_LINK, linkOf } from './link.js';
import { verifyChain, type AuditAnchor, type AuditVerdict } from './verify.js';

const MAX_BATCH = 500;
/** Waiting entries of one institution; beyond it a caller is told so instead of memory growing. */
const MAX_WAITING = 10_000;
const MAX_CLASHES = 100;
/** Names of events whose entries are known to stand, so that a further page asks nothing. */
const MAX_KNOWN = 20_000;

export interface AuditInput {
  institution: string;
  /** null = the platform itself. */
  actor: Pick<Actor, 'id'> | null;
  /** noun.verb, such as transcript.read. */
  action: string;
  /** Id of what it was done to; never personal text. */
  subject: string;
  reason?: string | null;
  /** Names the event: whoever writes one of this name again, on whichever node, finds the entry that stands. */
  once?: string;
}

export interface AuditLog {
  /** @throws AppError UNAVAILABLE (not known to be stored), OVERLOADED: then nothing may leave */
  write(entry: AuditInput): Promise<void>;
  verify(institution: string, anchor?: AuditAnchor): Promise<AuditVerdict>;
}

type Unlinked = Omit<AuditEntry, 'number' | 'link'>;

interface Waiting {
  entry: Unlinked;
  done(): void;
  failed(error: unknown): void;
}

interface Head {
  number: number;
  link: Buffer;
}

interface Chain {
  waiting: Waiting[];
  writing: boolean;
  /** The last entry known to stand, null until read; others may stand behind it. */
  head: Head | null;
}

export function createAuditLog(deps: { models: Pick<Models, 'AuditEntry'>; clock: Clock }): AuditLog {
  const entries = deps.models.AuditEntry.collection;
  const chains = new Map<string, Chain>();
  const known = new Set<string>();

  function remember(name: string): void {
    known.add(name);
    if (known.size > MAX_KNOWN) known.delete(known.values().next().value ?? '');
  }

  async function readHead(institution: string, before: Head | null): Promise<Head> {
    const [last] = await entries
      .find({ institution, number: { $gt: before?.number ?? 0 } })
      .sort({ number: -1 })
      .limit(1)
      .toArray();
    if (last) return { number: last.number as number, link: last.link as Buffer };
    return before ?? { number: 0, link: FIRST_LINK };
  }

  /** @returns the new head; every entry stands */
  async function append(institution: string, from: Head | null, batch: Unlinked[]): Promise<Head> {
    let head = from ?? (await readHead(institution, null));
    let rest = batch;
    for (let clashes = 0; ; clashes += 1) {
      const rows = linked(head, rest);
      try {
        await entries.insertMany(rows, { ordered: true });
        const last = rows.at(-1);
        return last === undefined ? head : { number: last.number, link: last.link };
      } catch (error) {
        if (!isDuplicate(error) || clashes === MAX_CLASHES) throw error;
      }
      // The first part may stand before the clash; it keeps its numbers.
      const stored = await entries
        .find({ _id: { $in: rest.map(({ _id }) => _id) } })
        .project({ _id: 1 })
        .toArray();
      const standing = new Set(stored.map(({ _id }) => String(_id)));
      rest = rest.filter(({ _id }) => !standing.has(_id.toHexString()));
      head = await readHead(institution, head);
      if (rest.length === 0) return head;
      // The other node's entry may not be readable by majority yet.
      if (clashes > 2) await pause(Math.random() * 10);
    }
  }

  async function drain(institution: string, chain: Chain): Promise<void> {
    chain.writing = true;
    while (chain.waiting.length > 0) {
      const batch = chain.waiting.splice(0, MAX_BATCH);
      try {
        chain.head = await append(
          institution,
          chain.head,
          batch.map(({ entry }) => entry),
        );
        for (const { done } of batch) done();
      } catch (cause) {
        // Some of it may stand. The next batch then clashes with it and is linked behind it.
        for (const { failed } of batch) failed(new AppError('UNAVAILABLE', { cause }));
      }
    }
    chain.writing = false;
  }

  return {
    async write(input) {
      const { institution, once } = input;
      const name = once === undefined ? null : `${institution}|${once}`;
      if (name !== null && known.has(name)) return;
      let chain = chains.get(institution);
      if (chain === undefined) chains.set(institution, (chain = { waiting: [], writing: false, head: null }));
      const { waiting, writing } = chain;
      if (waiting.length >= MAX_WAITING) throw new AppError('OVERLOADED', { retry: 1_000 });
      const entry = entryOf(input, deps.clock.now());
      const stored = new Promise<void>((done, failed) => waiting.push({ entry, done, failed }));
      if (!writing) void drain(institution, chain);
      await stored;
      if (name !== null) remember(name);
    },
    verify: (institution, anchor) => verifyChain(entries, institution, anchor),
  };
}

/** @param ctx anything that carries the node's audit log */
export function writeAudit(ctx: { audit: AuditLog }, entry: AuditInput): Promise<void> {
  return ctx.audit.write(entry);
}

function entryOf(input: AuditInput, now: number): Unlinked {
  return {
    _id: input.once === undefined ? new Types.ObjectId() : namedId(input.institution, input.once),
    institution: input.institution,
    actor: input.actor === null ? null : objectId(input.actor.id),
    // Half characters would be stored otherwise than they were linked.
    action: input.action.toWellFormed(),
    subject: input.subject.toWellFormed(),
    reason: input.reason?.toWellFormed() ?? null,
    at: new Date(now),
  };
}

/** One event, one id: its second entry clashes with the first, which then stands for both. */
function namedId(institution: string, once: string): Types.ObjectId {
  const digest = createHash('sha256')
    .update(JSON.stringify([institution, once]))
    .digest();
  return new Types.ObjectId(digest.subarray(0, 12));
}

function linked(head: Head, batch: Unlinked[]): AuditEntry[] {
  let { number, link } = head;
  return batch.map((entry) => {
    const numbered = { ...entry, number: (number += 1) };
    link = linkOf(link, numbered);
    return { ...numbered, link };
  });
}
