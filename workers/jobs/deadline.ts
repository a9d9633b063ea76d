import type { Jobs } from '../../contract/jobs.js';
import type { Ctx } from '../../services/context.js';
import { fireDeadline } from '../../services/time/deadline.js';

/** A woken deadline: re-reads by id and does nothing if it moved, ended or fired already. */
export async function wakeDeadline(ctx: Ctx, job: Jobs['deadline']): Promise<void> {
  await fireDeadline(ctx, job.conversation, job.kind, job.at);
}
