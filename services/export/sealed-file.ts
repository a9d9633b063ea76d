/**
 * Files that never lie on the disk in clear (invariants.md I16), not even while they are written or after a crash:
 * frames of 64 KiB, each sealed with the export's own key and bound to its place, so that frames can neither be
 * moved nor taken from another try. A range is read by opening only its frames.
 */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { seal, unseal, type DataKey } from '../../platform/keyring.js';

const FRAME = 64 * 1024;
/** Key id, nonce and tag of platform/keyring.ts. */
const OVERHEAD = 40;

export interface SealedPlace {
  key: DataKey;
  /** Export id. */
  task: string;
  institution: string;
  /** Name in the folder: of this file, of this try. */
  stored: string;
}

const belonging = (place: SealedPlace, index: number) =>
  ['exportFiles', `${place.stored}#${String(index)}`, place.task, place.institution] as const;

export interface SealedWriter {
  stream: Writable;
  /** Bytes and SHA-256 of the clear content; call it after the stream has finished. */
  result(): { size: number; sha256: string };
}

/** Writes, syncs and closes; nothing about the name says yet that it is whole. */
export function createSealedFile(path: string, place: SealedPlace): SealedWriter {
  const hash = createHash('sha256');
  let pending: Buffer[] = [];
  let held = 0;
  let index = 0;
  let size = 0;
  let file: FileHandle | null = null;

  async function writeFrames(last: boolean): Promise<void> {
    if (held < FRAME && !(last && held > 0)) return;
    let buffer = Buffer.concat(pending);
    while (buffer.length >= FRAME || (last && buffer.length > 0)) {
      await file?.write(seal(place.key, buffer.subarray(0, FRAME), belonging(place, index)));
      index += 1;
      buffer = buffer.subarray(FRAME);
    }
    pending = buffer.length > 0 ? [buffer] : [];
    held = buffer.length;
  }

  const stream = new Writable({
    highWaterMark: FRAME * 4,
    construct(done) {
      open(path, 'wx', 0o600).then((handle) => {
        file = handle;
        done();
      }, done);
    },
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      pending.push(chunk);
      held += chunk.length;
      writeFrames(false).then(() => {
        done();
      }, done);
    },
    final(done) {
      writeFrames(true)
        .then(() => file?.sync())
        .then(() => {
          done();
        }, done);
    },
    destroy(error, done) {
      const closing = file?.close() ?? Promise.resolve();
      file = null;
      closing.then(
        () => {
          done(error);
        },
        () => {
          done(error);
        },
      );
    },
  });
  let sum: string | null = null;
  return {
    stream,
    result: () => ({ size, sha256: (sum ??= hash.digest('hex')) }),
  };
}

/**
 * The clear bytes from `start` to `end`, both included.
 * @param size of the clear content, as stored with the task: a shortened file is refused
 * @throws (as a stream error) when the file is gone, altered or cut short
 */
export function readSealedFile(
  path: string,
  place: SealedPlace,
  range: { start: number; end: number; size: number },
): Readable {
  return Readable.from(frames(path, place, range), { objectMode: false, highWaterMark: FRAME });
}

async function* frames(
  path: string,
  place: SealedPlace,
  { start, end, size }: { start: number; end: number; size: number },
): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (let index = Math.floor(start / FRAME); index * FRAME <= end; index += 1) {
      const from = index * FRAME;
      const length = Math.min(FRAME, size - from);
      const sealed = Buffer.alloc(length + OVERHEAD);
      const { bytesRead } = await file.read(sealed, 0, sealed.length, index * (FRAME + OVERHEAD));
      if (bytesRead !== sealed.length) throw new Error('the export file is shorter than it was');
      const clear = unseal(place.key, sealed, belonging(place, index));
      yield clear.subarray(Math.max(0, start - from), Math.min(length, end + 1 - from));
    }
  } finally {
    await file.close();
  }
}
