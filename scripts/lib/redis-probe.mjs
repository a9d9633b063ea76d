/** Is this Redis really there, new enough, and set so that it keeps what it was told? */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withDeadline } from './deadline.mjs';
import { atLeast } from './ladder.mjs';
import { LEAST_REDIS } from './redis-rungs.mjs';

/** The parts of a probe, bound to the packages of one checkout. */
export function redisProbe(root) {
  const { Redis } = createRequire(join(root, 'package.json'))('ioredis');

  /** Runs `work(client)` on a connection of its own and throws when it takes longer than `withinMs`. */
  async function ask(url, withinMs, work) {
    const client = new Redis(url, {
      lazyConnect: true,
      connectTimeout: withinMs,
      retryStrategy: null,
      enableOfflineQueue: false,
    });
    // Without a listener it would print each failure, and it fails often while a server starts.
    client.on('error', () => {});
    try {
      return await withDeadline(
        withinMs,
        client.connect().then(() => work(client)),
      );
    } finally {
      client.disconnect();
    }
  }

  /** A server that still loads its file after a restart is well, only busy. */
  function ping(url, withinMs) {
    return ask(url, withinMs, (client) => client.ping()).catch((err) => {
      if (!/LOADING/.test(err.message)) throw err;
    });
  }

  /**
   * Answers `{ engine, version, warnings }`; throws if it is too old. AOF and eviction are asked for where the
   * server lets us (hosted ones often refuse CONFIG).
   */
  function inspect(url, withinMs) {
    return ask(url, withinMs, async (client) => {
      await client.ping();
      const info = await client.info('server');
      const valkey = /valkey_version:(\S+)/.exec(info)?.[1];
      const redis = /redis_version:(\S+)/.exec(info)?.[1] ?? '0';
      if (!atLeast(redis, LEAST_REDIS))
        throw new Error(`Redis ${redis} is too old (${LEAST_REDIS} is needed)`);
      const engine = valkey ? 'valkey' : 'redis';
      return { engine, version: valkey ?? redis, warnings: await settingFaults(client) };
    });
  }

  return { ping, inspect };
}

async function settingFaults(client) {
  const wanted = { appendonly: 'yes', 'maxmemory-policy': 'noeviction' };
  const faults = [];
  for (const [name, value] of Object.entries(wanted)) {
    const answer = await client.config('GET', name).catch(() => null);
    if (answer && answer[1] !== value) faults.push(`${name} is "${answer[1]}", it should be "${value}"`);
  }
  return faults;
}
