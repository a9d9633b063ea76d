/**
 * Who a token is, asked for every call and every socket event, from memory wherever the rule of cutoff.ts allows
 * it: an entry counts while the node is fresh and no version seen is above the entry's. Everything else is read
 * from the database again.
 */
import type { Models } from '../../models/index.js';
import type { Clock } from '../../platform/clock.js';
import type { Config } from '../../platform/config.js';
import { AppError } from '../../platform/errors.js';
import type { Logger } from '../../platform/log.js';
import type { Actor } from '../context.js';
import type { CutoffReader } from './cutoff.js';
import { actorOf, lifeOf } from './session.js';
import { readToken, sessionIdOf, tokenKey } from './token.js';

const MAX_ENTRIES = 20_000;
/** An entry is read again, and the session's idle end pushed on, at most this often (milliseconds). */
const RELOAD_MS = 300_000;

/** A caller with the numbers under which they were let in. */
export interface Principal extends Actor {
  sessionVersion: number;
  userVersion: number;
  /** The session's absolute end, epoch milliseconds. */
  expiresAt: number;
}

export interface SessionCache {
  /**
   * @param token the JWT, from a cookie, a header or a socket's auth
   * @throws AppError UNAUTHENTICATED | BANNED | UNAVAILABLE (the node could not read the cut-offs for 5 s)
   */
  authenticate(token: string): Promise<Principal>;
  /**
   * Whether what was let in still is; cheap when nothing happened. A user's raised version alone is no end: their
   * session may have been lifted with it (a changed password), so ask this before closing a socket.
   * @throws AppError as authenticate
   */
  check(principal: Principal): Promise<void>;
}

interface Entry {
  principal: Principal;
  idleEnd: number;
  /** Monotonic. */
  loaded: number;
}

export function createSessionCache(deps: {
  models: Models;
  clock: Clock;
  config: Config;
  cutoffs: CutoffReader;
  log: Logger;
}): SessionCache {
  const { models, clock, cutoffs, log } = deps;
  const key = tokenKey(deps.config.JWT_SECRET);
  /** In order of last use, oldest first. */
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<Entry>>();

  function holds({ principal, idleEnd, loaded }: Entry): boolean {
    const now = clock.now();
    return (
      principal.sessionVersion >= cutoffs.version('session', principal.session) &&
      principal.userVersion >= cutoffs.version('user', principal.id) &&
      now < principal.expiresAt &&
      now < idleEnd &&
      clock.monotonic() - loaded < RELOAD_MS
    );
  }

  function keep(id: string, entry: Entry): void {
    entries.delete(id);
    entries.set(id, entry);
    if (entries.size <= MAX_ENTRIES) return;
    const oldest = entries.keys().next().value;
    if (oldest !== undefined) entries.delete(oldest);
  }

  async function read(id: string): Promise<Entry> {
    const loaded = clock.monotonic();
    const session = await models.Session.findById(id).lean();
    const user = session && (await models.User.findById(session.user).lean());
    if (!session || !user || user.deleted) throw new AppError('UNAUTHENTICATED');
    if (!user.enabled) throw new AppError('BANNED');
    const now = clock.now();
    if (
      session.endedAt ||
      session.userVersion < user.version ||
      session.absoluteEnd.getTime() <= now ||
      session.idleEnd.getTime() <= now
    ) {
      throw new AppError('UNAUTHENTICATED');
    }
    return {
      principal: {
        ...actorOf(user, id),
        sessionVersion: session.version,
        userVersion: session.userVersion,
        expiresAt: session.absoluteEnd.getTime(),
      },
      idleEnd: pushIdleEnd(id, session.idleEnd.getTime(), now + lifeOf(user.role, session.face).idle),
      loaded,
    };
  }

  /** Every load is a sign of life; the write is not waited for, the next load makes up for a lost one. */
  function pushIdleEnd(id: string, stored: number, wanted: number): number {
    if (wanted - stored < RELOAD_MS / 2) return stored;
    models.Session.updateOne({ _id: id, endedAt: null }, { $max: { idleEnd: new Date(wanted) } })
      .exec()
      .catch((error: unknown) => log.debug({ err: String(error) }, 'idle end not stored'));
    return wanted;
  }

  /** Callers at the same moment share one read; each compares the numbers itself afterwards. */
  function load(id: string): Promise<Entry> {
    let pending = loading.get(id);
    if (!pending) {
      pending = read(id).finally(() => loading.delete(id));
      loading.set(id, pending);
    }
    return pending;
  }

  async function current(id: string): Promise<Principal> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (!cutoffs.isFresh()) await cutoffs.fresh();
      const entry = entries.get(id);
      if (entry && holds(entry)) {
        keep(id, entry);
        return entry.principal;
      }
      entries.delete(id);
      keep(id, await load(id));
      // Once around again: the read may have taken so long, or begun so early, that it says nothing.
    }
    throw new AppError('UNAVAILABLE', { retry: 1_000 });
  }

  return {
    async authenticate(token) {
      const { sid, ver } = readToken(key, token, clock.now());
      const principal = await current(sessionIdOf(sid));
      if (principal.sessionVersion !== ver) throw new AppError('UNAUTHENTICATED');
      return { ...principal };
    },

    async check(principal) {
      const { sessionVersion, userVersion } = await current(principal.session);
      if (sessionVersion !== principal.sessionVersion) throw new AppError('UNAUTHENTICATED');
      // Lifted with its user (endOtherSessions): whoever compares the numbers afterwards finds the new ones.
      principal.userVersion = userVersion;
    },
  };
}
