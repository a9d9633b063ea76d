/** Reads a zip by its directory, for checking: nothing is unpacked to the disk. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

export interface ZipEntry {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  packed: number;
  /** First byte of its local header, of its content, and the first byte after it. */
  header: number;
  from: number;
  to: number;
}

const END = 22;

/**
 * @param commentLength of the zip, at whose front the end record stands
 * @throws Error when the directory can't be read
 */
export async function readDirectory(
  file: FileHandle,
  size: number,
  commentLength: number,
): Promise<ZipEntry[]> {
  const end = await bytesAt(file, size - commentLength - END, END);
  if (end.readUInt32LE(0) !== 0x06054b50) throw new Error('no end record');
  let count = end.readUInt16LE(10);
  let length = end.readUInt32LE(12);
  let at = end.readUInt32LE(16);
  if (count === 0xffff || at === 0xffffffff) {
    const locator = await bytesAt(file, size - commentLength - END - 20, 20);
    const big = await bytesAt(file, Number(locator.readBigUInt64LE(8)), 56);
    count = Number(big.readBigUInt64LE(32));
    length = Number(big.readBigUInt64LE(40));
    at = Number(big.readBigUInt64LE(48));
  }
  const directory = await bytesAt(file, at, length);
  const entries: ZipEntry[] = [];
  for (let offset = 0, index = 0; index < count; index += 1) {
    if (directory.readUInt32LE(offset) !== 0x02014b50) throw new Error('damaged directory');
    const nameLength = directory.readUInt16LE(offset + 28);
    const extraLength = directory.readUInt16LE(offset + 30);
    const header = directory.readUInt32LE(offset + 42);
    const packed = directory.readUInt32LE(offset + 20);
    if (header === 0xffffffff || packed === 0xffffffff)
      throw new Error('an entry is too large to be checked');
    const local = await bytesAt(file, header, 30);
    const from = header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    // A place that an entry cannot have would lay the blame for the directory on that entry.
    if (from + packed > at) throw new Error('damaged directory');
    entries.push({
      name: directory.toString('utf8', offset + 46, offset + 46 + nameLength),
      method: directory.readUInt16LE(offset + 10),
      packed,
      header,
      from,
      to: from + packed,
    });
    offset += 46 + nameLength + extraLength + directory.readUInt16LE(offset + 32);
  }
  return entries;
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  if (bytesRead !== length) throw new Error('the file ends too early');
  return bytes;
}

/** An entry's content, unpacked. @throws when it can't be */
export async function contentOf(path: string, entry: ZipEntry, take: (chunk: Buffer) => void): Promise<void> {
  const file = await open(path, 'r');
  try {
    const packed =
      entry.packed === 0
        ? Readable.from([])
        : file.createReadStream({ start: entry.from, end: entry.to - 1, autoClose: false });
    await pipeline(packed, entry.method === 8 ? createInflateRaw() : new PassThrough(), async (chunks) => {
      for await (const chunk of chunks as AsyncIterable<Buffer>) take(chunk);
    });
  } finally {
    await file.close();
  }
}

/** Bytes and SHA-256 (hex) of an entry's content. */
export async function sumOf(path: string, entry: ZipEntry): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  await contentOf(path, entry, (chunk) => {
    hash.update(chunk);
    size += chunk.length;
  });
  return { size, sha256: hash.digest('hex') };
}
