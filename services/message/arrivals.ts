/** Wakes calls that wait for a conversation's next message (the HTTP fallback's waiting GET). */
import type { Bus } from '../../platform/bus.js';
import type { DomainEvent } from '../events.js';

export interface Arrivals {
  /** Resolves at the next message or change of the conversation, after `ms`, or when the signal aborts. */
  next(conversation: string, ms: number, signal: AbortSignal): Promise<void>;
}

export function createArrivals(bus: Bus<DomainEvent>): Arrivals {
  const waiting = new Map<string, Set<() => void>>();
  const wake = (conversation: string) => {
    for (const done of waiting.get(conversation) ?? []) done();
  };
  bus.on('message.created', (event) => {
    wake(event.parties.id);
  });
  bus.on('conversation.updated', (event) => {
    wake(event.parties.id);
  });
  return {
    next(conversation, ms, signal) {
      return new Promise((resolve) => {
        const set = waiting.get(conversation) ?? new Set();
        waiting.set(conversation, set);
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          set.delete(done);
          if (set.size === 0) waiting.delete(conversation);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener('abort', done);
        set.add(done);
        if (signal.aborted) done();
      });
    },
  };
}
