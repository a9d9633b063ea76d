/**
 * The own data key of a case file, of its pictures and consultation records, and of a personal profile (design.md,
 * "Seal", level A). A row of `dataKeys` wraps a block of them, so that an upload of thousands stores a handful of
 * rows; destroying one key overwrites its place in the block and leaves its neighbours.
 */
import { Types, type ClientSession } from 'mongoose';
import type { DataKeyRow } from '../../models/data-key.js';
import { AppError } from '../../platform/errors.js';
import { dataKey, newKeyMaterial, seal, unseal, type DataKey } from '../../platform/keyring.js';
import type { Ctx } from '../context.js';
import { wrappedPlace } from '../seal/keys.js';

const BYTES = 32;
/** Keys of one row. */
const BLOCK = 500;
const TRIES = 10;

/** Where a key lies: the row, and its place in it. */
export interface KeyPlace {
  key: Types.ObjectId;
  keySlot: number;
}

export interface NewKeys {
  /** To be stored with, or before, what they seal. */
  rows: DataKeyRow[];
  keys: (KeyPlace & { opened: DataKey })[];
}

/** So many new keys, not yet stored. */
export async function newKeys(ctx: Ctx, institution: string, count: number): Promise<NewKeys> {
  const made: NewKeys = { rows: [], keys: [] };
  for (let left = count; left > 0; left -= BLOCK) {
    const _id = new Types.ObjectId();
    const materials = Array.from({ length: Math.min(left, BLOCK) }, newKeyMaterial);
    made.rows.push({
      _id,
      scope: 'record',
      institution,
      ref: _id.toHexString(),
      wrapped: await wrap(ctx, { _id, institution }, Buffer.concat(materials)),
      createdAt: new Date(ctx.clock.now()),
    });
    materials.forEach((material, keySlot) =>
      made.keys.push({ key: _id, keySlot, opened: dataKey(_id.toHexString(), material) }),
    );
  }
  return made;
}

/** One new key, stored. */
export async function storeNewKey(
  ctx: Ctx,
  institution: string,
  session?: ClientSession,
): Promise<KeyPlace & { opened: DataKey }> {
  const { rows, keys } = await newKeys(ctx, institution, 1);
  await ctx.models.DataKey.create(rows, session ? { session } : {});
  const [key] = keys;
  if (!key) throw new Error('no key was made');
  return key;
}

/** Opens the keys of many rows by one query; a destroyed one is null. */
export async function openKeys(
  ctx: Ctx,
  places: readonly KeyPlace[],
): Promise<(place: KeyPlace) => DataKey | null> {
  const ids = [...new Set(places.map(({ key }) => key.toHexString()))];
  const rows = await ctx.models.DataKey.find({
    _id: { $in: ids.map((id) => new Types.ObjectId(id)) },
  }).lean();
  const blocks = new Map<string, Buffer | null>();
  for (const row of rows)
    blocks.set(row._id.toHexString(), row.wrapped && (await unwrap(ctx, row, row.wrapped)));
  return ({ key, keySlot }) => {
    const material = blocks.get(key.toHexString())?.subarray(keySlot * BYTES, (keySlot + 1) * BYTES);
    const alive = material?.length === BYTES && material.some((byte) => byte !== 0);
    return alive ? dataKey(key.toHexString(), material) : null;
  };
}

/** @throws AppError NOT_FOUND when the key was destroyed */
export async function openKey(ctx: Ctx, place: KeyPlace): Promise<DataKey> {
  const key = (await openKeys(ctx, [place]))(place);
  if (!key) throw new AppError('NOT_FOUND', { message: '该档案的内容已按要求销毁。' });
  return key;
}

/** What the key sealed can never be opened again, wherever a copy lies. Harmless when it is gone. */
export async function destroyKey(ctx: Ctx, { key, keySlot }: KeyPlace): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const row = await ctx.models.DataKey.findById(key).lean();
    if (!row?.wrapped) return;
    const block = await unwrap(ctx, row, row.wrapped);
    block.fill(0, keySlot * BYTES, (keySlot + 1) * BYTES);
    const rest = block.some((byte) => byte !== 0);
    const wrapped = rest ? await wrap(ctx, row, block) : null;
    const changed = await ctx.models.DataKey.updateOne(
      { _id: key, wrapped: row.wrapped },
      { $set: { wrapped } },
    );
    // A neighbour was destroyed meanwhile.
    if (changed.matchedCount === 1) return;
  }
  throw new AppError('CONFLICT');
}

type Row = Pick<DataKeyRow, '_id' | 'institution'>;
const wrap = async (ctx: Ctx, row: Row, block: Buffer) =>
  seal(await ctx.keys.institution(row.institution), block, wrappedPlace(row));
const unwrap = async (ctx: Ctx, row: Row, wrapped: Buffer) =>
  unseal(await ctx.keys.institution(row.institution), wrapped, wrappedPlace(row));
