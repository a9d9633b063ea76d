/**
 * Where files lie: outside the web root, under names of ours, through one interface. What must be secret is sealed
 * before it comes here; who may read is asked before it is fetched.
 */
import type { Config } from '../../platform/config.js';
import type { FileKey } from './key.js';
import { createLocalStore } from './local.js';
import { createS3Store } from './s3.js';

export interface FileStore {
  /** Durable when it returns; the same key again replaces it whole. */
  put(key: FileKey, bytes: Buffer): Promise<void>;
  /** null when there is none. */
  get(key: FileKey): Promise<Buffer | null>;
  /** Harmless when there is none. */
  remove(key: FileKey): Promise<void>;
}

/** A bucket where one is set up, else the data folder; several machines need the bucket. */
export function createFileStore(config: Config): FileStore {
  return config.S3_URL ? createS3Store(config) : createLocalStore(config.HOTLINE_DATA);
}
