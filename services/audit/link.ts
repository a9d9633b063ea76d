/** How one entry of the audit log is bound to the one before it (design.md, "Seal"). */
import { hash } from 'node:crypto';
import type { AuditEntry } from '../../models/audit-entry.js';

/** What the first entry of an institution is linked to. */
export const FIRST_LINK = Buffer.alloc(32);

/** SHA-256(previous link ‖ canonical JSON array of the entry) */
export function linkOf(previous: Buffer, entry: Omit<AuditEntry, 'link'>): Buffer {
  const line = JSON.stringify([
    entry._id.toHexString(),
    entry.institution,
    entry.number,
    entry.actor?.toHexString() ?? null,
    entry.action,
    entry.subject,
    entry.reason,
    entry.at.getTime(),
  ]);
  return hash('sha256', Buffer.concat([previous, Buffer.from(line)]), 'buffer');
}
