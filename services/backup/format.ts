/**
 * A backup: a folder with one gzip file of BSON documents a collection (as mongodump's own), the files of the local
 * store, and a manifest that is written last: without it a backup is not whole and is refused.
 */
import type { BackupPart } from '../../contract/enums.js';
import type { Models } from '../../models/index.js';

export const MANIFEST = 'manifest.json';
export const FORMAT = 1;

export interface Manifest {
  format: typeof FORMAT;
  part: BackupPart;
  at: string;
  /** Collection to how many documents, and the SHA-256 of its file. */
  collections: Record<string, { documents: number; sha256: string }>;
  files: number;
}

/**
 * Wrapped keys and the receipts of erasure lie apart from the data, and only the newest are kept: so a key that was
 * destroyed since is in no backup, and what was erased stays erased in every older one.
 */
export const KEY_PART: readonly (keyof Models)[] = ['DataKey', 'Erasure', 'ErasureRequest'];

/** What must not come back: log-ins that may have ended since, leases of processes that are gone, when it was backed up. */
export const LEFT_OUT: readonly (keyof Models)[] = [
  'Session',
  'Lease',
  'Connection',
  'DevOutbox',
  'Code',
  'Backup',
];
