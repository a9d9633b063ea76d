/** A data folder keeps its engine: another one would show an empty database. */
import { expect, test } from '@jest/globals';
import { rememberedEngine, rememberEngine } from '../../scripts/lib/engine.mjs';
import { startMongo, startRedis } from '../../scripts/lib/servers.mjs';
import { fakeEnv, root, temporaryFolder } from './support.js';

/** A start on this folder, on a machine where no server can be had. */
function startOn(data: string, vars: Record<string, string>) {
  const env = fakeEnv({ vars: { MONGO_DOWNLOAD: '0', ...vars }, data, tools: temporaryFolder() });
  return startMongo({ ...env, root });
}

test('the engine, its version and its port are remembered', () => {
  const data = temporaryFolder();
  expect(rememberedEngine(data)).toBeNull();
  rememberEngine(data, { engine: 'mongod', version: '8.0.4', port: 4000, url: 'mongodb://x' });
  expect(rememberedEngine(data)).toEqual({ engine: 'mongod', version: '8.0.4', port: 4000 });
});

test('an engine that is gone is not replaced, and the refusal tells how to move', async () => {
  const data = temporaryFolder();
  rememberEngine(data, { engine: 'mongod', version: '8.0.4' });
  const refusal = startOn(data, {});
  await expect(refusal).rejects.toThrow(
    /written by mongod 8\.0\.4, and it can't be had now \(no mongod on PATH/,
  );
  await expect(refusal).rejects.toThrow(/Nothing was changed[\s\S]*HOTLINE_DATA[\s\S]*mongorestore/);
});

test('a URL does not hide the data of the folder, nor does its absence', async () => {
  const own = temporaryFolder();
  rememberEngine(own, { engine: 'secantusd-py', version: '0.7.0b3' });
  await expect(startOn(own, { MONGODB_URL: 'mongodb://127.0.0.1:1' })).rejects.toThrow(
    'MONGODB_URL now names another',
  );
  const given = temporaryFolder();
  rememberEngine(given, { engine: 'given', version: '8.0.4' });
  await expect(startOn(given, {})).rejects.toThrow('MONGODB_URL is not set now');
});

test('without any way to a server the sentence lists what was tried and what helps', async () => {
  const data = temporaryFolder();
  await expect(startOn(data, {})).rejects.toThrow(
    /no mongod on PATH; no secantusd-rs on PATH; .*switched off; no Python 3 on PATH\. Install MongoDB 7/,
  );
  expect(rememberedEngine(data)).toBeNull();
  const setup = { ...fakeEnv({ data, tools: temporaryFolder() }), root };
  await expect(startRedis(setup)).rejects.toThrow(/No Redis could be started: .* or set REDIS_URL/);
});

test('a given server that does not answer is one sentence', async () => {
  const vars = { MONGODB_URL: 'mongodb://127.0.0.1:1/x', REDIS_URL: 'redis://127.0.0.1:1' };
  await expect(startOn(temporaryFolder(), vars)).rejects.toThrow(/MONGODB_URL can't be used: .*ECONNREFUSED/);
  const setup = { ...fakeEnv({ vars, data: temporaryFolder() }), root };
  await expect(startRedis(setup)).rejects.toThrow(/REDIS_URL can't be used: /);
});
