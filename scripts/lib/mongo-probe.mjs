/**
 * Is this MongoDB really there? Asked with the driver of the installed tree, so only after the install.
 * A ping is not enough: the stand-in's Python build, once locked up, still answers pings while every write hangs.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withDeadline } from './deadline.mjs';

const NOT_YET_INITIALIZED = 94;
const DUPLICATE_KEY = 11_000;

/** The parts of a probe, bound to the packages of one checkout. */
export function mongoProbe(root) {
  const mongoose = createRequire(join(root, 'package.json')).resolve('mongoose');
  const { MongoClient } = createRequire(mongoose)('mongodb');

  /** Runs `work(client)` on a connection of its own and throws when it takes longer than `withinMs`. */
  async function ask(url, withinMs, work) {
    // A little less than the whole, so that the driver's own reason comes before our "no answer".
    const ms = Math.floor(withinMs * 0.8);
    const client = new MongoClient(url, {
      serverSelectionTimeoutMS: ms,
      connectTimeoutMS: ms,
      socketTimeoutMS: withinMs,
    });
    try {
      return await withDeadline(withinMs, work(client));
    } finally {
      // Not awaited: closing waits for the very answer that does not come.
      client.close(true).catch(() => {});
    }
  }

  /** Hello and a durable write; `database` keeps ours out of the product's collections. Answers the version. */
  function write(url, withinMs, database) {
    return ask(url, withinMs, async (client) => {
      const db = client.db(database);
      const hello = await db.command({ hello: 1 });
      if (!hello.isWritablePrimary) throw new Error('it is not the writable primary (yet)');
      const at = { $set: { at: new Date() } };
      await db.collection('bootstrapHealth').updateOne({ _id: 'write' }, at, { upsert: true });
      const { version } = await db.command({ buildInfo: 1 });
      return { version, replicaSet: hello.setName };
    });
  }

  /**
   * Throws unless a value is free again once its row has left a partial unique index: "one open conversation a
   * visitor" stands on that, and there is a stand-in which never lets go of it.
   */
  function fits(url, withinMs, database) {
    return ask(url, withinMs, async (client) => {
      const rows = client.db(database).collection('bootstrapFit');
      await rows.createIndex({ value: 1 }, { unique: true, partialFilterExpression: { open: true } });
      await rows.deleteMany({});
      await rows.insertOne({ _id: 1, value: 1, open: true });
      await rows.updateOne({ _id: 1 }, { $unset: { open: 1 } });
      await rows.insertOne({ _id: 2, value: 1, open: true }).catch((err) => {
        if (err.code !== DUPLICATE_KEY) throw err;
        throw new Error('it keeps what has left a partial unique index');
      });
    });
  }

  /**
   * Makes a fresh mongod the only member of its set; one that was a member at another port is given its new
   * address by force, since it would otherwise wait for itself for ever.
   */
  function initiate(port, withinMs) {
    const url = `mongodb://127.0.0.1:${port}/?directConnection=true`;
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    return ask(url, withinMs, async (client) => {
      const admin = client.db('admin');
      const config = await admin.command({ replSetGetConfig: 1 }).then(
        (answer) => answer.config,
        (err) => (err.code === NOT_YET_INITIALIZED ? null : Promise.reject(err)),
      );
      if (!config) return admin.command({ replSetInitiate: { _id: 'rs0', members } });
      if (config.members[0].host === members[0].host) return undefined;
      const moved = { ...config, version: config.version + 1, members };
      return admin.command({ replSetReconfig: moved, force: true });
    });
  }

  return { write, fits, initiate };
}
