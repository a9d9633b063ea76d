/**
 * Cut-off within a second without a database read per event (design.md, "Identity"; invariants.md I12). Whatever
 * ends rights raises a version and appends a row here before it is answered; every node reads the new rows twice a
 * second, whether Redis works or not. What is cached counts only if its version is not below the highest one seen
 * and the node's last complete read began at most a second ago: numbers are compared, never times.
 */
import { Types, type UpdateQuery } from 'mongoose';
import type { Cutoff } from '../../models/cutoff.js';
import type { Models } from '../../models/index.js';
import type { Session } from '../../models/session.js';
import type { User } from '../../models/user.js';
import type { Bus } from '../../platform/bus.js';
import type { Clock } from '../../platform/clock.js';
import { AppError } from '../../platform/errors.js';
import type { Logger } from '../../platform/log.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import type { DomainEvent } from '../events.js';

const READ_EVERY_MS = 500;
const FRESH_MS = 1_000;
/** Nodes' clocks are within 200 ms of each other, an append takes at most APPEND_MS: far inside the overlap. */
const OVERLAP_MS = 10_000;
const APPEND_MS = 4_000;
/** A read that takes longer is given up, so that the next can begin. */
const READ_DEADLINE_MS = 2_000;
const RETRY_MS = 50;
const WAIT_MS = 5_000;
/** What was seen longer ago may be forgotten: caches reload from the database far more often than this. */
const REMEMBER_MS = 3_600_000;

export interface CutoffRow {
  subject: Cutoff['subject'];
  ref: string;
  version: number;
  reason: string;
}

/** A row with its id, 24 hex digits. */
export interface NamedCutoff extends CutoffRow {
  id: string;
}

export interface CutoffReader {
  /** @throws AppError UNAVAILABLE when no read succeeded within 5 s; it goes on trying */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The highest version seen, 0 = none. */
  version(subject: 'user' | 'session', ref: string): number;
  /** The last complete read began at most 1 s ago (monotonic clock). */
  isFresh(): boolean;
  /**
   * Resolves when fresh: at once, or after the next complete read, which it brings on.
   * @throws AppError UNAVAILABLE after 5 s
   */
  fresh(): Promise<void>;
  /** Each row is told once, after its version counts. */
  onRaised(listener: (row: CutoffRow) => void): void;
}

export function createCutoffReader(deps: {
  models: Models;
  clock: Clock;
  log: Logger;
  bus: Pick<Bus<DomainEvent>, 'on'>;
}): CutoffReader {
  const { models, clock, log } = deps;
  const versions = new Map<string, { version: number; seen: number }>();
  const announced = new Map<string, number>();
  const listeners: ((row: CutoffRow) => void)[] = [];
  const waiting = new Set<() => void>();
  /** Monotonic begin of the last complete read. */
  let began = -Infinity;
  /** Wall time at the begin of the last complete read: a longer gap is read as a whole. */
  let covered: number | null = null;
  let pruned = clock.monotonic();
  let running = false;
  let reading = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  const isFresh = () => clock.monotonic() - began <= FRESH_MS;

  function announce(rows: CutoffRow[]): void {
    for (const row of rows) {
      for (const listener of listeners) {
        try {
          listener(row);
        } catch (error) {
          log.error({ err: error, subject: row.subject }, 'cut-off listener failed');
        }
      }
    }
  }

  function absorb(rows: NamedCutoff[]): void {
    const now = clock.monotonic();
    const fresh = rows.filter(({ id }) => !announced.has(id));
    for (const row of fresh) {
      announced.set(row.id, now);
      const key = `${row.subject}:${row.ref}`;
      versions.set(key, { version: Math.max(row.version, versions.get(key)?.version ?? 0), seen: now });
    }
    // All numbers count before the first listener hears of one.
    announce(fresh.map(({ subject, ref, version, reason }) => ({ subject, ref, version, reason })));
    if (now - pruned > REMEMBER_MS / 6) prune(now);
  }

  function prune(now: number): void {
    pruned = now;
    for (const [key, { seen }] of versions) if (now - seen > REMEMBER_MS) versions.delete(key);
    for (const [key, seen] of announced) if (now - seen > REMEMBER_MS) announced.delete(key);
  }

  async function readRows(): Promise<void> {
    const start = clock.monotonic();
    const wall = clock.now();
    const since = new Date(Math.min(wall, covered ?? wall) - OVERLAP_MS);
    const rows = await models.Cutoff.collection
      .find<Cutoff & { _id: Types.ObjectId }>({ at: { $gte: since } })
      .toArray();
    absorb(rows.map(({ _id, ...row }) => ({ ...row, id: _id.toHexString() })));
    // One that was given up may end after a younger one: it adds rows, never freshness.
    if (start < began) return;
    began = start;
    covered = wall;
  }

  async function readOnce(): Promise<boolean> {
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      deadline = setTimeout(() => reject(new Error('the cut-off read takes too long')), READ_DEADLINE_MS);
    });
    try {
      await Promise.race([readRows(), late]);
      return true;
    } catch (error) {
      log.warn({ err: String(error) }, 'cut-offs unread');
      return false;
    } finally {
      clearTimeout(deadline);
    }
  }

  async function turn(): Promise<void> {
    if (!running) return;
    if (reading) {
      again = true;
      return;
    }
    clearTimeout(timer);
    reading = true;
    again = false;
    const start = clock.monotonic();
    const done = await readOnce();
    reading = false;
    if (isFresh()) {
      for (const resolve of waiting) resolve();
      waiting.clear();
    }
    schedule(done, start);
  }

  function schedule(done: boolean, start: number): void {
    if (!running) return;
    const rest = Math.max(0, READ_EVERY_MS - (clock.monotonic() - start));
    const hurry = again || waiting.size > 0;
    timer = setTimeout(() => void turn(), hurry ? (done ? 0 : RETRY_MS) : rest);
  }

  function fresh(): Promise<void> {
    if (isFresh()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => {
        waiting.delete(heard);
        reject(new AppError('UNAVAILABLE', { retry: 1_000 }));
      }, WAIT_MS);
      const heard = () => {
        clearTimeout(tooLate);
        resolve();
      };
      waiting.add(heard);
      void turn();
    });
  }

  // Whoever is told of a row needs no read to hold to it: on its own node it counts before the call is answered.
  deps.bus.on('cutoff.raised', ({ row }) => {
    absorb([row]);
    void turn();
  });

  return {
    async start() {
      running = true;
      void turn();
      await fresh();
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      await Promise.resolve();
    },
    version: (subject, ref) => versions.get(`${subject}:${ref}`)?.version ?? 0,
    isFresh,
    fresh,
    onRaised(listener) {
      listeners.push(listener);
    },
  };
}

