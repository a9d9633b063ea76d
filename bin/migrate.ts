/** `npm start` step and command of its own: collections, indexes and the blind index's key. Safe to repeat. */
import { migrate } from '../models/migrate.js';
import { buildModels } from '../models/index.js';
import { systemClock } from '../platform/clock.js';
import { connectMongo } from '../platform/mongo.js';
import { storeIndexKey } from '../services/seal/index-key.js';
import { command } from './command.js';

await command('migrate', async (config) => {
  const connection = await connectMongo(config.MONGODB_URL, config.DATABASE, 5);
  try {
    const models = buildModels(connection);
    await migrate(connection, models);
    await storeIndexKey({ models, config, clock: systemClock });
  } finally {
    await connection.close();
  }
});
