import type { Jobs } from '../../contract/jobs.js';
import type { Ctx } from '../../services/context.js';
import { mirrorConversation, sweepMirrors } from '../../services/im/mirror.js';
import { reconcileIm } from '../../services/im/reconcile.js';
import { sweepReports } from '../../services/im/reports.js';

/** Copies a conversation to Tencent up to what its row says. */
export const mirror = (ctx: Ctx, job: Jobs['im']): Promise<void> => mirrorConversation(ctx, job.conversation);

/** Compares with Tencent; the report's row says whether that is done. */
export async function reconcile(ctx: Ctx, job: Jobs['im-reconcile'], stopping: AbortSignal): Promise<void> {
  await reconcileIm(ctx, job.report, undefined, stopping);
}

export async function sweepIm(ctx: Ctx): Promise<void> {
  await sweepMirrors(ctx);
  await sweepReports(ctx);
}
