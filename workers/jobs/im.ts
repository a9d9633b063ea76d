import type { Jobs } from '../../contract/jobs.js';
import type { Ctx } from '../../services/context.js';
import { mirrorConversation, sweepMirrors } from '../../services/im/mirror.js';
import { reconcileIm, sweepNight } from '../../services/im/reconcile.js';

/** Copies a conversation to Tencent up to what its row says. */
export const mirror = (ctx: Ctx, job: Jobs['im']): Promise<void> => mirrorConversation(ctx, job.conversation);

/** Compares with Tencent once a day; the report's row says whether that is done. */
export async function reconcile(ctx: Ctx, job: Jobs['im-reconcile']): Promise<void> {
  await reconcileIm(ctx, job.day);
}

export async function sweepIm(ctx: Ctx): Promise<void> {
  await sweepMirrors(ctx);
  await sweepNight(ctx);
}
