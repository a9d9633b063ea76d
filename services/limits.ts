/**
 * How often something may be done. Counted in Redis, so that all nodes share the numbers; in process memory while
 * Redis is away. Keys hold digests, never a name or an address.
 */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { Config } from '../platform/config.js';
import { AppError } from '../platform/errors.js';

export interface Limit {
  /**
   * Counts one.
   * @param who what is limited: a name, an address
   * @throws AppError RATE_LIMITED with retry in milliseconds
   */
  consume(...who: string[]): Promise<void>;
}

export interface FailureLimit {
  /**
   * Runs one try; null means it failed and counts, anything else counts nothing. Tries of the same name and
   * address run one after the other, or a burst would be judged before its first failure is counted.
   * @throws AppError RATE_LIMITED with retry in milliseconds, without running the try
   */
  attempt<T>(who: string[], run: () => Promise<T | null>): Promise<T | null>;
}

export interface Limits {
  /** By name and address: LOGIN_FAILURES in 15 minutes. */
  loginFailure: FailureLimit;
  /** Wrong return codes by address: RETURN_FAILURES in 15 minutes. */
  returnFailure: FailureLimit;
  /** New guests by address: GUEST_PER_HOUR. */
  guest: Limit;
  /** Messages that a visitor leaves: three a day. */
  offlineMessage: Limit;
  /** Uploads by person: UPLOADS_PER_HOUR. */
  upload: Limit;
  /** Searches in one session or through all own ones, by person: SEARCHES a minute. */
  search: Limit;
  /** Verification codes: by account one a minute, by account CODES_PER_DAY, by address CODES_PER_ADDRESS an hour. */
  codeMinute: Limit;
  codeDay: Limit;
  codeAddress: Limit;
}

/** Each opens up to 20 000 messages: what a reader asks for, not what a loop does. */
const SEARCHES = 30;

const digest = (who: string[]) =>
  createHash('sha256').update(who.join('\0')).digest('base64url').slice(0, 22);

export function createLimits(deps: { redis: Redis; config: Config }): Limits {
  const { config } = deps;

  const shared = (name: string, points: number, seconds: number) =>
    new RateLimiterRedis({
      storeClient: deps.redis,
      keyPrefix: `${config.KEY_PREFIX}:{limits}:${name}`,
      points,
      duration: seconds,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory({ points, duration: seconds }),
    });

  return {
    loginFailure: failures(shared('login', config.LOGIN_FAILURES, 15 * 60)),
    returnFailure: failures(shared('return', config.RETURN_FAILURES, 15 * 60)),
    guest: limit(shared('guest', config.GUEST_PER_HOUR, 60 * 60)),
    offlineMessage: limit(shared('offline-message', 3, 24 * 60 * 60)),
    upload: limit(shared('upload', config.UPLOADS_PER_HOUR, 60 * 60)),
    search: limit(shared('search', SEARCHES, 60), (seconds) => `查找太频繁，请${String(seconds)}秒后再试。`),
    codeMinute: limit(shared('code-minute', 1, 60)),
    codeDay: limit(shared('code-day', config.CODES_PER_DAY, 24 * 60 * 60)),
    codeAddress: limit(shared('code-address', config.CODES_PER_ADDRESS, 60 * 60)),
  };
}

/** @param say the sentence for who is refused, given the seconds until another is free */
function limit(limiter: RateLimiterAbstract, say?: (seconds: number) => string): Limit {
  return {
    async consume(...who) {
      try {
        await limiter.consume(digest(who));
      } catch (error) {
        if (error instanceof RateLimiterRes) throw refused(error, say);
        throw error;
      }
    },
  };
}

function failures(limiter: RateLimiterAbstract): FailureLimit {
  const queues = new Map<string, Promise<unknown>>();

  async function judged<T>(key: string, run: () => Promise<T | null>): Promise<T | null> {
    const spent = await limiter.get(key);
    if (spent && spent.consumedPoints >= limiter.points) throw refused(spent);
    const result = await run();
    // penalty() counts without refusing: this failure is answered as one, the next is refused.
    if (result === null) await limiter.penalty(key, 1);
    return result;
  }

  return {
    attempt(who, run) {
      const key = digest(who);
      const before = queues.get(key) ?? Promise.resolve();
      const mine = before.then(
        () => judged(key, run),
        () => judged(key, run),
      );
      queues.set(key, mine);
      const forget = () => {
        if (queues.get(key) === mine) queues.delete(key);
      };
      mine.then(forget, forget);
      return mine;
    },
  };
}

function refused(state: RateLimiterRes, say?: (seconds: number) => string): AppError {
  const retry = Math.max(1, state.msBeforeNext);
  return new AppError('RATE_LIMITED', { retry, ...(say && { message: say(Math.ceil(retry / 1_000)) }) });
}
