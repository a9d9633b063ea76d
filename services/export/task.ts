/** One's own exports: looking, cancelling, telling. */
import type { ExportTask as WireTask } from '../../contract/export.js';
import type { ExportTask } from '../../models/export-task.js';
import { AppError } from '../../platform/errors.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { presentExport } from '../presenters/export.js';

const MAX_LISTED = 50;

/**
 * Only the one who asked: anybody else learns nothing of it.
 * @throws AppError NOT_FOUND
 */
export async function accessTask(ctx: Pick<Ctx, 'models'>, actor: Actor, id: string): Promise<ExportTask> {
  const _id = objectId(id);
  const task = _id && (await ctx.models.ExportTask.findOne({ _id, asker: objectId(actor.id) }).lean());
  if (!task) throw new AppError('NOT_FOUND', { message: '没有找到该导出任务。' });
  return task;
}

export async function getExport(ctx: Ctx, actor: Actor, id: string): Promise<WireTask> {
  return presentExport(await accessTask(ctx, actor, id), ctx.clock.now());
}

/** The newest fifty of one's own. */
export async function listExports(ctx: Ctx, actor: Actor): Promise<WireTask[]> {
  const tasks = await ctx.models.ExportTask.find({ asker: objectId(actor.id) })
    .sort({ createdAt: -1, _id: -1 })
    .limit(MAX_LISTED)
    .lean();
  return tasks.map((task) => presentExport(task, ctx.clock.now()));
}

/**
 * Stops an export that is not finished; what its worker wrote is erased. Cancelling twice is harmless.
 * @throws AppError NOT_FOUND, RULE_REFUSED when it has ended otherwise
 */
export async function cancelExport(ctx: Ctx, actor: Actor, id: string): Promise<WireTask> {
  const task = await accessTask(ctx, actor, id);
  // The worker's next write is conditional on RUNNING and its fence: it finds itself refused.
  const cancelled = await ctx.models.ExportTask.findOneAndUpdate(
    { _id: task._id, status: { $in: ['QUEUED', 'RUNNING'] } },
    { $set: { status: 'CANCELLED', leaseUntil: null, key: null } },
    { returnDocument: 'after' },
  ).lean();
  const now = cancelled ?? (await accessTask(ctx, actor, id));
  if (now.status !== 'CANCELLED') throw new AppError('RULE_REFUSED', { message: '导出已经结束，不能取消。' });
  if (cancelled) tellAsker(ctx, cancelled);
  return presentExport(now, ctx.clock.now());
}

export function tellAsker(ctx: Pick<Ctx, 'bus' | 'clock'>, task: ExportTask): void {
  ctx.bus.publish({
    name: 'export.progress',
    asker: task.asker.toHexString(),
    task: presentExport(task, ctx.clock.now()),
  });
}
