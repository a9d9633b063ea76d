import { expect, test } from '@jest/globals';
import { watchHealth } from '../../scripts/lib/health.mjs';
import { mongoProbe } from '../../scripts/lib/mongo-probe.mjs';
import { redisProbe } from '../../scripts/lib/redis-probe.mjs';
import mongoose from 'mongoose';
import { eventually, root } from './support.js';

/** Watches a check that answers by `well()`; answers how often it was asked and found sick. */
function watch(well: (asked: number) => boolean, graceMs: number) {
  const seen = { asked: 0, sick: 0, askedWhenSick: 0 };
  const check = () => (well((seen.asked += 1)) ? Promise.resolve() : Promise.reject(new Error('no')));
  const onSick = () => {
    seen.sick += 1;
    seen.askedWhenSick = seen.asked;
  };
  const health = watchHealth({ check, onSick, everyMs: 5, failures: 3, graceMs });
  return { seen, stop: () => health.stop() };
}

test('three failures in a row after it was well are sick, two are not', async () => {
  const twoOfThree = watch((asked) => asked % 3 === 1, 60_000);
  await eventually('it was asked often', () => twoOfThree.seen.asked > 20);
  twoOfThree.stop();
  expect(twoOfThree.seen.sick).toBe(0);

  const dead = watch((asked) => asked === 1, 60_000);
  await eventually('it is found sick', () => dead.seen.sick === 1);
  dead.stop();
  expect(dead.seen.askedWhenSick).toBe(4);
});

test('one that was started again and is not well yet is given time', async () => {
  const replaying = watch((asked) => asked === 1, 60_000);
  await eventually('it was asked often after it was found sick', () => replaying.seen.asked > 20);
  replaying.stop();
  expect(replaying.seen.sick).toBe(1);
});

test('the probes of the real servers: a write, a ping, the settings', async () => {
  const { TEST_MONGODB_URL: mongo = '', TEST_REDIS_URL: redis = '' } = process.env;
  expect(await mongoProbe(root).write(mongo, 5_000, 'hotline_bootstrap')).toMatchObject({
    version: expect.stringMatching(/^\d+\./),
    replicaSet: expect.any(String),
  });
  expect(await redisProbe(root).inspect(redis, 5_000)).toMatchObject({ warnings: [] });
});

test('an engine that never lets go of what has left a partial unique index is refused', async () => {
  const { TEST_MONGODB_URL: mongo = '' } = process.env;
  const { fits } = mongoProbe(root);
  const database = 'hotline_bootstrap_fit';
  await fits(mongo, 10_000, database);
  const client = await mongoose.mongo.MongoClient.connect(mongo);
  try {
    const rows = client.db(database).collection('bootstrapFit');
    await rows.deleteMany({});
    // A whole unique index beside it behaves like such an engine.
    await rows.createIndexes([{ key: { value: 1 }, unique: true, name: 'whole' }]);
    await expect(fits(mongo, 10_000, database)).rejects.toThrow(
      'it keeps what has left a partial unique index',
    );
  } finally {
    await client.db(database).dropDatabase();
    await client.close();
  }
});
