/**
 * The seal of a zip: its comment, which is the very end of the file, signs every byte before it. The length is fixed,
 * so that the comment's place is known before its content is.
 */
import { Transform } from 'node:stream';
import { createBlockTree, type Leaves } from './block-tree.js';
import { VERSION } from './document.js';
import { ZIP } from './formats.js';
import type { Signer } from './signing.js';

/** Room for 128 hashes, key and signature. */
export const COMMENT_LENGTH = 6_400;
/** What the archiver writes first; replaced when the bytes before it are known. */
export const EMPTY_COMMENT = ' '.repeat(COMMENT_LENGTH);

export interface ZipSeal extends Leaves {
  format: typeof ZIP;
  version: number;
  keyId: string;
  publicKey: string;
  signature: string;
}

export function signedLeaves(keyId: string, { size, leafSize, leaves }: Leaves): Buffer {
  return Buffer.from(JSON.stringify([ZIP, VERSION, keyId, size, leafSize, leaves]));
}

/** The comment in its one spelling. */
export function commentOf(seal: ZipSeal): Buffer {
  const { keyId, publicKey, size, leafSize, leaves, signature } = seal;
  const text = JSON.stringify({
    format: ZIP,
    version: VERSION,
    keyId,
    publicKey,
    size,
    leafSize,
    leaves,
    signature,
  });
  if (text.length > COMMENT_LENGTH) throw new Error('the seal does not fit');
  return Buffer.from(text.padEnd(COMMENT_LENGTH));
}

/** Passes a zip through and puts the seal in the place of its empty comment. */
export function sealZip(signer: Signer): Transform {
  const tree = createBlockTree();
  let held: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const all = Buffer.concat([held, chunk]);
      const keep = Math.min(all.length, COMMENT_LENGTH);
      const passed = all.subarray(0, all.length - keep);
      held = all.subarray(all.length - keep);
      tree.update(passed);
      done(null, passed);
    },
    flush(done) {
      if (held.toString('latin1') !== EMPTY_COMMENT) {
        done(new Error('the zip does not end in its empty comment'));
        return;
      }
      const leaves = tree.end();
      const signature = signer.sign(signedLeaves(signer.id, leaves)).toString('base64url');
      const publicKey = signer.publicKey.toString('base64url');
      done(
        null,
        commentOf({ format: ZIP, version: VERSION, keyId: signer.id, publicKey, ...leaves, signature }),
      );
    },
  });
}
