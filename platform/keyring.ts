/**
 * Sealing of single values: AES-256-GCM with the key's id and a random nonce in each value (invariants.md
 * section 4, row 23). What a value belongs to is bound in as additional data, so that a value moved to another
 * row or field is refused.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  randomFillSync,
  type KeyObject,
} from 'node:crypto';
import { createSecretKey } from 'node:crypto';

/** Randomness in pools: one system call for many nonces and salts (6 µs instead of 10 µs a message). */
const pool = Buffer.alloc(8192);
let used = pool.length;
export function pooledRandom(bytes: number): Buffer {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const slice = Buffer.from(pool.subarray(used, used + bytes));
  used += bytes;
  return slice;
}

export interface DataKey {
  /** 12 bytes, stored in each value. */
  id: Buffer;
  key: KeyObject;
}

const NONCE = 12;
const TAG = 16;
const KEY_ID = 12;

/** What a value belongs to: collection, field, document id, institution. */
export type Belonging = readonly [collection: string, field: string, id: string, institution: string];

const bound = (to: Belonging) => Buffer.from(JSON.stringify(to));

/** keyId(12) ‖ nonce(12) ‖ tag(16) ‖ ciphertext */
export function seal(key: DataKey, plain: Buffer, to: Belonging): Buffer {
  const nonce = pooledRandom(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key.key, nonce);
  cipher.setAAD(bound(to));
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([key.id, nonce, cipher.getAuthTag(), body]);
}

/** @throws Error when the value was altered, moved, or sealed by another key */
export function unseal(key: DataKey, sealed: Buffer, to: Belonging): Buffer {
  const nonce = sealed.subarray(KEY_ID, KEY_ID + NONCE);
  const decipher = createDecipheriv('aes-256-gcm', key.key, nonce);
  decipher.setAAD(bound(to));
  decipher.setAuthTag(sealed.subarray(KEY_ID + NONCE, KEY_ID + NONCE + TAG));
  return Buffer.concat([decipher.update(sealed.subarray(KEY_ID + NONCE + TAG)), decipher.final()]);
}

export function newKeyMaterial(): Buffer {
  return randomBytes(32);
}

export function dataKey(idHex: string, material: Buffer): DataKey {
  return { id: Buffer.from(idHex, 'hex'), key: createSecretKey(material) };
}

/**
 * The installation's own secrets: the master key that wraps the institutions' keys, and the key of the blind
 * index by which an exact phone or e-mail is found without being stored in clear.
 */
export interface Keyring {
  /** DATA_KEY: wraps whatever is wrapped from now on. */
  master: DataKey;
  /**
   * Opens what DATA_KEY wrapped, or DATA_KEY_PREVIOUS while a rotation runs.
   * @throws Error when neither did, or when the value was altered or moved
   */
  unwrap(sealed: Buffer, to: Belonging): Buffer;
  /** Whether DATA_KEY wrapped this, by the id that stands in it. */
  isCurrent(sealed: Buffer): boolean;
  /** Equal text in the same field gives an equal index; never equal across fields. */
  blindIndex(field: string, text: string): string;
  pepper: Buffer;
}

const derived = (material: Buffer, label: string) => createHmac('sha256', material).update(label).digest();

/** The key of the blind index where none is stored: installations of before it was one of its own have this one. */
export function derivedIndexKey(masterBase64: string): Buffer {
  return derived(Buffer.from(masterBase64, 'base64'), 'blind-index');
}

/** @param options.indexKey the stored one; without it the one that the master key gives */
export function createKeyring(
  masterBase64: string,
  pepper: string,
  options: { previous?: string; indexKey?: Buffer } = {},
): Keyring {
  const { previous = '', indexKey = derivedIndexKey(masterBase64) } = options;
  const masterOf = (base64: string) => {
    const material = Buffer.from(base64, 'base64');
    // The id is derived, so that a rotated master key is recognised in what it wrapped.
    return dataKey(derived(material, 'master-id').subarray(0, KEY_ID).toString('hex'), material);
  };
  const master = masterOf(masterBase64);
  const masters = previous ? [master, masterOf(previous)] : [master];
  const wrapped = ({ id }: DataKey, sealed: Buffer) => id.equals(sealed.subarray(0, KEY_ID));
  return {
    master,
    unwrap(sealed, to) {
      const key = masters.find((each) => wrapped(each, sealed));
      if (!key) throw new Error('wrapped by neither DATA_KEY nor DATA_KEY_PREVIOUS');
      return unseal(key, sealed, to);
    },
    isCurrent: (sealed) => wrapped(master, sealed),
    blindIndex: (field, text) =>
      createHmac('sha256', indexKey).update(`${field}\0${text}`).digest('base64url'),
    pepper: Buffer.from(pepper),
  };
}
