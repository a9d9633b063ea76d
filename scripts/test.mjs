/**
 * `npm test`: the same preparation as `npm start`, but in a fresh temporary folder that is gone afterwards, then
 * the fast tests with lint, types and format beside them, the browser tests, the fault tests. The last line sums all.
 *
 *   npm test                                   everything
 *   npm test -- --only fast                    one run: fast, e2e, chaos or checks
 *   npm test -- test/http/message.test.ts      what jest makes of these arguments, without the checks
 *
 * Never reads MONGODB_URL or REDIS_URL (a production address in the shell must be harmless); TEST_MONGODB_URL and
 * TEST_REDIS_URL name servers to use instead of own ones.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './lib/build.mjs';
import { runChecks } from './lib/checks.mjs';
import { findChromium } from './lib/chromium.mjs';
import { readJson } from './lib/files.mjs';
import { foldersFor, makePrivate } from './lib/folders.mjs';
import { listTests, runJest, RUNS } from './lib/jest.mjs';
import { endLeftovers } from './lib/keeper.mjs';
import { live } from './lib/lifetime.mjs';
import { checkNode } from './lib/node-check.mjs';
import { ensureInstalled, realSetup, takeFolder } from './lib/prepare.mjs';
import { findOnPath, isAlive } from './lib/processes.mjs';
import { Refusal } from './lib/refusal.mjs';
import { fact, say, step } from './lib/say.mjs';
import { labelOf, startMongo, startRedis } from './lib/servers.mjs';
import { addJestReport, addOne, addSkipped, closingLine, isGreen, newTally } from './lib/tally.mjs';

const TEMPORARY = 'hotline-npm-test-';
/** About a minute: tests ask more of the database at once than people do, and a restart is a fault of its own. */
const PATIENCE = 8;
const root = fileURLToPath(new URL('..', import.meta.url));

live(test, { signalCode: 130, onSignal: () => say('\nstopping') });

async function test(life) {
  checkNode();
  const wanted = readArguments(process.argv.slice(2));
  await sweepTemporary();
  const data = mkdtempSync(join(tmpdir(), TEMPORARY));
  life.defer(() => rmSync(data, { recursive: true, force: true }));
  const folders = { ...foldersFor(root, process.env), data };
  const { keeper, runGuarded } = await takeFolder(data, life);
  await ensureInstalled(root, runGuarded);

  const vars = serverVars(process.env);
  const tally = newTally();
  const context = { vars, data, runGuarded, extra: wanted.extra, tally };
  if (wanted.runs.length) {
    const onRestart = (name, server) => fact(name, `died and was started again (process ${server.pid})`);
    const setup = realSetup({
      root,
      folders,
      vars,
      keeper,
      runGuarded,
      defer: life.defer,
      onRestart,
      patience: PATIENCE,
    });
    const building = build(root, { runCommand: runGuarded, progress: step });
    const databases = vars.MONGODB_URL ? 1 : Math.max(...wanted.runs.map(({ workers }) => workers));
    const [servers] = await Promise.all([startServers(setup, databases), building]);
    context.env = testEnv(folders, servers);
  }
  await runAll(wanted, context);
  // Stopped from outside: half a sum would look like a whole one.
  if (!life.isEnding()) await finish(life, tally);
}

/** A database for each worker of jest: the stand-in is one process that uses one core. */
async function startServers(setup, databases) {
  const mongos = [await startMongo(setup)];
  fact('database', labelOf(mongos[0]));
  for (let number = 2; number <= databases; number += 1) {
    const data = makePrivate(join(setup.data, `database-${number}`));
    mongos.push(await startMongo({ ...setup, data }, `mongo-${number}`));
  }
  const redis = await startRedis(setup);
  fact('redis', labelOf(redis));
  return { mongos, redis };
}

/** `--only NAME` chooses a run; everything else is jest's. */
function readArguments(args) {
  const names = [...RUNS.map((run) => run.name), 'checks'];
  const at = args.indexOf('--only');
  const only = at >= 0 ? args[at + 1] : null;
  if (at >= 0 && !names.includes(only)) throw new Refusal(`--only wants one of: ${names.join(', ')}.`);
  const extra = at >= 0 ? args.toSpliced(at, 2) : args;
  const runs = RUNS.filter((run) => !only || run.name === only);
  return { runs, extra, checks: only === 'checks' || (!only && !extra.length) };
}

