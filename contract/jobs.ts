/** BullMQ queues and their payloads: ids only, never personal text (invariants.md I16). */
import type { DeadlineKind } from './enums.js';

export interface Jobs {
  /** Wakes when a conversation's deadline falls due; MongoDB decides whether it still holds. */
  deadline: { conversation: string; kind: DeadlineKind; at: number };
  /** Builds an export; the task's row holds everything else. */
  export: { task: string };
  /** Sends what the outbox holds for one receiver, in order. */
  notice: { receiver: string };
  /** Copies a conversation to Tencent IM. */
  im: { conversation: string };
  /** Compares with Tencent IM: the id of a row of `imReports`. */
  'im-reconcile': { report: string };
}
export type JobName = keyof Jobs;

/** Every job has a queue of its name. One without a handler stops the boot (workers/runtime.ts). */
export const JOB_NAMES = [
  'deadline',
  'export',
  'notice',
  'im',
  'im-reconcile',
] as const satisfies readonly JobName[];
