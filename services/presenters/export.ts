import type { ExportTask as WireTask, SealKey } from '../../contract/export.js';
import type { ExportTask } from '../../models/export-task.js';
import type { SealKeyRow } from '../../models/seal-key.js';

/** @param now a file that has expired has no address any more */
export function presentExport(task: ExportTask, now: number): WireTask {
  const id = task._id.toHexString();
  const there = task.status === 'DONE' && task.file && task.key && (task.expiresAt?.getTime() ?? 0) > now;
  return {
    id,
    status: task.status,
    progress: task.progress,
    ...(there ? { url: `/api/v1/exports/${id}/file` } : {}),
    ...(task.error === null ? {} : { error: task.error }),
    format: task.format,
    batch: task.batch,
    redacted: task.redact,
    conversations: task.conversations.length,
    createdTime: task.createdAt.getTime(),
    ...(task.status === 'DONE' && task.file
      ? {
          file: {
            name: task.file.name,
            size: task.file.size,
            sha256: task.file.sha256,
            messages: task.messages ?? 0,
          },
        }
      : {}),
    ...(there && task.proof ? { proofUrl: `/api/v1/exports/${id}/proof` } : {}),
    ...(task.expiresAt === null ? {} : { expiresTime: task.expiresAt.getTime() }),
  };
}

export function presentSealKey(row: SealKeyRow): SealKey {
  return {
    id: row._id.toHexString(),
    algorithm: 'Ed25519',
    publicKey: row.publicKey.toString('base64url'),
    createdTime: row.createdAt.getTime(),
    retiredTime: row.retiredAt?.getTime() ?? null,
  };
}