async function runAll({ runs, checks }, context) {
  const checking = checks ? checkSources(context) : Promise.resolve();
  for (const run of runs) {
    await runOne(run, context);
    if (run.name === 'fast') await checking;
  }
  await checking;
}

async function runOne(run, context) {
  const { env, runGuarded: runCommand, extra, tally, data } = context;
  const files = await listTests(root, { run, runCommand, env, extra });
  if (!files.length) return;
  const more = run.name === 'e2e' ? await chromiumEnv(context, files.length) : {};
  if (!more) return;
  say(`\n── ${run.name}: ${files.length} test file(s)`);
  const { report, hung } = await runJest(root, {
    run,
    runCommand,
    env: { ...env, ...more },
    extra,
    folder: data,
  });
  if (!report) say(`✗ ${run.name}: jest did not come to its end`);
  addJestReport(tally, report, root);
  if (!hung) return;
  say(
    `✗ ${run.name}: jest did not exit by itself, so a test leaves something open (--detectOpenHandles shows it)`,
  );
  addOne(tally, false);
}

/** The browser for the e2e run; without one it is left out, which CI must not let pass. */
async function chromiumEnv({ vars, runGuarded, tally }, files) {
  const { path, reason } = await findChromium({
    vars,
    findOnPath: (name) => findOnPath(name, vars.PATH),
    run: runGuarded,
    progress: step,
    isRoot: process.getuid?.() === 0,
  });
  if (path) return { CHROMIUM: path };
  say(`✗ browser tests: ${reason}`);
  if (vars.CI) addOne(tally, false);
  else addSkipped(tally, `browser tests (${files} file(s))`, reason);
  return null;
}

function checkSources({ vars, runGuarded, tally }) {
  const env = { ...vars, NODE_ENV: 'test' };
  return runChecks(root, runGuarded, env, (name, ok, output) => {
    say(`${ok ? '✓' : '✗'} ${name}`);
    if (!ok) say(output.trimEnd());
    addOne(tally, ok);
  });
}

/** The environment for the ladders: the addresses meant for tests in the place of those that are not. */
function serverVars(vars) {
  const { MONGODB_URL: _mongo, REDIS_URL: _redis, ...rest } = vars;
  if (vars.TEST_MONGODB_URL) rest.MONGODB_URL = vars.TEST_MONGODB_URL;
  if (vars.TEST_REDIS_URL) rest.REDIS_URL = vars.TEST_REDIS_URL;
  return rest;
}

/** What tests see. Addresses and ports of a real installation that stand in the shell are taken out. */
function testEnv(folders, { mongos, redis }) {
  const {
    MONGODB_URL: _mongo,
    REDIS_URL: _redis,
    PORT: _port,
    HOST: _host,
    PUBLIC_URL: _public,
    ...rest
  } = process.env;
  return {
    ...rest,
    NODE_ENV: 'test',
    // A zone that is not ours: days are Asia/Shanghai by name, never by the process's own zone.
    TZ: 'America/New_York',
    // Each test file has a database of its own, and a name in the address would win over it.
    TEST_MONGODB_URL: withoutDatabase(mongos[0].url),
    TEST_MONGODB_URLS: mongos.map(({ url }) => withoutDatabase(url)).join(' '),
    TEST_REDIS_URL: redis.url,
    MONGO_ENGINE: labelOf(mongos[0]),
    REDIS_ENGINE: labelOf(redis),
    HOTLINE_DATA: folders.data,
    HOTLINE_TOOLS: folders.tools,
    // What tests leave behind goes with the run.
    TMPDIR: makePrivate(join(folders.data, 'tmp')),
  };
}

/** "mongodb://host/hotline?replicaSet=x" without "hotline". */
function withoutDatabase(url) {
  return url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)\/[^?]*/, '$1/');
}

/** Folders of earlier runs that were killed so hard that nobody could clear up after them. */
async function sweepTemporary() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(TEMPORARY))) {
    const folder = join(tmpdir(), name);
    const holder = readJson(join(folder, 'lock'));
    if (!holder || isAlive(holder)) continue;
    await endLeftovers(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The closing line comes last, when everything that was started is gone. */
async function finish({ end }, tally) {
  if (tally.skipped.length) say('\nskipped:');
  for (const line of tally.skipped) say(`  ${line}`);
  process.once('exit', () => say(`\n${closingLine(tally)}`));
  await end(isGreen(tally) ? 0 : 1);
}
