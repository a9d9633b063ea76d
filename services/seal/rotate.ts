/**
 * Rotation of DATA_KEY: what DATA_KEY_PREVIOUS wrapped is wrapped by DATA_KEY instead. Only wrappers change, so no
 * message and no file is written anew. Each row is one write and opens before and after it, so a rotation may be
 * broken off anywhere and repeated, and nodes that have both keys serve meanwhile.
 */
import { seal, type Belonging } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';
import { storeIndexKey } from './index-key.js';
import { wrappedPlace } from './keys.js';
import { sealKeyPlace } from './signing.js';

type Needs = Pick<Ctx, 'models' | 'keyring' | 'clock' | 'config'>;

/** One value that a master key wraps. */
interface Wrapped {
  /** For the operator: collection and id. */
  name: string;
  sealed: Buffer;
  to: Belonging;
  /** Answers false when it changed meanwhile. */
  replace(sealed: Buffer): Promise<boolean>;
}

export interface Rotation {
  rewrapped: number;
  /** DATA_KEY had wrapped them before. */
  already: number;
  /** Names of what neither key opens; it is left as it is. */
  foreign: string[];
}

/** @param told after each row that was re-wrapped; what it throws breaks the rotation off */
export async function rotateDataKey(
  ctx: Needs,
  told: (name: string) => void = () => undefined,
): Promise<Rotation> {
  // First, while the wrapper of the oldest institution still tells which key the indexes were made with.
  await storeIndexKey(ctx);
  const result: Rotation = { rewrapped: 0, already: 0, foreign: [] };
  for (const each of await wrappedByMaster(ctx)) {
    if (ctx.keyring.isCurrent(each.sealed)) {
      result.already += 1;
      continue;
    }
    const plain = openedBy(ctx, each);
    if (plain === null) result.foreign.push(each.name);
    // Destroyed or retired meanwhile: then there is nothing left to wrap.
    else if (await each.replace(seal(ctx.keyring.master, plain, each.to))) {
      result.rewrapped += 1;
      told(each.name);
    }
  }
  return result;
}

/** Everything in the database that a master key wraps; the rest is wrapped by what stands here. */
async function wrappedByMaster({ models: { DataKey, SealKey } }: Needs): Promise<Wrapped[]> {
  const [keys, signers] = await Promise.all([
    DataKey.find({ scope: { $in: ['index', 'institution'] } }).lean(),
    SealKey.find({}).lean(),
  ]);
  const all: (Omit<Wrapped, 'sealed'> & { sealed: Buffer | null })[] = [
    ...keys.map((row) => ({
      name: `dataKeys ${row._id.toHexString()}`,
      sealed: row.wrapped,
      to: wrappedPlace(row),
      replace: async (wrapped: Buffer) =>
        (await DataKey.updateOne({ _id: row._id, wrapped: row.wrapped }, { $set: { wrapped } }))
          .matchedCount === 1,
    })),
    ...signers.map((row) => ({
      name: `sealKeys ${row._id.toHexString()}`,
      sealed: row.privateKey,
      to: sealKeyPlace(row._id),
      replace: async (privateKey: Buffer) =>
        (await SealKey.updateOne({ _id: row._id, privateKey: row.privateKey }, { $set: { privateKey } }))
          .matchedCount === 1,
    })),
  ];
  return all.flatMap((each) => (each.sealed ? [{ ...each, sealed: each.sealed }] : []));
}

function openedBy({ keyring }: Needs, { sealed, to }: Wrapped): Buffer | null {
  try {
    return keyring.unwrap(sealed, to);
  } catch {
    return null;
  }
}
