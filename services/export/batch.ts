/** Many conversations as one sealed zip: a document and its proof for each, an index sheet, a signed manifest. */
import { createHash } from 'node:crypto';
import { PassThrough, Transform, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { ZipArchive } from 'archiver';
import type { ExportFormat } from '../../contract/enums.js';
import type { ExportTask } from '../../models/export-task.js';
import { sealedDocument } from '../seal/document.js';
import { BATCH } from '../seal/formats.js';
import { MANIFEST } from '../seal/verify-zip.js';
import { EMPTY_COMMENT, sealZip } from '../seal/zip-seal.js';
import { renderJson } from './formats/json.js';
import { renderIndex } from './formats/xlsx.js';
import { send, type Occasion, type Renderer } from './render.js';
import type { Transcript } from './transcript.js';
import { momentOf } from './words.js';

/** What stays as it is: packing it again costs time and wins nothing. */
const PACKED: ReadonlySet<string> = new Set(['pdf', 'docx', 'xlsx']);

interface Entry {
  name: string;
  size: number;
  sha256: string;
}

/**
 * @param load opens the transcripts one after the other; only one is held at a time
 * @returns how many messages are in it
 */
export async function renderBatch(
  task: ExportTask,
  out: Writable,
  occasion: Occasion,
  parts: { load(index: number): Promise<Transcript>; renderer: Renderer },
): Promise<number> {
  const { signal } = occasion;
  const archive = new ZipArchive({ zlib: { level: 1 }, comment: EMPTY_COMMENT });
  const written = pipeline(archive, sealZip(occasion.signer), out, { signal, end: false });
  // A failure of the pipe is told where the next entry is added.
  written.catch(() => undefined);
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
      Promise.all([fill(counted).then(() => counted.end()), through, ended]),
      // Without it a pipe that broke would leave the entry waiting for a reader for ever.
      written.then(() => Promise.reject(new Error('the archive ended early'))),
    ]);
    const made = { name, size, sha256: sum.digest('hex') };
    entries.push(made);
    return made;
  }

  const index: { transcript: Transcript; file: string }[] = [];
  let messages = 0;
  try {
    for (const number of task.conversations.keys()) {
      const transcript = await parts.load(number);
      const base = nameOf(number, transcript.id);
      const file = await add(`documents/${base}.${task.format}`, (to) =>
        parts.renderer(transcript, to, occasion),
      );
      if (task.format !== 'json')
        await add(`proofs/${base}.json`, (to) => renderJson(transcript, to, occasion, file));
      messages += transcript.count;
      index.push({ transcript, file: file.name });
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
const nameOf = (number: number, id: string): string => `${String(number + 1).padStart(4, '0')}-${id}`;

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
