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

/** Scraps are passed on together from so many bytes on. */
const TOGETHER = 65_536;

/**
 * Passes a zip through and puts the seal in the place of its empty comment. The directory of a large zip comes in tens
 * of thousands of scraps of a few bytes, so what is held back is joined seldom: once a scrap would be 200 MB for a
 * thousand conversations.
 */
export function sealZip(signer: Signer): Transform {
  const tree = createBlockTree();
  let held: Buffer[] = [];
  let size = 0;
  /** What may be passed on by now; the last bytes, which may be the comment, stay. */
  const release = (): Buffer => {
    const all = Buffer.concat(held, size);
    const passed = all.subarray(0, Math.max(0, size - COMMENT_LENGTH));
    const kept = all.subarray(passed.length);
    held = [kept];
    size = kept.length;
    tree.update(passed);
    return passed;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held.push(chunk);
      size += chunk.length;
      if (size < COMMENT_LENGTH + TOGETHER) done();
      else done(null, release());
    },
    flush(done) {
      this.push(release());
      if (Buffer.concat(held).toString('latin1') !== EMPTY_COMMENT) {
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
