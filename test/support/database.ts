/** A migrated, empty database for a test file, used again by the next file of the same worker. */
import type { Connection } from 'mongoose';
import { buildModels, type Models } from '../../models/index.js';
import { migrate } from '../../models/migrate.js';
import { connectMongo } from '../../platform/mongo.js';

let taken = 0;

/**
 * Emptied when it is taken, never dropped: the stand-in answers nobody, of any database, while it drops one, and it
 * takes 20 s for 5 000 rows. Making one afresh is 2 s of the one process that all workers share.
 * The name holds the run, the worker and the place within the file, so that nobody else has it. A fault test has one of
 * its own (test/chaos/database-again.ts).
 */
export async function takeDatabase(
  url: string,
  pool: number,
): Promise<{ name: string; connection: Connection; models: Models }> {
  const { JEST_WORKER_ID: worker = '0', TEST_DATABASE_OF_FILE: file = '' } = process.env;
  const name = `hotline_test_${String(process.ppid)}_${worker}_${String(taken)}${file}`;
  taken += 1;
  const connection = await connectMongo(url, name, pool);
  const collections = await connection.listCollections();
  await Promise.all(collections.map((each) => connection.collection(each.name).deleteMany({})));
  const models = buildModels(connection);
  await migrate(connection, models);
  return { name, connection, models };
}
