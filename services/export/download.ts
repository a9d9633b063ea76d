/** Fetching a finished export: to its asker only, while they still may, written to the audit log first. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { accessConversation } from '../policies/conversation.js';
import { exportFolder, exportKey, placeOf } from './folder.js';
import { CONTENT_TYPES } from './render.js';
import { inScope } from './request.js';
import { readSealedFile } from './sealed-file.js';
import { accessTask } from './task.js';
import type { ExportTask } from '../../models/export-task.js';

export interface Download {
  name: string;
  type: string;
  size: number;
  /** SHA-256 in hex: the same file has the same one. */
  sha256: string;
  /** Bytes from start to end, both included. */
  read(start: number, end: number): Readable;
}

/**
 * @param which the file, or what proves it
 * @throws AppError NOT_FOUND (another's, unfinished, expired), FORBIDDEN (the right was lost since), UNAVAILABLE
 */
export async function openDownload(
  ctx: Ctx,
  actor: Actor,
  id: string,
  which: 'file' | 'proof',
): Promise<Download> {
  const task = await accessTask(ctx, actor, id);
  const file = task.status === 'DONE' ? task[which] : null;
  const key = await exportKey(ctx, task);
  if (!file || !key || (task.expiresAt?.getTime() ?? 0) <= ctx.clock.now())
    throw new AppError('NOT_FOUND', { message: expired(task) });
  await assertStillAllowed(ctx, actor, task);
  const path = join(exportFolder(ctx), file.stored);
  await access(path).catch((cause: unknown) => {
    // Another machine's folder, or a disk that is away.
    throw new AppError('UNAVAILABLE', { message: '文件暂时无法读取，请稍后重试。', cause });
  });
  // No entry, no data (I15).
  await ctx.audit.write({
    institution: task.institution,
    actor,
    action: which === 'file' ? 'export.download' : 'export.download-proof',
    subject: `export:${id}`,
  });
  const batch = task.batch && which === 'file';
  return {
    name: file.name,
    type: CONTENT_TYPES[which === 'proof' ? 'json' : batch ? 'zip' : task.format],
    size: file.size,
    sha256: file.sha256,
    read: (start, end) =>
      readSealedFile(path, placeOf(task, key, file.stored), { start, end, size: file.size }),
  };
}

function expired(task: ExportTask): string {
  return task.status === 'DONE' ? '文件已过期删除，请重新导出。' : '文件还没有生成。';
}

async function assertStillAllowed(ctx: Ctx, actor: Actor, task: ExportTask): Promise<void> {
  const ids = task.conversations.map((each) => each.toHexString());
  const [only] = ids;
  if (!task.batch && only !== undefined) await accessConversation(ctx, actor, only, 'export');
  else if ((await inScope(ctx, actor, ids)).size < ids.length)
    throw new AppError('FORBIDDEN', { message: '您已不再有权限查看其中的部分会谈，请重新导出。' });
}
