/** BullMQ queues and their payloads: ids only, never personal text (invariants.md I16). */
import type { DeadlineKind } from './enums.js';

export interface Jobs {
  /** Wakes when a conversation's deadline falls due; MongoDB decides whether it still holds. */
  deadline: { conversation: string; kind: DeadlineKind; at: number };
  /** Rebuilds Redis from MongoDB and finishes what was left half done. */
  reconcile: Record<string, never>;
}
export type JobName = keyof Jobs;
