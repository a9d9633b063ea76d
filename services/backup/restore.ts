import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { mongo } from 'mongoose';
import type { Models } from '../../models/index.js';
import type { Ctx } from '../context.js';
import { replayErasures } from '../retention/erase.js';
import { rebuildRollups } from '../statistics/rebuild.js';
import { FORMAT, MANIFEST, type Manifest } from './format.js';

const BATCH = 500;

/**
 * Puts a backup into an empty, migrated database, and erases again what was erased since it was made, before
 * anything can be served. Nobody stays signed in.
 * @param folders `keys` = the newest there are, not those of the day of the data
 * @throws Error for a database with people in it, or a backup that is not whole
 */
export async function restore(
  ctx: Ctx,
  folders: { data: string; keys: string },
): Promise<{ documents: number; erasedAgain: number }> {
  if (await ctx.models.User.exists({}))
    throw new Error('the database is not empty: restore only into an empty one');
  const [data, keys] = [await check(folders.data, 'data'), await check(folders.keys, 'keys')];
  const byName = new Map<string, Models[keyof Models]>(
    Object.values(ctx.models).map((model) => [model.collection.collectionName, model]),
  );
  let documents = 0;
  // Keys first: a restore that breaks off leaves nothing that a later one would open with an older key.
  for (const [folder, manifest] of [
    [folders.keys, keys],
    [folders.data, data],
  ] as const)
    for (const name of Object.keys(manifest.collections)) {
      const model = byName.get(name);
      if (!model) throw new Error(`${name} is a collection that this version does not know`);
      // What the migration made stands in the backup too.
      await model.collection.deleteMany({});
      documents += await load(model, join(folder, `${name}.bson.gz`));
    }
  const files = join(folders.data, 'files');
  if (existsSync(files)) await cp(files, join(ctx.config.HOTLINE_DATA, 'files'), { recursive: true });
  const erasedAgain = await replayErasures(ctx);
  await rebuildRollups(ctx);
  return { documents, erasedAgain };
}

/** The manifest, if every file is as it was written. */
async function check(folder: string, part: Manifest['part']): Promise<Pick<Manifest, 'collections'>> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => {
    throw new Error(`${folder} holds no whole backup: ${MANIFEST} is missing`);
  });
  const manifest = JSON.parse(text) as Omit<Manifest, 'format'> & { format: number };
  if (manifest.format !== FORMAT || manifest.part !== part)
    throw new Error(`${folder} is not the ${part} of a backup that this version reads`);
  for (const [name, { sha256 }] of Object.entries(manifest.collections)) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, `${name}.bson.gz`)), hash);
    if (hash.digest('hex') !== sha256)
      throw new Error(`${name}.bson.gz in ${folder} was altered or is not whole`);
  }
  return manifest;
}

async function load(model: Models[keyof Models], path: string): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let batch: mongo.BSON.Document[] = [];
  let documents = 0;
  const flush = async () => {
    if (batch.length === 0) return;
    await model.collection.insertMany(batch, { ordered: false });
    documents += batch.length;
    batch = [];
  };
  const unzipped = createReadStream(path).pipe(createGunzip());
  for await (const part of unzipped as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? part : Buffer.concat([rest, part]);
    // Each document begins with its own length.
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const size = rest.readInt32LE(0);
      batch.push(mongo.BSON.deserialize(rest.subarray(0, size), { promoteBuffers: true }));
      rest = rest.subarray(size);
      if (batch.length >= BATCH) await flush();
    }
  }
  await flush();
  return documents;
}
