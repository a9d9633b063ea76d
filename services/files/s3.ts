/** Files in a bucket of an S3-compatible store (S3, COS, MinIO …), whole objects over three calls, signed V4. */
import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { Config } from '../../platform/config.js';
import { AppError } from '../../platform/errors.js';
import { checkKey } from './key.js';
import type { FileStore } from './store.js';

const TIMEOUT_MS = 30_000;
/** Tries after the first, of what the store itself calls passing (5xx, 429). */
const RETRIES = 3;

type S3Config = Pick<Config, 'S3_URL' | 'S3_REGION' | 'S3_ACCESS_KEY' | 'S3_SECRET_KEY'>;

/** @param config S3_URL is the bucket's own address, in its path or in its host name; a path below it is a prefix */
export function createS3Store(config: S3Config): FileStore {
  const client = new AwsClient({
    service: 's3',
    region: config.S3_REGION,
    accessKeyId: config.S3_ACCESS_KEY,
    secretAccessKey: config.S3_SECRET_KEY,
    retries: RETRIES,
  });
  const bucket = config.S3_URL.replace(/\/+$/, '');

  /** @throws AppError UNAVAILABLE when the store is away or refuses us; no key and no content in its words */
  async function ask(method: 'PUT' | 'GET' | 'DELETE', key: string, bytes?: Buffer): Promise<Buffer | null> {
    const address = `${bucket}/${checkKey(key)}`;
    try {
      const answer = await client.fetch(address, {
        method,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(bytes === undefined
          ? {}
          : // Named in the signature: a store that got other bytes refuses them.
            { body: new Uint8Array(bytes), headers: { 'x-amz-content-sha256': sha256(bytes) } }),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      if (answer.ok) return body;
      // No such bucket is a 404 too, and is no file that is missing.
      if (answer.status === 404 && !body.includes('NoSuchBucket')) return null;
      throw new Error(`S3 answered ${method} with ${String(answer.status)}`);
    } catch (cause) {
      throw new AppError('UNAVAILABLE', { message: '文件存储暂时不可用，请稍后重试。', cause });
    }
  }

  return {
    async put(key, bytes) {
      if ((await ask('PUT', key, bytes)) === null) throw new AppError('UNAVAILABLE');
    },
    get: (key) => ask('GET', key),
    async remove(key) {
      await ask('DELETE', key);
    },
  };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
