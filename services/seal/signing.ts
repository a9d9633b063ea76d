/**
 * The keys that sign exports. The private one is sealed with the master key and destroyed when it is retired; the
 * public ones stay for ever, so that whatever was signed can be verified (GET /api/v1/seal-keys).
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { Types } from 'mongoose';
import type { SealKey } from '../../contract/export.js';
import type { SealKeyRow } from '../../models/seal-key.js';
import { seal } from '../../platform/keyring.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { presentSealKey } from '../presenters/export.js';

export interface Signer {
  /** The key's id, 24 hex digits. */
  id: string;
  /** 32 bytes. */
  publicKey: Buffer;
  sign(data: Buffer): Buffer;
}

/** What stands before the 32 bytes in an Ed25519 key's SPKI form (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
}

/** @returns false for what is no key or no signature, too */
export function isSignedBy(raw: Buffer, data: Buffer, signature: Buffer): boolean {
  try {
    return raw.length === 32 && verify(null, data, publicKeyOf(raw), signature);
  } catch {
    return false;
  }
}

type SealCtx = Pick<Ctx, 'models' | 'keyring' | 'clock' | 'config'>;
/** What a private key is bound to. */
export const sealKeyPlace = (id: Types.ObjectId) => ['sealKeys', 'privateKey', id.toHexString(), ''] as const;

/** The key in use; the first one is made at first use. */
export async function signerOf(ctx: SealCtx): Promise<Signer> {
  const row = (await ctx.models.SealKey.findOne({ active: true }).lean()) ?? (await makeKey(ctx));
  if (!row.privateKey) throw new Error('the active seal key has no private part');
  const key = createPrivateKey({
    key: ctx.keyring.unwrap(row.privateKey, sealKeyPlace(row._id)),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    id: row._id.toHexString(),
    publicKey: row.publicKey,
    sign: (data) => sign(null, data, key),
  };
}

async function makeKey(ctx: SealCtx): Promise<SealKeyRow> {
  const _id = new Types.ObjectId();
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  try {
    await ctx.models.SealKey.create({
      _id,
      publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length),
      privateKey: seal(
        ctx.keyring.master,
        privateKey.export({ format: 'der', type: 'pkcs8' }),
        sealKeyPlace(_id),
      ),
      active: true,
      createdAt: new Date(ctx.clock.now()),
    });
  } catch (error) {
    // Another node was quicker: its key is the one in use.
    if (!isDuplicate(error)) throw error;
  }
  return ctx.models.SealKey.findOne({ active: true }).lean().orFail();
}

/** Retires the key in use; the next export makes a new one. What was signed before stays verifiable. */
export async function retireSealKey(ctx: SealCtx): Promise<void> {
  await ctx.models.SealKey.updateOne(
    { active: true },
    { $set: { privateKey: null, retiredAt: new Date(ctx.clock.now()) }, $unset: { active: 1 } },
  );
}

/** All that ever signed, oldest first. */
export async function listSealKeys(ctx: SealCtx): Promise<SealKey[]> {
  const rows = await ctx.models.SealKey.find({}).sort({ _id: 1 }).lean();
  return rows.map((row) => presentSealKey(row));
}