/** Stores the row durably, then tells every node of it. */
export async function appendCutoff(ctx: Ctx, row: CutoffRow): Promise<void> {
  for (;;) {
    const start = ctx.clock.monotonic();
    const _id = new Types.ObjectId();
    await ctx.models.Cutoff.collection.insertOne({ _id, ...row, at: new Date(ctx.clock.now()) });
    ctx.bus.publish({ name: 'cutoff.raised', row: { ...row, id: _id.toHexString() } });
    // A row that took long may carry a time that readers have already passed: once more, with a time of now.
    if (ctx.clock.monotonic() - start <= APPEND_MS) return;
  }
}

/**
 * Ends every session of a user that was made under an older version, on every node within a second. The version
 * is raised before the row stands, so whoever reloads because of the row finds the raised one.
 * @param change what else the same write changes of the user (enabled, role, …)
 * @returns the new version
 * @throws AppError NOT_FOUND
 */
export async function raiseUser(
  ctx: Ctx,
  userId: string,
  reason: string,
  change: UpdateQuery<User> = {},
): Promise<number> {
  const version = await raiseUserVersion(ctx, userId, change);
  await appendCutoff(ctx, { subject: 'user', ref: userId, version, reason });
  return version;
}

/** The first half of raiseUser; only for who must write something between the two (endOtherSessions). */
export async function raiseUserVersion(
  ctx: Ctx,
  userId: string,
  change: UpdateQuery<User> = {},
): Promise<number> {
  const _id = objectId(userId);
  const user =
    _id &&
    (await ctx.models.User.findOneAndUpdate(
      { _id },
      { ...change, $inc: { version: 1 } },
      { returnDocument: 'after', projection: { version: 1 } },
    ).lean());
  if (!user) throw new AppError('NOT_FOUND');
  return user.version;
}

/**
 * Ends one session on every node within a second.
 * @param change what else the same write changes of the session (endedAt, endReason)
 * @returns the new version, 0 when there is no such session
 */
export async function raiseSession(
  ctx: Ctx,
  sessionRowId: string,
  reason: string,
  change: UpdateQuery<Session> = {},
): Promise<number> {
  const session = await ctx.models.Session.findOneAndUpdate(
    { _id: sessionRowId },
    { ...change, $inc: { version: 1 } },
    { returnDocument: 'after', projection: { version: 1 } },
  ).lean();
  if (!session) return 0;
  await appendCutoff(ctx, { subject: 'session', ref: sessionRowId, version: session.version, reason });
  return session.version;
}
