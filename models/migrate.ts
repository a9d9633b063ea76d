import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import { COUNTERS } from './counter.js';
import { gramsField, gramsOf } from './grams.js';
import type { Models } from './index.js';

type CreateIndexesOptions = mongo.CreateIndexesOptions;

const LEASE_MS = 30_000;

/**
 * Creates every collection and index before any face connects, under a lease so that two nodes starting at once
 * do it one after the other. Safe to repeat.
 * @throws Error when another node holds the lease for longer than two minutes
 */
export async function migrate(connection: Connection, models: Models): Promise<void> {
  const holder = randomUUID();
  await takeLease(models, holder);
  try {
    await createEverything(connection, models);
    await fillGrams(models);
    await fillConsents(models);
  } finally {
    await models.Lease.deleteOne({ _id: 'migration', holder });
  }
}

async function takeLease(models: Models, holder: string): Promise<void> {
  // The leases collection is the one that must exist before the lease can be taken; creating it twice is harmless.
  await createCollection(models.Lease);
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    const now = new Date();
    try {
      // Two steps and no upsert: concurrent upserts on a new _id may answer null on the stand-in.
      const taken = await models.Lease.updateOne(
        { _id: 'migration', until: { $lt: now } },
        { $set: { holder, until: new Date(now.getTime() + LEASE_MS) } },
      );
      if (taken.modifiedCount === 1) return;
      await models.Lease.collection.insertOne({
        _id: 'migration' as never,
        holder,
        until: new Date(now.getTime() + LEASE_MS),
      });
      return;
    } catch (error) {
      if ((error as { code?: number }).code !== 11000) throw error;
    }
    await pause(100);
  }
  throw new Error('another node has been migrating for two minutes; is it stuck?');
}

async function createEverything(connection: Connection, models: Models): Promise<void> {
  const existing = new Set((await connection.listCollections()).map((collection) => collection.name));
  for (const model of Object.values(models)) {
    if (!existing.has(model.collection.collectionName)) await createCollection(model);
    const indexes = model.schema.indexes();
    for (const [keys, options] of indexes) {
      await model.collection.createIndex(keys as Record<string, 1 | -1>, options as CreateIndexesOptions, {});
    }
  }
  await models.RollupState.collection
    .insertOne({ _id: 'rollup' as never, epoch: 1, generation: 0, pausedBy: null, pausedUntil: null })
    .catch(ignoreDuplicate);
  for (const name of COUNTERS) {
    await models.Counter.collection.insertOne({ _id: name as never, value: 0 }).catch(ignoreDuplicate);
  }
}

const FUZZY = [
  ['User', 'name'],
  ['Conversation', 'visitorName'],
  ['Conversation', 'counselorName'],
] as const;
const BATCH = 500;

/** Rows that lack something get it, batch by batch; asked by index, so a start without any pays one look. */
async function fillRows(
  { collection }: Models[keyof Models],
  fill: {
    missing: mongo.Filter<mongo.Document>;
    reads: string;
    /** Guarded by what was read or lacked: a change meanwhile brings its own. */
    update: (row: mongo.Document) => { filter: mongo.Filter<mongo.Document>; $set: mongo.Document };
  },
): Promise<void> {
  for (;;) {
    const rows = await collection
      .find(fill.missing, { projection: { [fill.reads]: 1 } })
      .limit(BATCH)
      .toArray();
    if (rows.length === 0) return;
    await collection.bulkWrite(
      rows.map((row) => {
        const { filter, $set } = fill.update(row);
        return { updateOne: { filter: { _id: row._id, ...filter }, update: { $set } } };
      }),
      { ordered: false },
    );
  }
}

/** Rows of before there were grams, and those written below the models, get theirs. */
async function fillGrams(models: Models): Promise<void> {
  for (const [name, field] of FUZZY) {
    const grams = gramsField(field);
    await fillRows(models[name], {
      missing: { [grams]: null },
      reads: field,
      update: (row) => {
        const value = (row[field] ?? null) as string | null;
        return { filter: { [field]: value }, $set: { [grams]: gramsOf(value) } };
      },
    });
  }
}

/** Who agreed before every version was kept has the one that stands on them. */
async function fillConsents({ User }: Models): Promise<void> {
  const missing = { consentVersions: { $exists: false } };
  await fillRows(User, {
    missing,
    reads: 'consent.version',
    update: (row) => {
      const version = (row['consent'] as { version?: string } | null | undefined)?.version;
      return { filter: missing, $set: { consentVersions: version === undefined ? [] : [version] } };
    },
  });
}

async function createCollection(model: Models[keyof Models]): Promise<void> {
  try {
    await model.createCollection();
  } catch (error) {
    // NamespaceExists
    if ((error as { code?: number }).code !== 48) throw error;
  }
}

function ignoreDuplicate(error: unknown): void {
  if ((error as { code?: number }).code !== 11000) throw error as Error;
}
