/** What the tries of an export leave behind: workers may die at any moment, also between finishing and clearing up. */
import { readdir } from 'node:fs/promises';
import type { Types } from 'mongoose';
import type { ExportTask } from '../../models/export-task.js';
import type { Ctx } from '../context.js';
import { ensureFolder, erase } from './folder.js';

/** Every file a task may be fetched by, whichever try made it. */
export const filesOf = (task: Pick<ExportTask, 'file' | 'proof'>): string[] =>
  [task.file, task.proof].flatMap((file) => (file ? [file.stored] : []));

/** All files of a task, but those to keep. */
export async function eraseFiles(
  ctx: Pick<Ctx, 'config' | 'log'>,
  { _id }: Pick<ExportTask, '_id'>,
  keep: string[] = [],
): Promise<void> {
  const own = `${_id.toHexString()}.`;
  const names = await readdir(await ensureFolder(ctx));
  await erase(
    ctx,
    names.filter((name) => name.startsWith(own) && !keep.includes(name)),
  );
}

const OVER: ExportTask['status'][] = ['DONE', 'FAILED', 'CANCELLED'];
export const isOver = (status: ExportTask['status']): boolean => OVER.includes(status);

/** Once an export is over only what it is fetched by stays. What was finished of one under way is for its next try. */
export async function tidyIfOver(ctx: Ctx, _id: Types.ObjectId): Promise<void> {
  const task = await ctx.models.ExportTask.findOne(
    { _id, status: { $in: OVER } },
    { file: 1, proof: 1 },
  ).lean();
  if (!task) return;
  await eraseFiles(ctx, task, filesOf(task));
  await ctx.models.ExportTask.updateOne({ _id }, { $unset: { untidy: true } });
}

/** For the worker that died before it had cleared up. */
export async function sweepUntidy(ctx: Ctx): Promise<void> {
  const rows = await ctx.models.ExportTask.find({ untidy: true, status: { $in: OVER } }, { _id: 1 })
    .limit(100)
    .lean();
  for (const { _id } of rows) await tidyIfOver(ctx, _id);
}
