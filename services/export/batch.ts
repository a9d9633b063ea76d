/** Many conversations as one sealed zip: a document and its proof for each, an index sheet, a signed manifest. */
import { createHash } from 'node:crypto';
import { PassThrough, Transform, type Readable, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { ZipArchive } from 'archiver';
import type { ExportFormat } from '../../contract/enums.js';
import type { ExportTask } from '../../models/export-task.js';
import { sealedDocument } from '../seal/document.js';
import { BATCH } from '../seal/formats.js';
import { ATTACHMENTS, MANIFEST } from '../seal/verify-zip.js';
import { EMPTY_COMMENT, sealZip } from '../seal/zip-seal.js';
import { renderIndex, type IndexRow } from './formats/xlsx.js';
import type { Part, PartAttachment, PartFile } from './parts.js';
import { send, type Occasion } from './render.js';
import { momentOf } from './words.js';

/** What stays as it is: packing it again costs time and wins nothing. */
const PACKED: ReadonlySet<string> = new Set('pdf docx xlsx webp webm mp4 m4a mp3 ogg aac mov'.split(' '));

interface Entry {
  name: string;
  size: number;
  sha256: string;
}

/** What the archive is put together from: each part was written before, whole. */
export interface BatchSource {
  part(index: number): Promise<Part>;
  open(file: PartFile): Readable;
  /** null where the file is gone. */
  attachment(part: Part, attachment: PartAttachment): Promise<Buffer | null>;
}

/** @returns how many messages are in it */
export async function renderBatch(
  task: ExportTask,
  out: Writable,
  occasion: Occasion,
  source: BatchSource,
): Promise<number> {
  const { signal } = occasion;
  const archive = new ZipArchive({ zlib: { level: 1 }, comment: EMPTY_COMMENT });
  const written = pipeline(archive, sealZip(occasion.signer), out, { signal, end: false });
  // Whatever is raced with it stays with it until the archive has ended: its own scope, and what it came to.
  const endedEarly = written.then(() => Promise.reject(new Error('the archive ended early')));
  // A failure of the pipe is told where the next entry is added.
  endedEarly.catch(() => undefined);
  const entries: Entry[] = [];

  async function add(name: string, fill: (to: Writable) => Promise<void>): Promise<Entry> {
    const sum = createHash('sha256');
    let size = 0;
    const entry = new PassThrough();
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        sum.update(chunk);
        size += chunk.length;
        done(null, chunk);
      },
    });
    const through = pipeline(counted, entry, { signal });
    archive.append(entry, {
      name,
      date: new Date(occasion.at),
      store: PACKED.has(name.slice(name.lastIndexOf('.') + 1)),
    });
    const ended = finished(entry, { readable: true, signal });
    await Promise.race([
      Promise.all([fill(counted).then(() => counted.end()), through, ended]).then(() => undefined),
      // Without it a pipe that broke would leave the entry waiting for a reader for ever.
      endedEarly,
    ]);
    const made = { name, size, sha256: sum.digest('hex') };
    entries.push(made);
    return made;
  }

  const stored = (file: PartFile) => (to: Writable) =>
    pipeline(source.open(file), to, { signal, end: false });
  const index: IndexRow[] = [];
  let messages = 0;
  try {
    for (const number of task.conversations.keys()) {
      const part = await source.part(number);
      const base = baseOf(number, part.conversation);
      await add(documentOf(task, base), stored(part.document));
      if (part.proof) await add(`proofs/${base}.json`, stored(part.proof));
      for (const attachment of part.attachments) {
        const bytes = await source.attachment(part, attachment);
        if (bytes)
          await add(attachmentName(base, attachment), async (to) => {
            await send(to, bytes, signal);
          });
      }
      messages += part.messages;
      index.push(part.index);
    }
    await add('index.xlsx', (to) => renderIndex(index, to, occasion));
    await add(MANIFEST, (to) => renderManifest(task.format, entries.slice(), messages, to, occasion));
    await archive.finalize();
    await written;
  } catch (error) {
    archive.destroy();
    throw error;
  }
  return messages;
}

/** Entry names are ours: a number and an id, never what people typed. */
export const baseOf = (number: number, id: string): string => `${String(number + 1).padStart(4, '0')}-${id}`;
export const documentOf = (task: Pick<ExportTask, 'format'>, base: string): string =>
  `documents/${base}.${task.format}`;

/** The seq finds the message; of the name only a plain extension is taken. */
function attachmentName(base: string, { seq, name }: PartAttachment): string {
  const extension = /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1]?.toLowerCase();
  return `${ATTACHMENTS}${base}/${String(seq)}${extension === undefined ? '' : `.${extension}`}`;
}

async function renderManifest(
  format: ExportFormat,
  entries: Entry[],
  messages: number,
  out: Writable,
  occasion: Occasion,
): Promise<void> {
  const document = sealedDocument(BATCH, occasion.signer, (text) => send(out, text, occasion.signal));
  const { task, by, at } = occasion;
  await document.line(
    `"export":${JSON.stringify({ task, by, time: at, timeText: momentOf(at), format, messages })},`,
  );
  await document.line('"entries":[');
  for (const [index, entry] of entries.entries())
    await document.line(JSON.stringify(entry) + (index === entries.length - 1 ? '' : ','));
  await document.line('],');
  await document.end();
}
