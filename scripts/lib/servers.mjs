/** Database and Redis for one data folder: climb the ladders, start what was found, keep it well. */
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nameOf, refuseOtherEngine, rememberEngine, rememberedEngine } from './engine.mjs';
import { makePrivate } from './folders.mjs';
import { watchHealth } from './health.mjs';
import { climb, ladderEnv } from './ladder.mjs';
import { mongoProbe } from './mongo-probe.mjs';
import {
  tryFetchedMongod,
  tryGivenMongo,
  tryMongodOnPath,
  trySecantusPy,
  trySecantusRs,
} from './mongo-rungs.mjs';
import { freePort } from './ports.mjs';
import { until } from './processes.mjs';
import { redisProbe } from './redis-probe.mjs';
import { tryGivenRedis, tryRedisOnPath, tryValkeylite } from './redis-rungs.mjs';
import { brief, Refusal } from './refusal.mjs';

const READY_WITHIN_MS = 90_000;
const CHECK_WITHIN_MS = 3_000;
const GIVEN_WITHIN_MS = 10_000;
const PORT_ATTEMPTS = 3;
const LOG_LIMIT = 10 * 1024 * 1024;
const HEALTH_DATABASE = 'hotline_bootstrap';

const MONGO_RUNGS = {
  given: [tryGivenMongo],
  mongod: [tryMongodOnPath, tryFetchedMongod],
  'secantusd-rs': [trySecantusRs],
  'secantusd-py': [trySecantusPy],
};
const MONGO_LADDER = [tryGivenMongo, tryMongodOnPath, trySecantusRs, tryFetchedMongod, trySecantusPy];
const REDIS_LADDER = [tryGivenRedis, tryRedisOnPath, tryValkeylite];

/**
 * Answers the running database: `{ engine, version, url, folder?, port?, pid? }`. The engine of a data folder stays
 * what it is; if it can't be had any more, or a URL says otherwise, that is a Refusal.
 * @param name what the keeper calls it; several beside each other need a data folder and a name each
 */
export async function startMongo(setup, name = 'mongo') {
  const { data, root } = setup;
  const remembered = rememberedEngine(data);
  const env = ladderEnv(setup);
  const given = Boolean(setup.vars.MONGODB_URL);
  if (remembered && given !== (remembered.engine === 'given')) {
    const now = given ? 'MONGODB_URL now names another one' : 'MONGODB_URL is not set now';
    refuseOtherEngine(data, remembered, now);
  }
  const probe = mongoProbe(root);
  const rungs = remembered ? MONGO_RUNGS[remembered.engine] : MONGO_LADDER;
  const launch = (rung) =>
    rung.url && !rung.command ? useGivenMongo(setup, probe, rung) : runMongo(setup, name, probe, rung);
  const mongo = await climb(rungs, env, launch);
  if (mongo) {
    rememberEngine(data, mongo);
    return mongo;
  }
  if (remembered) refuseOtherEngine(data, remembered, `it can't be had now (${env.reasons.join('; ')})`);
  throw new Refusal(
    `No MongoDB could be started: ${env.reasons.join('; ')}. Install MongoDB 7 or newer, or Python 3.10 or newer with pip, or set MONGODB_URL.`,
  );
}

/** Answers the running Redis in the same shape. */
export async function startRedis(setup) {
  const env = ladderEnv(setup);
  const probe = redisProbe(setup.root);
  const launch = (rung) => (rung.command ? runRedis(setup, probe, rung) : useGivenRedis(setup, probe, rung));
  const redis = await climb(REDIS_LADDER, env, launch);
  if (redis) return redis;
  throw new Refusal(
    `No Redis could be started: ${env.reasons.join('; ')}. Install Valkey or Redis 7 or newer, or Python 3.11 or newer with pip, or set REDIS_URL.`,
  );
}

async function useGivenMongo(setup, probe, rung) {
  const unusable = (err) => {
    throw new Refusal(
      `The database of MONGODB_URL can't be used: ${brief(err)}. Start it, or correct MONGODB_URL.`,
    );
  };
  const { version, replicaSet } = await probe.write(rung.url, GIVEN_WITHIN_MS).catch(unusable);
  if (!replicaSet) {
    throw new Refusal(
      'The database of MONGODB_URL is no replica set: start it with --replSet (one member is enough).',
    );
  }
  if (!setup.anyEngine) await probe.fits(rung.url, GIVEN_WITHIN_MS).catch(unusable);
  return { ...rung, version };
}

