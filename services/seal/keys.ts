/**
 * The key hierarchy: DATA_KEY wraps each institution's key, that wraps each conversation's (design.md, "Seal").
 * Unwrapped keys are cached per node; a `cutoff` row of subject `key` drops one.
 */
import { Types } from 'mongoose';
import type { DataKeyRow } from '../../models/data-key.js';
import type { Models } from '../../models/index.js';
import { AppError } from '../../platform/errors.js';
import {
  dataKey,
  newKeyMaterial,
  seal,
  unseal,
  type Belonging,
  type DataKey,
  type Keyring,
} from '../../platform/keyring.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Clock } from '../../platform/clock.js';

/** What a wrapped key is bound to, whichever key wraps it. */
export const wrappedPlace = ({ _id, institution }: Pick<DataKeyRow, '_id' | 'institution'>): Belonging => [
  'dataKeys',
  'wrapped',
  _id.toHexString(),
  institution,
];

const MAX_CACHED = 20_000;

export interface KeyStore {
  /** The field key of level B and the wrapper of the institution's conversations; made at first use. */
  institution(code: string): Promise<DataKey>;
  /** @throws AppError NOT_FOUND when the key was destroyed: the conversation is erased */
  conversation(keyId: string): Promise<DataKey>;
  /** A new key, stored before the conversation that names it; an orphan is harmless. */
  createForConversation(conversation: Types.ObjectId, institution: string): Promise<Types.ObjectId>;
  drop(keyId: string): void;
}

export function createKeyStore(deps: { models: Models; keyring: Keyring; clock: Clock }): KeyStore {
  const { models, keyring, clock } = deps;
  const institutions = new Map<string, Promise<DataKey>>();
  const conversations = new Map<string, DataKey>();

  async function loadInstitution(code: string): Promise<DataKey> {
    const row =
      (await models.DataKey.findOne({ scope: 'institution', ref: code }).lean()) ??
      (await makeInstitution(code));
    if (!row.wrapped) throw new AppError('NOT_FOUND', { message: '该机构的数据已被销毁。' });
    return dataKey(row._id.toHexString(), keyring.unwrap(row.wrapped, wrappedPlace(row)));
  }

  async function makeInstitution(code: string) {
    const _id = new Types.ObjectId();
    const wrapped = seal(keyring.master, newKeyMaterial(), wrappedPlace({ _id, institution: code }));
    try {
      await models.DataKey.create({
        _id,
        scope: 'institution',
        institution: code,
        ref: code,
        wrapped,
        createdAt: new Date(clock.now()),
      });
    } catch (error) {
      // Another node was quicker: its key is the institution's.
      if (!isDuplicate(error)) throw error;
    }
    return models.DataKey.findOne({ scope: 'institution', ref: code }).lean().orFail();
  }

  function institution(code: string): Promise<DataKey> {
    let key = institutions.get(code);
    if (!key) {
      key = loadInstitution(code);
      institutions.set(code, key);
      // A failure is not kept: the next caller asks the database again.
      key.catch(() => institutions.delete(code));
    }
    return key;
  }

  function remember(keyId: string, key: DataKey): void {
    conversations.set(keyId, key);
    if (conversations.size > MAX_CACHED) {
      const oldest = conversations.keys().next().value;
      if (oldest !== undefined) conversations.delete(oldest);
    }
  }

  return {
    institution,

    async conversation(keyId) {
      const cached = conversations.get(keyId);
      if (cached) return cached;
      const row = await models.DataKey.findById(keyId).lean();
      if (!row?.wrapped) throw new AppError('NOT_FOUND', { message: '该会谈的内容已按要求销毁。' });
      const wrapper = await institution(row.institution);
      const key = dataKey(keyId, unseal(wrapper, row.wrapped, wrappedPlace(row)));
      remember(keyId, key);
      return key;
    },

    async createForConversation(conversation, code) {
      const _id = new Types.ObjectId();
      const material = newKeyMaterial();
      const wrapper = await institution(code);
      await models.DataKey.create({
        _id,
        scope: 'conversation',
        institution: code,
        ref: conversation.toHexString(),
        wrapped: seal(wrapper, material, wrappedPlace({ _id, institution: code })),
        createdAt: new Date(clock.now()),
      });
      remember(_id.toHexString(), dataKey(_id.toHexString(), material));
      return _id;
    },

    drop(keyId) {
      conversations.delete(keyId);
    },
  };
}
