import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Models } from '../../models/index.js';
import type { Config } from '../../platform/config.js';
import type { Clock } from '../../platform/clock.js';
import { FORMAT, KEY_PART, LEFT_OUT, MANIFEST, type Manifest } from './format.js';

interface Deps {
  models: Models;
  config: Config;
  clock: Clock;
}

/**
 * Writes the data into one folder and the keys into another, which must not lie inside it. Each is written beside
 * its place and renamed when it is whole; the keys of before are replaced. A row then says when that was and how large.
 * @throws Error when the data folder of the backup exists already
 */
export async function backup(
  deps: Deps,
  folders: { data: string | null; keys: string },
): Promise<{ data: Manifest | null; keys: Manifest }> {
  if (folders.data !== null && existsSync(folders.data))
    throw new Error(`${folders.data} exists already: give each backup a folder of its own`);
  const names = Object.keys(deps.models) as (keyof Models)[];
  const rest = names.filter((name) => !KEY_PART.includes(name) && !LEFT_OUT.includes(name));
  const data =
    folders.data === null
      ? null
      : await write(deps, folders.data, 'data', rest, join(deps.config.HOTLINE_DATA, 'files'));
  // Keys last: whatever the data names has its key here.
  const keys = await write(deps, folders.keys, 'keys', KEY_PART, null);
  return { data, keys };
}

async function write(
  deps: Deps,
  folder: string,
  part: Manifest['part'],
  names: readonly (keyof Models)[],
  files: string | null,
): Promise<Manifest> {
  const { models, clock } = deps;
  const growing = `${folder}.part`;
  await rm(growing, { recursive: true, force: true });
  await mkdir(growing, { recursive: true, mode: 0o700 });
  const manifest: Manifest = {
    format: FORMAT,
    part,
    at: new Date(clock.now()).toISOString(),
    collections: {},
    files: 0,
  };
  for (const name of names) {
    const { collection } = models[name];
    manifest.collections[collection.collectionName] = await dump(
      models[name],
      join(growing, `${collection.collectionName}.bson.gz`),
    );
  }
  if (files !== null && existsSync(files)) {
    await cp(files, join(growing, 'files'), { recursive: true });
    const copied = await readdir(join(growing, 'files'), { recursive: true, withFileTypes: true });
    manifest.files = copied.filter((entry) => entry.isFile()).length;
  }
  await writeFile(join(growing, MANIFEST), JSON.stringify(manifest, null, 2), { mode: 0o600, flush: true });
  await rm(folder, { recursive: true, force: true });
  await rename(growing, folder);
  await mark(deps, folder, manifest);
  return manifest;
}

/** For the page of the platform's state: only what is whole leaves a mark. */
async function mark(
  { models }: Deps,
  folder: string,
  { part, at, collections, files }: Manifest,
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
  const row = {
    at: new Date(at),
    documents: sum(Object.values(collections).map(({ documents }) => documents)),
    files,
    bytes: sum(sizes),
  };
  await models.Backup.updateOne({ _id: part }, { $set: row }, { upsert: true });
}

async function dump(
  model: Models[keyof Models],
  path: string,
): Promise<{ documents: number; sha256: string }> {
  let documents = 0;
  const hash = createHash('sha256');
  const raw = model.collection.find({}, { raw: true });
  async function* rows(): AsyncGenerator<Buffer> {
    for await (const row of raw) {
      documents += 1;
      yield row as unknown as Buffer;
    }
  }
  const hashing = new Transform({
    transform(part: Buffer, _encoding, done) {
      hash.update(part);
      done(null, part);
    },
  });
  await pipeline(rows(), createGzip(), hashing, createWriteStream(path, { mode: 0o600 }));
  return { documents, sha256: hash.digest('hex') };
}
