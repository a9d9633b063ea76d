/** Rung 4 for real, against a mirror of our own: the library's download, our deadlines around it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tryFetchedMongod } from '../../scripts/lib/mongo-rungs.mjs';
import { run } from '../../scripts/lib/processes.mjs';
import { realEnv, root, temporaryFolder } from './support.js';

const PROGRAM = '#!/bin/sh\necho "db version v8.2.6"\n';

let mirror: Server;
let archive: Buffer;
let silent = false;

beforeAll(async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'mongodb', 'bin'), { recursive: true });
  writeFileSync(join(folder, 'mongodb', 'bin', 'mongod'), PROGRAM);
  chmodSync(join(folder, 'mongodb', 'bin', 'mongod'), 0o755);
  execFileSync('tar', ['czf', join(folder, 'a.tgz'), '-C', folder, 'mongodb']);
  archive = readFileSync(join(folder, 'a.tgz'));
  mirror = createServer((request, response) => {
    if (silent) return;
    const md5 = createHash('md5').update(archive).digest('hex');
    response.end(request.url?.endsWith('.md5') ? `${md5}  a.tgz\n` : archive);
  });
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  mirror.closeAllConnections();
  mirror.close();
});

/** The vars of somebody who has a mirror, outside CI. */
function varsFor(port: number) {
  const { CI: _ci, ...rest } = process.env;
  return { ...rest, MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${port}`, MONGOMS_USE_HTTP: 'true' };
}

const portOf = () => (mirror.address() as AddressInfo).port;

test('it is fetched, checked, used, and not fetched again', async () => {
  const tools = temporaryFolder();
  const env = { ...realEnv(temporaryFolder(), varsFor(portOf())), tools };
  const rung = await tryFetchedMongod(env);
  expect(env.reasons).toEqual([]);
  expect(rung).toMatchObject({ engine: 'mongod', version: '8.2.6' });
  silent = true;
  expect(await tryFetchedMongod(env)).toMatchObject({ engine: 'mongod', version: '8.2.6' });
  silent = false;
});

test('a host that answers nothing costs seconds, not a minute', async () => {
  const env = { ...realEnv(temporaryFolder(), varsFor(1)), tools: temporaryFolder() };
  expect(await tryFetchedMongod(env)).toBeNull();
  expect(env.reasons).toEqual(["a mongod can't be fetched: 127.0.0.1 does not answer"]);
});

test('a download that falls silent is given up', async () => {
  silent = true;
  const env = { ...varsFor(portOf()), MONGOMS_DOWNLOAD_DIR: temporaryFolder() };
  const program = join(root, 'scripts', 'lib', 'fetch-mongod.mjs');
  const { code, output } = await run(process.execPath, [program, 'fetch', '500'], { env });
  expect({ code, output }).toEqual({ code: 1, output: 'the download fell silent\n' });
  silent = false;
});
