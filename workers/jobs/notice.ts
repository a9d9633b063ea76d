import type { Jobs } from '../../contract/jobs.js';
import type { Ctx } from '../../services/context.js';
import { deliverTo } from '../../services/notice/deliver.js';

/** Sends what is due for one receiver; the rows say what is still to be sent. */
export async function deliverNotice(ctx: Ctx, job: Jobs['notice']): Promise<void> {
  await deliverTo(ctx, job.receiver);
}
