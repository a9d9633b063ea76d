import type { ExportTask } from '../../models/export-task.js';
import type { Ctx } from '../context.js';

/** One job a try: the same task at the same fence is one job, however often it is woken. */
export function wakeExport(ctx: Pick<Ctx, 'jobs'>, task: Pick<ExportTask, '_id' | 'fence'>): void {
  const id = task._id.toHexString();
  ctx.jobs.add('export', { task: id }, { id: `${id}-${String(task.fence)}` });
}
