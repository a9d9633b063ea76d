/** Messages that were written and not yet acknowledged: they survive a reload, for their author alone. */
import type { PendingMessage, PendingStore } from '../../../contract/client.js';

const PENDING = 'hotline.console.pending';

export function pendingOf(userId: string): PendingStore {
  return {
    load() {
      try {
        const kept = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null') as {
          owner: string;
          pending: PendingMessage[];
        } | null;
        return kept?.owner === userId ? kept.pending : [];
      } catch {
        return [];
      }
    },
    save(pending) {
      try {
        if (pending.length === 0) sessionStorage.removeItem(PENDING);
        else sessionStorage.setItem(PENDING, JSON.stringify({ owner: userId, pending }));
      } catch {
        // Only the life across a reload is lost.
      }
    },
  };
}

export function forgetPending() {
  sessionStorage.removeItem(PENDING);
}
