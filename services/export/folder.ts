/** Where exports lie, and the key that each of them is sealed with. */
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Types } from 'mongoose';
import type { ExportTask } from '../../models/export-task.js';
import { dataKey, newKeyMaterial, seal, unseal, type DataKey } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';
import type { SealedPlace } from './sealed-file.js';

export function exportFolder(ctx: Pick<Ctx, 'config'>): string {
  return ctx.config.EXPORT_DIR || join(ctx.config.HOTLINE_DATA, 'exports');
}

export async function ensureFolder(ctx: Pick<Ctx, 'config'>): Promise<string> {
  const folder = exportFolder(ctx);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export async function erase(ctx: Pick<Ctx, 'config' | 'log'>, names: string[]): Promise<void> {
  const folder = await ensureFolder(ctx);
  for (const name of names)
    await rm(join(folder, name), { force: true }).catch((error: unknown) => {
      ctx.log.warn({ err: String(error), file: name }, 'export file not erased; swept later');
    });
}

/** A rename is durable once its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A small file, on the disk when this returns. */
export async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new key for one export, sealed as it is stored; dropping it erases every copy of the file. */
export async function newExportKey(
  ctx: Pick<Ctx, 'keys'>,
  id: Types.ObjectId,
  institution: string,
): Promise<Buffer> {
  return seal(await ctx.keys.institution(institution), newKeyMaterial(), [
    'exportTasks',
    'key',
    id.toHexString(),
    institution,
  ]);
}

type Keyed = Pick<ExportTask, '_id' | 'institution' | 'key'>;

/** null once it is erased. */
export async function exportKey(ctx: Pick<Ctx, 'keys'>, task: Keyed): Promise<DataKey | null> {
  if (!task.key) return null;
  const id = task._id.toHexString();
  const wrapper = await ctx.keys.institution(task.institution);
  return dataKey(id, unseal(wrapper, task.key, ['exportTasks', 'key', id, task.institution]));
}

export function placeOf(task: Keyed, key: DataKey, stored: string): SealedPlace {
  return { key, task: task._id.toHexString(), institution: task.institution, stored };
}
