/** Watching a store of the reference client from React or Preact. */
import { useSyncExternalStore } from 'react';

export interface Watchable<T> {
  getState(): T;
  subscribe(listener: () => void): () => void;
}

/** `pick` must answer the same object for the same state. */
export const useStore = <T, Part>(store: Watchable<T>, pick: (state: T) => Part): Part =>
  useSyncExternalStore(store.subscribe, () => pick(store.getState()));
