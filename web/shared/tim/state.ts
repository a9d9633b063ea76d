/** How the Tencent channel stands; small, so that both pages may show it without loading the SDK. */
import { createStore } from '../../../contract/client/store.js';
import type { TimMessage } from './map.js';

export interface TimState {
  /** off: this installation does not use it. fallback: it can't be had, and the built-in channel carries on alone. */
  phase: 'off' | 'connecting' | 'ready' | 'fallback';
  /** Tencent's error code of the last failure, or our own word. */
  reason: string | null;
  /** What Tencent delivered and our own transcript does not hold yet. */
  early: readonly TimMessage[];
}

export const timStore = createStore<TimState>({ phase: 'off', reason: null, early: [] });
