import type { Jobs } from '../../contract/jobs.js';
import type { Ctx } from '../../services/context.js';
import { sendNotice } from '../../services/wechat/ready-notice.js';

/** Sends one outbox row to WeChat; the row says whether it is still to be sent. */
export async function deliverNotice(ctx: Ctx, job: Jobs['notice']): Promise<void> {
  await sendNotice(ctx, job.row);
}
