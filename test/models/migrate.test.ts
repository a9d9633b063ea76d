import { afterAll, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { buildModels } from '../../models/index.js';
import { migrate } from '../../models/migrate.js';
import { connectMongo } from '../../platform/mongo.js';
import { testConfig } from '../support/app.js';

const config = testConfig();
const connections: Connection[] = [];
afterAll(async () => {
  await connections[0]?.dropDatabase();
  await Promise.all(connections.map((each) => each.close()));
});

test('two nodes that start at once on an empty database both find every collection and index', async () => {
  const nodes = await Promise.all(
    [1, 2].map(async () => {
      const connection = await connectMongo(config.MONGODB_URL, config.DATABASE, 3);
      connections.push(connection);
      return { connection, models: buildModels(connection) };
    }),
  );
  await Promise.all(nodes.map(({ connection, models }) => migrate(connection, models)));
  // Again is harmless, as at every start.
  const [first] = nodes;
  await migrate(first!.connection, first!.models);
  for (const model of Object.values(first!.models)) {
    const indexes = await model.collection.indexes();
    expect([model.modelName, indexes.length]).toEqual([model.modelName, model.schema.indexes().length + 1]);
  }
  const counters = await first!.models.Counter.find().lean();
  expect(counters.map((counter) => counter.value)).toEqual(counters.map(() => 0));
  expect(await first!.models.Lease.countDocuments({ _id: 'migration' })).toBe(0);
});
