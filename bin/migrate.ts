/** `npm start` step and command of its own: collections and indexes, under a lease. Safe to repeat. */
import { migrate } from '../models/migrate.js';
import { buildModels } from '../models/index.js';
import { connectMongo } from '../platform/mongo.js';
import { command } from './command.js';

await command('migrate', async (config) => {
  const connection = await connectMongo(config.MONGODB_URL, config.DATABASE, 5);
  try {
    await migrate(connection, buildModels(connection));
  } finally {
    await connection.close();
  }
});
