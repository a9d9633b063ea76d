/**
 * The node bus: what one node publishes every node hears, the publisher at once and the others through one Redis
 * message per turn of the event loop. It may lose (Redis away, a cut): whatever must not be lost is repaired from
 * MongoDB by seq and rev. `docs/architecture.md` tells who listens.
 */
import { Redis } from 'ioredis';
import type { Logger } from './log.js';

export interface Bus<Event extends { name: string }> {
  publish(event: Event): void;
  on<Name extends Event['name']>(
    name: Name,
    listener: (event: Extract<Event, { name: Name }>, remote: boolean) => void,
  ): void;
  /** Tells when the subscription came back after a cut: what was missed must be fetched. */
  onResume(listener: () => void): void;
  /** False while other nodes can't be heard: caches then live shorter. */
  isUp(): boolean;
  close(): Promise<void>;
}

export function createBus<Event extends { name: string }>(options: {
  url: string;
  channel: string;
  node: string;
  log: Logger;
}): Bus<Event> {
  const { channel, node, log } = options;
  const listeners = new Map<string, ((event: never, remote: boolean) => void)[]>();
  const resumed: (() => void)[] = [];
  let outgoing: Event[] = [];
  let connectedOnce = false;

  const connect = () => {
    const redis = new Redis(options.url, {
      maxRetriesPerRequest: null,
      autoResubscribe: true,
      retryStrategy: (attempt) => Math.min(100 * attempt, 1_000),
    });
    redis.on('error', (error) => log.debug({ err: error.message }, 'bus'));
    return redis;
  };
  const publisher = connect();
  const subscriber = connect();
  void subscriber.subscribe(channel).catch((error: unknown) => log.warn({ err: String(error) }, 'bus'));
  subscriber.on('ready', () => {
    if (connectedOnce) for (const listener of resumed) listener();
    connectedOnce = true;
  });

  const dispatch = (event: Event, remote: boolean) => {
    for (const listener of listeners.get(event.name) ?? []) {
      try {
        listener(event as never, remote);
      } catch (error) {
        log.error({ err: error, event: event.name }, 'bus listener failed');
      }
    }
  };

  // Its own comes back too: known by how it begins, not by reading it all.
  const own = JSON.stringify({ from: node }).slice(0, -1);
  subscriber.on('message', (_channel, text) => {
    if (text.startsWith(own)) return;
    const { events } = JSON.parse(text) as { events: Event[] };
    for (const event of events) dispatch(event, true);
  });

  const flush = () => {
    const events = outgoing;
    outgoing = [];
    // While Redis is away nothing is queued up: the others repair what they missed.
    if (publisher.status !== 'ready') return;
    publisher
      .publish(channel, JSON.stringify({ from: node, events }))
      .catch((error: unknown) => log.debug({ err: String(error) }, 'bus publish'));
  };

  return {
    publish(event) {
      if (outgoing.length === 0) setImmediate(flush);
      outgoing.push(event);
      dispatch(event, false);
    },
    on(name, listener) {
      const list = listeners.get(name) ?? [];
      list.push(listener);
      listeners.set(name, list);
    },
    onResume(listener) {
      resumed.push(listener);
    },
    isUp: () => subscriber.status === 'ready',
    async close() {
      if (outgoing.length > 0) flush();
      await Promise.allSettled([publisher.quit(), subscriber.quit()]);
    },
  };
}
