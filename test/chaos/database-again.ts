/**
 * Before each fault test: the database takes work. A process that was killed in the middle of a transaction leaves it
 * open, and the stand-in then lets nobody write until `npm test` has ended it by force and started it again; or it keeps
 * what that transaction had touched for some minutes, which is why the next file does not take the same database.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll } from '@jest/globals';
import { connectMongo } from '../../platform/mongo.js';
import { until } from '../support/poll.js';

const WITHIN_MS = 240_000;
const ONE_WRITE_MS = 5_000;

process.env['TEST_DATABASE_OF_FILE'] = `_${randomBytes(3).toString('hex')}`;

async function write(): Promise<boolean> {
  const connection = await connectMongo(process.env.TEST_MONGODB_URL ?? '', 'hotline_bootstrap', 1);
  try {
    const written = connection
      .collection<{ _id: string; at: Date }>('tests')
      .updateOne({ _id: 'writable' }, { $set: { at: new Date() } }, { upsert: true });
    // One that hangs is given up; what becomes of it is nobody's.
    written.catch(() => undefined);
    return await Promise.race([written.then(() => true), pause(ONE_WRITE_MS, false, { ref: false })]);
  } finally {
    await connection.close(true);
  }
}

beforeAll(async () => {
  await until(write, 'the database takes a write', WITHIN_MS, true);
}, WITHIN_MS + 30_000);
