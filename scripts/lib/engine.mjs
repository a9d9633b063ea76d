/**
 * `<data>/engine.json`: which database engine wrote this data folder. Another engine would show an empty
 * database, which looks like the loss of everything, so it is refused.
 */
import { join } from 'node:path';
import { readJson, writeJson } from './files.mjs';
import { Refusal } from './refusal.mjs';

const fileIn = (data) => join(data, 'engine.json');

/** `{ engine, version, port? }` as noted, or null for a new data folder. */
export const rememberedEngine = (data) => readJson(fileIn(data))?.mongo ?? null;

export function rememberEngine(data, { engine, version, port }) {
  writeJson(fileIn(data), { mongo: { engine, version, ...(port && { port }) } });
}

/** Throws a Refusal: the data lies in one engine and only another could be had. `why` tells what is in the way. */
export function refuseOtherEngine(data, remembered, why) {
  throw new Refusal(
    [
      `The conversations of ${data} were written by ${nameOf(remembered)}, and ${why}. Nothing was changed.`,
      `Either make ${nameOf(remembered)} available again, or start beside it in a new folder with HOTLINE_DATA=<folder>.`,
      'To move the data: mongodump --archive=hotline.archive --uri <old database>, then, with the new one running,',
      'mongorestore --archive=hotline.archive --uri <new database> (mongo.url in run.json names a running one).',
    ].join('\n'),
  );
}

export function nameOf({ engine, version }) {
  return engine === 'given' ? 'the database that MONGODB_URL named' : `${engine} ${version}`;
}
