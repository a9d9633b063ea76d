/** Which handler does which job, and how many of them at once. A job carries ids, re-reads, and is safe twice. */
import type { JobName, Jobs } from '../../contract/jobs.js';
import type { Config } from '../../platform/config.js';
import type { Ctx } from '../../services/context.js';
import { wakeDeadline } from './deadline.js';
import { buildExport } from './export.js';
import { mirror, reconcile } from './im.js';
import { deliverNotice } from './notice.js';

export interface Handler<Name extends JobName> {
  concurrency(config: Config): number;
  /** @param stopping aborts when the worker shuts down: give the work back, another will take it up */
  run(ctx: Ctx, job: Jobs[Name], stopping: AbortSignal): Promise<void>;
}
export type Handlers = { [Name in JobName]: Handler<Name> };

export const handlers: Handlers = {
  deadline: { concurrency: (config) => config.DEADLINE_CONCURRENCY, run: wakeDeadline },
  export: { concurrency: (config) => config.EXPORT_CONCURRENCY, run: buildExport },
  notice: { concurrency: (config) => config.NOTICE_CONCURRENCY, run: deliverNotice },
  im: { concurrency: (config) => config.IM_CONCURRENCY, run: mirror },
  'im-reconcile': { concurrency: () => 1, run: reconcile },
};
