/** `<data>/run.json`: where the running start is to be found, for a second start, for scripts and for fault tests. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from './files.mjs';

const fileIn = (data) => join(data, 'run.json');

/** What the running start wrote, or null. */
export const readRunFile = (data) => readJson(fileIn(data));

export const removeRunFile = (data) => rmSync(fileIn(data), { force: true });

/** Writes it in one step, for the owner only: it holds the demo passwords and perhaps those of a given database. */
export function writeRunFile(data, { ready, mongo, redis }) {
  writeJson(fileIn(data), {
    url: ready.url,
    consoleUrl: ready.consoleUrl,
    docsUrl: ready.docsUrl,
    pid: process.pid,
    mongo: serverPart(mongo),
    redis: serverPart(redis),
    demo: ready.demo,
  });
}

/** The pid is there only for servers that we started. */
function serverPart({ engine, version, url, pid }) {
  return pid ? { engine, version, url, pid } : { engine, version, url };
}
