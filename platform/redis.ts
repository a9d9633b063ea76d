import { Redis } from 'ioredis';
import type { Logger } from './log.js';

/**
 * A client that keeps trying in the background and fails its commands at once while it is away: Redis is
 * expendable, a caller must be able to go on without it.
 */
export function connectRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 2_000,
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(100 * attempt, 1_000),
  });
  redis.on('error', (error) => log.warn({ err: error.message }, 'redis'));
  return redis;
}

/** For BullMQ and the socket adapter: they wait for Redis instead of failing. */
export function connectPatientRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(100 * attempt, 1_000),
  });
  redis.on('error', (error) => log.debug({ err: error.message }, 'redis'));
  return redis;
}

/** True while commands can be sent. */
export function isRedisUp(redis: Redis): boolean {
  return redis.status === 'ready';
}