async function useGivenRedis(setup, probe, rung) {
  const found = await probe.inspect(rung.url, GIVEN_WITHIN_MS).catch((err) => {
    throw new Refusal(`The Redis of REDIS_URL can't be used: ${brief(err)}. Start it, or correct REDIS_URL.`);
  });
  for (const warning of found.warnings) setup.warn(`Redis of REDIS_URL: ${warning}`);
  return { ...rung, version: `${found.engine} ${found.version}` };
}

async function runMongo(setup, name, probe, rung) {
  const { engine, port: lastPort } = rememberedEngine(setup.data) ?? {};
  const preferred = engine === rung.engine ? lastPort : 0;
  const check = (url) => probe.write(url, CHECK_WITHIN_MS, HEALTH_DATABASE);
  const ready = async (url, port) => {
    if (rung.initiate) await probe.initiate(port, CHECK_WITHIN_MS);
    await check(url);
  };
  const fits = setup.anyEngine ? undefined : (url) => probe.fits(url, GIVEN_WITHIN_MS, HEALTH_DATABASE);
  return runServer(setup, { name, rung, preferred, ready, fits, check });
}

async function runRedis(setup, probe, rung) {
  const ready = async (url) => {
    const { warnings } = await probe.inspect(url, CHECK_WITHIN_MS);
    if (warnings.length) throw new Error(warnings.join(', '));
  };
  const check = (url) => probe.ping(url, CHECK_WITHIN_MS);
  return runServer(setup, { name: 'redis', rung, preferred: 0, ready, check });
}

/** Starts one server on a free port, waits until it is really ready, and from then on keeps it alive and well. */
async function runServer(setup, { name, rung, preferred, ready, fits, check }) {
  const { keeper, defer } = setup;
  const { port, pid } = await launchServer(setup, { name, rung, preferred, ready });
  const url = rung.url(port);
  try {
    await fits?.(url);
  } catch (err) {
    await keeper.stop(name);
    throw err;
  }
  keeper.keep(name);
  const server = { engine: rung.engine, version: rung.version, url, port, folder: rung.folder, pid };
  const health = watchHealth({
    check: () => check(url),
    onSick: () => fellSick(setup, name),
    ...(setup.patience ? { failures: setup.patience } : {}),
  });
  defer(() => health.stop());
  keeper.events.on('restarted', (message) => {
    if (message.name !== name) return;
    server.pid = message.pid;
    health.restarted();
    setup.onRestart(name, server);
  });
  return server;
}

async function launchServer({ keeper, data }, { name, rung, preferred, ready }) {
  const log = join(data, 'logs', `${name}.log`);
  makePrivate(rung.folder);
  freshLog(log);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(preferred);
    const pid = await keeper.start(name, { ...rung.command(port), log });
    try {
      await whenReady(keeper, name, () => ready(rung.url(port), port), log);
      return { port, pid };
    } catch (err) {
      // Somebody else took the port between our look and the server's: the one failure that a new try mends.
      const taken = (await freePort(port)) !== port;
      if (!taken || attempt === PORT_ATTEMPTS) throw err;
    }
  }
}

function fellSick({ keeper, warn }, name) {
  warn(`${name} takes no more work: ending it by force and starting it again`);
  keeper.kill(name);
}

/** Polls until it is ready; throws with the end of the server's log if it died or never got there. */
async function whenReady(keeper, name, ready, log) {
  let exited = null;
  let last = new Error('it was never asked');
  const onExit = (message) => (exited = message.why);
  keeper.events.once(`exited:${name}`, onExit);
  const isReady = async () => {
    if (exited) return true;
    return ready().then(
      () => true,
      (err) => !(last = err),
    );
  };
  const inTime = await until(isReady, READY_WITHIN_MS, 50);
  keeper.events.off(`exited:${name}`, onExit);
  if (exited) throw new Error(`it ended at once (${exited}): ${tail(log)}`);
  if (inTime) return;
  await keeper.stop(name);
  throw new Error(`not ready within ${READY_WITHIN_MS / 1000} s (${brief(last)}): ${tail(log)}`);
}

function freshLog(log) {
  makePrivate(dirname(log));
  if (existsSync(log) && statSync(log).size > LOG_LIMIT) renameSync(log, `${log}.1`);
}

function tail(log) {
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  return lines.slice(-1)[0]?.slice(0, 300) || 'its log is empty';
}

/** "secantusd-py 0.7.0b3", for the app's own log and health page. */
export const labelOf = (server) => (server.engine === 'given' ? `given ${server.version}` : nameOf(server));
