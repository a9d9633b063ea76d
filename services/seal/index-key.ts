/**
 * The key of the blind indexes (phone, e-mail, device, return code …). It is a wrapped key of its own, so that the
 * master key may change without every index being lost.
 */
import { Types } from 'mongoose';
import type { DataKeyRow } from '../../models/data-key.js';
import type { Models } from '../../models/index.js';
import type { Clock } from '../../platform/clock.js';
import { ConfigError, type Config } from '../../platform/config.js';
import {
  createKeyring,
  derivedIndexKey,
  newKeyMaterial,
  seal,
  type Keyring,
} from '../../platform/keyring.js';
import { isDuplicate } from '../../platform/mongo.js';
import { wrappedPlace } from './keys.js';

type Secrets = Pick<Config, 'DATA_KEY' | 'DATA_KEY_PREVIOUS' | 'PEPPER'>;

const ROW = { scope: 'index', ref: 'blind-index' } as const;
/** It serves all institutions. */
const INSTITUTION = '*';

/**
 * The keyring of a process.
 * @throws ConfigError when the given keys open nothing here: nothing may be served, or written, by a wrong one
 */
export async function openKeyring(models: Models, config: Secrets): Promise<Keyring> {
  const { DATA_KEY, PEPPER, DATA_KEY_PREVIOUS: previous } = config;
  const bare = createKeyring(DATA_KEY, PEPPER, { previous });
  const row = await models.DataKey.findOne(ROW).lean();
  const indexKey = row?.wrapped ? opened(bare, row, row.wrapped) : await inheritedKey(models, bare, config);
  return createKeyring(DATA_KEY, PEPPER, { previous, indexKey });
}

/**
 * Stores the key of the blind index where there is none yet: the one in use, or, before there is anybody, a random
 * one. Safe to repeat, and on several nodes at once.
 */
export async function storeIndexKey(deps: { models: Models; config: Secrets; clock: Clock }): Promise<void> {
  const { models, config, clock } = deps;
  if (await models.DataKey.exists(ROW)) return;
  const keyring = createKeyring(config.DATA_KEY, config.PEPPER, { previous: config.DATA_KEY_PREVIOUS });
  const inUse = (await models.User.exists({})) !== null;
  const material = inUse ? await inheritedKey(models, keyring, config) : newKeyMaterial();
  const row = { _id: new Types.ObjectId(), institution: INSTITUTION };
  const wrapped = seal(keyring.master, material, wrappedPlace(row));
  try {
    await models.DataKey.create({ ...row, ...ROW, wrapped, createdAt: new Date(clock.now()) });
  } catch (error) {
    // Another node was quicker: its key is the one.
    if (!isDuplicate(error)) throw error;
  }
}

/** What the indexes were made with while the key followed from DATA_KEY: the oldest institution's wrapper tells which. */
async function inheritedKey(models: Models, keyring: Keyring, config: Secrets): Promise<Buffer> {
  const oldest = await models.DataKey.findOne({ scope: 'institution', wrapped: { $ne: null } })
    .sort({ _id: 1 })
    .lean();
  if (!oldest?.wrapped) return derivedIndexKey(config.DATA_KEY);
  opened(keyring, oldest, oldest.wrapped);
  return derivedIndexKey(keyring.isCurrent(oldest.wrapped) ? config.DATA_KEY : config.DATA_KEY_PREVIOUS);
}

function opened(keyring: Keyring, row: DataKeyRow, wrapped: Buffer): Buffer {
  try {
    return keyring.unwrap(wrapped, wrappedPlace(row));
  } catch {
    throw new ConfigError(
      'DATA_KEY is not the key of this database. Give the right one, or the one of before as DATA_KEY_PREVIOUS.',
    );
  }
}
