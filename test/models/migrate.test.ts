import { afterAll, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { gramsOf } from '../../models/grams.js';
import { buildModels, type Models } from '../../models/index.js';
import { migrate } from '../../models/migrate.js';
import { connectMongo } from '../../platform/mongo.js';
import { testConfig } from '../support/app.js';

const config = testConfig();
const connections: Connection[] = [];
let built: Models;
afterAll(async () => {
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
  built = first!.models;
  await migrate(first!.connection, first!.models);
  for (const model of Object.values(first!.models)) {
    const indexes = await model.collection.indexes();
    expect([model.modelName, indexes.length]).toEqual([model.modelName, model.schema.indexes().length + 1]);
  }
  const counters = await first!.models.Counter.find().lean();
  expect(counters.map((counter) => counter.value)).toEqual(counters.map(() => 0));
  expect(await first!.models.Lease.countDocuments({ _id: 'migration' })).toBe(0);
});

describe('the pieces of names', () => {
  const grams = (field: string) => `${field}Grams`;

  test('come with an insert and with every way of changing a name', async () => {
    const { User } = built;
    const read = async () => {
      const row = await User.collection.findOne({ userID: 1 });
      return [row?.['name'], row?.[grams('name')]] as const;
    };
    const made = await User.create({
      ...{ userID: 1, role: 'COUNSELOR', institution: 'ecnu', username: 'wang', name: '王小' },
    });
    expect(await read()).toEqual(['王小', gramsOf('王小')]);
    await User.updateOne({ _id: made._id }, { $set: { name: '李' } });
    expect(await read()).toEqual(['李', gramsOf('李')]);
    await User.findOneAndUpdate({ _id: made._id }, { name: '赵' });
    expect(await read()).toEqual(['赵', gramsOf('赵')]);
    await User.updateMany({ _id: made._id }, { $set: { department: '心理' } });
    expect(await read()).toEqual(['赵', gramsOf('赵')]);
    made.name = '钱';
    await made.save();
    expect(await read()).toEqual(['钱', gramsOf('钱')]);
    await User.updateOne({ _id: made._id }, { $set: { name: null } });
    expect(await read()).toEqual([null, gramsOf(null)]);
    await User.insertMany([{ userID: 2, role: 'VISITOR', institution: 'ecnu', username: 'sun', name: '孙' }]);
    expect((await User.collection.findOne({ userID: 2 }))?.[grams('name')]).toEqual(gramsOf('孙'));
    const pipeline = [{ $set: { name: '周' } }];
    await expect(User.updateOne({ _id: made._id }, pipeline, { updatePipeline: true })).rejects.toThrow(
      'grams',
    );
    // They are for the filter alone.
    expect(await User.findOne({ userID: 2 }).lean()).not.toHaveProperty(grams('name'));
  });

  test('are filled in by the next start for rows that have none', async () => {
    const { Conversation } = built;
    const row = (n: number) => ({ institution: 'ecnu', queueScore: n, visitorName: `吴${String(n)}` });
    await Conversation.collection.insertMany(Array.from({ length: 501 }, (_, n) => row(n)));
    await migrate(connections[0]!, built);
    const rows = await Conversation.collection.find({ institution: 'ecnu' }).toArray();
    expect(rows).toHaveLength(501);
    for (const each of rows) {
      expect(each[grams('visitorName')]).toEqual(gramsOf(each['visitorName'] as string));
      expect(each[grams('counselorName')]).toEqual(gramsOf(null));
    }
  });
});
