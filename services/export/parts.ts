/**
 * The parts of a batch: one conversation each, written whole, sealed by the export's own key, and kept until the batch
 * is put together. A worker that takes a batch up after another died goes on with the first part that is missing
 * (invariants.md, I11). Files bear the fence of the try that wrote them; the part's description is renamed into place
 * last and names them, so a late writer can harm no other's.
 */
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Readable, Writable } from 'node:stream';
import type { ExportTask } from '../../models/export-task.js';
import { seal, unseal, type DataKey } from '../../platform/keyring.js';
import { placeOf, writeWhole } from './folder.js';
import { createSealedFile, readSealedFile } from './sealed-file.js';
import type { IndexRow } from './formats/xlsx.js';

export interface PartFile {
  stored: string;
  size: number;
  sha256: string;
}

/** A file that the conversation carries, as the batch names it. */
export interface PartAttachment {
  seq: number;
  id: string;
  name: string;
  sha256: string;
}

export interface Part {
  conversation: string;
  document: PartFile;
  proof: PartFile | null;
  messages: number;
  index: IndexRow;
  attachments: PartAttachment[];
}

export interface Parts {
  /** null when it was never finished, or can't be read: it is made again. */
  read(index: number): Promise<Part | null>;
  /** Writes one file of a part. */
  write(index: number, kind: 'document' | 'proof', fill: (out: Writable) => Promise<void>): Promise<PartFile>;
  /** Removes what this try wrote of a part that it could not finish: a full disk needs the room. */
  drop(index: number): Promise<void>;
  /** From here on the part need not be made again. */
  keep(index: number, part: Part): Promise<void>;
  open(file: PartFile): Readable;
}

export function createParts(folder: string, task: ExportTask, key: DataKey, signal: AbortSignal): Parts {
  const id = task._id.toHexString();
  const nameOf = (index: number) => `${id}.c${String(index)}.part`;
  const bound = (name: string) => ['exportFiles', name, id, task.institution] as const;
  return {
    async read(index) {
      const name = nameOf(index);
      try {
        const sealed = await readFile(join(folder, name));
        const part = JSON.parse(unseal(key, sealed, bound(name)).toString()) as Part;
        for (const file of [part.document, part.proof]) if (file) await stat(join(folder, file.stored));
        return part;
      } catch {
        return null;
      }
    },
    async write(index, kind, fill) {
      const stored = `${nameOf(index)}.${String(task.fence)}.${kind}`;
      // Of a try of the same fence there is only one; what it left behind is begun anew.
      await rm(join(folder, stored), { force: true });
      const writer = createSealedFile(join(folder, stored), placeOf(task, key, stored));
      const ended = finished(writer.stream, { signal });
      try {
        await Promise.all([fill(writer.stream).then(() => void writer.stream.end()), ended]);
      } catch (error) {
        writer.stream.destroy();
        throw error;
      }
      return { stored, ...writer.result() };
    },
    async drop(index) {
      for (const kind of ['document', 'proof', 'note'])
        await rm(join(folder, `${nameOf(index)}.${String(task.fence)}.${kind}`), { force: true });
    },
    async keep(index, part) {
      signal.throwIfAborted();
      const name = nameOf(index);
      const temporary = join(folder, `${name}.${String(task.fence)}.note`);
      await writeWhole(temporary, seal(key, Buffer.from(JSON.stringify(part)), bound(name)));
      await rename(temporary, join(folder, name));
    },
    open: (file) =>
      readSealedFile(join(folder, file.stored), placeOf(task, key, file.stored), {
        start: 0,
        end: file.size - 1,
        size: file.size,
      }),
  };
}
