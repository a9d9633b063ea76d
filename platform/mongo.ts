import mongoose from 'mongoose';

/**
 * A connection of its own for each node, so that one test process can hold two. Nothing is created by itself:
 * collections and indexes come from the migration only (design.md: one stand-in locks up otherwise).
 * @throws MongooseServerSelectionError when no database answers within 10 s
 */
export async function connectMongo(
  url: string,
  database: string,
  pool: number,
): Promise<mongoose.Connection> {
  const named = new URL(url.replace(/^mongodb(\+srv)?:/, 'http:').replace(/,[^/]*/, '')).pathname.length > 1;
  return mongoose
    .createConnection(url, {
      ...(named ? {} : { dbName: database }),
      autoCreate: false,
      autoIndex: false,
      maxPoolSize: pool,
      serverSelectionTimeoutMS: 10_000,
      // A query that a paused database never answers must not hold a caller for ever.
      socketTimeoutMS: 20_000,
      writeConcern: { w: 'majority', j: true },
      readConcernLevel: 'majority',
      retryWrites: true,
      // Raw reads answer Buffers, as mongoose's documents do.
      promoteBuffers: true,
    })
    .asPromise();
}

/** A substring filter. Always with `$options`: the stand-in answers nothing for a regex literal with flags. */
export function contains(text: string): { $regex: string; $options: 'i' } {
  return { $regex: text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), $options: 'i' };
}

/** True when a write met a unique index. */
export function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === 11000;
}

const HEX = /^[0-9a-f]{24}$/i;
/** An id of another form is unknown, not malformed: null, so that callers answer NOT_FOUND. */
export function objectId(text: string): mongoose.Types.ObjectId | null {
  return HEX.test(text) ? new mongoose.Types.ObjectId(text) : null;
}
