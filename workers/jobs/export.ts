import type { Jobs } from '../../contract/jobs.js';
import type { Ctx } from '../../services/context.js';
import { runExport } from '../../services/export/run.js';

/** Takes an export up, if nobody else has it; the task's row says what is to be done. */
export async function buildExport(ctx: Ctx, job: Jobs['export'], stopping: AbortSignal): Promise<void> {
  await runExport(ctx, job.task, stopping);
}
