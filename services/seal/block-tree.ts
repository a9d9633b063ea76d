/**
 * Where bytes were altered, at a fixed cost: SHA-256 over 4 KiB blocks, folded in pairs whenever there are 128 of
 * them, so that a file of any size has at most 128 hashes, each over the same power of two of blocks.
 */
import { createHash } from 'node:crypto';

const BLOCK = 4096;
const MAX_LEAVES = 128;

export interface BlockTree {
  update(bytes: Buffer): void;
  /** Call it once, at the end. */
  end(): Leaves;
}

export interface Leaves {
  size: number;
  /** Bytes under one leaf; the last may have fewer. */
  leafSize: number;
  leaves: string[];
}

const sha256 = (...parts: Buffer[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Pairs from the left, an odd one goes up as it is. */
function fold(hashes: Buffer[]): Buffer {
  let level = hashes;
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = level.slice(index, index + 2);
      if (left) next.push(right ? sha256(Buffer.from([1]), left, right) : left);
    }
    level = next;
  }
  return level[0] ?? Buffer.alloc(32);
}

export function createBlockTree(): BlockTree {
  const block = Buffer.alloc(BLOCK);
  let filled = 0;
  let size = 0;
  /** Blocks under one leaf. */
  let span = 1;
  let leaves: Buffer[] = [];
  let open: Buffer[] = [];

  function closeBlock(): void {
    open.push(sha256(Buffer.from([0]), block.subarray(0, filled)));
    filled = 0;
    if (open.length < span) return;
    leaves.push(fold(open));
    open = [];
    if (leaves.length < MAX_LEAVES) return;
    leaves = leaves.flatMap((leaf, index) =>
      index % 2 === 0 ? [fold([leaf, leaves[index + 1] ?? leaf])] : [],
    );
    span *= 2;
  }

  return {
    update(bytes) {
      size += bytes.length;
      for (let from = 0; from < bytes.length;) {
        const taken = bytes.copy(block, filled, from, from + BLOCK - filled);
        filled += taken;
        from += taken;
        if (filled === BLOCK) closeBlock();
      }
    },
    end() {
      if (filled > 0) closeBlock();
      if (open.length > 0) leaves.push(fold(open));
      return { size, leafSize: span * BLOCK, leaves: leaves.map((leaf) => leaf.toString('base64url')) };
    },
  };
}
