/**
 * `npm start`: from a fresh clone to a running hotline, with nothing there but Node (and Python 3 where no
 * MongoDB and Redis are). Plain Node without packages, since it runs before anything is installed.
 *
 * Node → the data folder's lock → npm ci → database and Redis, build beside them → migrate → seed → serve. Each step is skipped
 * when it has nothing to do. What it starts ends with it, however it ends (scripts/lib/keeper-process.mjs).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { announce, withoutPassword } from './lib/announce.mjs';
import { startApp } from './lib/app.mjs';
import { build } from './lib/build.mjs';
import { foldersFor, shown } from './lib/folders.mjs';
import { live } from './lib/lifetime.mjs';
import { LockHeld } from './lib/lock.mjs';
import { checkNode } from './lib/node-check.mjs';
import { ensureInstalled, realSetup, takeFolder } from './lib/prepare.mjs';
import { Refusal } from './lib/refusal.mjs';
import { readRunFile, removeRunFile, writeRunFile } from './lib/run-file.mjs';
import { fact, say, step } from './lib/say.mjs';
import { labelOf, startMongo, startRedis } from './lib/servers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const begun = Date.now();

live(start, { onSignal: () => say('\nstopping: the app first, then Redis, then the database') });

async function start(life) {
  const { defer } = life;
  checkNode();
  const folders = foldersFor(root, process.env);
  const { lock, keeper, runGuarded } = await takeFolder(folders.data, life).catch(explainHeld(folders));
  removeRunFile(folders.data);
  await ensureInstalled(root, runGuarded);

  const running = { ready: null, mongo: null, redis: null };
  const note = () => running.ready && writeRunFile(folders.data, running);
  const onRestart = (name, server) => {
    fact(name, `died and was started again (process ${server.pid})`);
    note();
  };
  const setup = realSetup({ root, folders, vars: process.env, keeper, runGuarded, defer, onRestart });
  // Side by side: the first time, one waits for the network while the other computes.
  await Promise.all([startServers(setup, running), build(root, { runCommand: runGuarded, progress: step })]);

  const env = appEnv(folders, running);
  await runEntry('migrate', env, runGuarded);
  await runEntry('seed', env, runGuarded);
  const app = await startApp({ entry: entry('start'), cwd: root, env, keeper, onReady: served, say });
  defer(() => app.stop());
  defer(() => {
    lock.markStopping();
    removeRunFile(folders.data);
  });

  function served(ready) {
    const again = running.ready !== null;
    running.ready = ready;
    note();
    if (again) say(`the app runs again: ${ready.url}`);
    else announce(ready, { sinceMs: Date.now() - begun });
  }
}

/** Database, then Redis; each is said as soon as it runs. */
async function startServers(setup, running) {
  running.mongo = await startMongo(setup);
  tell('database', running.mongo);
  running.redis = await startRedis(setup);
  tell('redis', running.redis);
}

/** Turns "somebody holds the folder" into the address of the one that runs there. */
function explainHeld(folders) {
  return (err) => {
    if (!(err instanceof LockHeld)) throw err;
    const where = shown(root, folders.data);
    const running = readRunFile(folders.data);
    throw new Refusal(
      running
        ? `It already runs on ${where} (process ${running.pid}): open ${running.url} (console: ${running.consoleUrl}).`
        : `Process ${err.holder.pid} is just starting or stopping on ${where}: wait for it, or set HOTLINE_DATA to another folder.`,
    );
  };
}

function tell(name, server) {
  const where = server.folder ? `data in ${shown(root, server.folder)}, ` : '';
  fact(name, `${labelOf(server)} (${where}${withoutPassword(server.url)})`);
}

function appEnv(folders, { mongo, redis }) {
  return {
    ...process.env,
    MONGODB_URL: mongo.url,
    REDIS_URL: redis.url,
    MONGO_ENGINE: labelOf(mongo),
    REDIS_ENGINE: labelOf(redis),
    HOTLINE_DATA: folders.data,
    HOTLINE_TOOLS: folders.tools,
  };
}

const entry = (name) => join(root, 'dist', 'bin', `${name}.js`);

/** Runs one of the product's own steps to its end; it speaks for itself. */
async function runEntry(name, env, runGuarded) {
  if (!existsSync(entry(name)))
    throw new Refusal(`dist/bin/${name}.js is missing: remove dist/ and run this again.`);
  const { code } = await runGuarded(process.execPath, ['--enable-source-maps', entry(name)], {
    cwd: root,
    env,
    passThrough: true,
  });
  if (code !== 0)
    throw new Refusal(`The step "${name}" failed (exit code ${code}): see what it printed above.`);
}
