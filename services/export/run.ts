/** One try at building an export: take it up, write it sealed under a name of this try, name it, finish by fence. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { ExportFile } from '../../models/export-task.js';
import { isUnavailable } from '../../platform/errors.js';
import type { Ctx } from '../context.js';
import { ensureFolder, erase, exportKey, placeOf, syncFolder } from './folder.js';
import { takeTask, type Lease } from './lease.js';
import { createParts } from './parts.js';
import { produce, type Output } from './produce.js';
import { ExportRefused } from './refused.js';
import { createSealedFile } from './sealed-file.js';
import { tidyIfOver } from './tidy.js';

/** Safe to call at any time for any task, on any number of workers. */
export async function runExport(ctx: Ctx, id: string, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return;
  const lease = await takeTask(ctx, id, stopping);
  if (!lease) return;
  const made: string[] = [];
  let kept = false;
  try {
    const files = await write(ctx, lease, made);
    kept = await lease.finish(files);
  } catch (error) {
    await giveBack(ctx, lease, stopping, error);
  } finally {
    lease.stop();
    if (!kept) await erase(ctx, made);
    await tidyIfOver(ctx, lease.task._id);
  }
}

async function giveBack(ctx: Ctx, lease: Lease, stopping: AbortSignal, error: unknown): Promise<void> {
  const id = lease.task._id.toHexString();
  if (stopping.aborted) await lease.release(0);
  else if (lease.signal.aborted) ctx.log.info({ export: id }, 'export cancelled or taken over');
  else if (isUnavailable(error)) await lease.release(5_000);
  else {
    ctx.log.error({ err: error, export: id, fence: lease.task.fence }, 'export failed');
    await lease.fail(reasonOf(error), { final: error instanceof ExportRefused });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ExportRefused) return error.message;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return '服务器存储空间不足，请联系管理员后重新导出。';
  return '生成文件时出现问题，请稍后重新导出；如果再次失败请联系管理员。';
}

async function write(
  ctx: Ctx,
  lease: Lease,
  made: string[],
): Promise<{ file: ExportFile; proof: ExportFile | null; messages: number }> {
  const folder = await ensureFolder(ctx);
  const { task } = lease;
  const key = await exportKey(ctx, task);
  if (!key) throw new ExportRefused('导出已经失效，请重新导出。');

  async function output(
    kind: string,
    fill: (out: Output) => Promise<void>,
    name: string,
  ): Promise<ExportFile> {
    const stored = `${task._id.toHexString()}.${String(task.fence)}.${kind}`;
    // Only a whole file ever has its final name; a reader knows only what a DONE task names.
    const part = `${stored}.part`;
    made.push(part);
    const writer = createSealedFile(
      join(folder, part),
      placeOf(task, key as NonNullable<typeof key>, stored),
    );
    const ended = finished(writer.stream, { signal: lease.signal });
    try {
      await Promise.all([fill(writer.stream).then(() => void writer.stream.end()), ended]);
    } catch (error) {
      writer.stream.destroy();
      throw error;
    }
    made.push(stored);
    await rename(join(folder, part), join(folder, stored));
    return { name, stored, ...writer.result() };
  }

  const parts = createParts(folder, task, key, lease.signal);
  const files = await produce(ctx, lease, output, parts);
  await syncFolder(folder);
  return files;
}
