/**
 * `npm run fuzz`: a hotline of its own (`npm start` on a temporary data folder, free ports), and schemathesis over
 * its OpenAPI description as every kind of caller. Red when an answer is a 5xx, is not what the description says,
 * or when the process ends.
 *
 *   npm run fuzz                                    60 s and 25 examples an operation for each caller
 *   npm run fuzz -- --seconds 20 --examples 5       shorter
 *   npm run fuzz -- --seed 42 --as visitor          the same values again, one caller
 */
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { foldersFor } from './lib/folders.mjs';
import { ladderEnv } from './lib/ladder.mjs';
import { freePort } from './lib/ports.mjs';
import { findOnPath, run } from './lib/processes.mjs';
import { findPython, installedOnce, pip } from './lib/python.mjs';
import { readRunFile } from './lib/run-file.mjs';
import { fact, say, step } from './lib/say.mjs';

const SCHEMATHESIS = '4.32.5';
const READY_WITHIN_MS = 10 * 60_000;
/** A log-out, or an account that is gone, would turn the rest of a run into refusals. */
const LAST_CALLS = ['/logout', '/api/consultant/auth/deactivate'];
const CHECKS = 'not_a_server_error,status_code_conformance,response_schema_conformance';
const root = fileURLToPath(new URL('..', import.meta.url));

const { values: wanted } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    examples: { type: 'string', default: '25' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    as: { type: 'string' },
  },
});

const data = mkdtempSync(join(tmpdir(), 'hotline-fuzz-'));
let hotline = null;
let ended = '';
try {
  process.exitCode = (await fuzz()) ? 0 : 1;
} finally {
  await stop();
  rmSync(data, { recursive: true, force: true });
}

async function fuzz() {
  say(`seed ${wanted.seed}: npm run fuzz -- --seed ${wanted.seed} sends the same again`);
  const tool = await installSchemathesis();
  const { url, demo } = await startHotline();
  const description = await (await fetch(`${url}/docs/openapi.json`)).json();
  let green = true;
  for (const caller of await logIn(url, demo)) {
    if (wanted.as && wanted.as !== caller.name) continue;
    green = (await fuzzAs(tool, url, description, caller)) && green;
    const answers = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ended || !answers) {
      say(`✗ the hotline ${ended || 'does not answer any more'}`);
      return false;
    }
  }
  say(green ? '\nno 5xx, nothing undescribed, no exit' : `\nfailed with seed ${wanted.seed}`);
  return green;
}

/** Into a venv beside the other tools, once. */
async function installSchemathesis() {
  const folders = foldersFor(root, process.env);
  mkdirSync(folders.tools, { recursive: true });
  const env = ladderEnv({
    ...{ root, data, tools: folders.tools, vars: process.env },
    ...{ findOnPath: (name) => findOnPath(name, process.env.PATH), run, progress: step },
  });
  const python = await findPython(env, '3.10');
  if (!python) throw new Error(env.reasons.join('; '));
  const folder = join(folders.tools, `schemathesis-${SCHEMATHESIS}`);
  const bin = (name) => join(folder, 'bin', name);
  const install = async (to) => {
    const { code, output } = await run(python.command, ['-m', 'venv', to], { timeoutMs: 60_000 });
    return code === 0 ? pip(env, bin('python'), [`schemathesis==${SCHEMATHESIS}`]) : output.trim();
  };
  if (!(await installedOnce(env, { name: `schemathesis ${SCHEMATHESIS}`, folder, python, install })))
    throw new Error(env.reasons.join('; '));
  return bin('schemathesis');
}

/** `npm start` as a new user has it, in a folder that goes away. */
async function startHotline() {
  const { MONGODB_URL: _mongo, REDIS_URL: _redis, ...rest } = process.env;
  const env = {
    ...rest,
    ...{
      HOTLINE_DATA: data,
      HOTLINE_TOOLS: foldersFor(root, process.env).tools,
      PORT: String(await freePort()),
    },
    // Many calls from one address are the point here.
    ...{ GUEST_PER_HOUR: '1000000', CODES_PER_ADDRESS: '1000000', LOGIN_FAILURES: '1000000' },
  };
  hotline = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let gone = false;
  hotline.once('exit', () => (gone = true));
  hotline.stdout.on('data', (text) => {
    const fall = /the app ended \([^)]*\)/.exec(String(text));
    if (fall) ended = fall[0];
  });
  for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end && !gone;) {
    const running = readRunFile(data);
    if (running) {
      fact('hotline', running.url);
      return running;
    }
    await new Promise((again) => setTimeout(again, 500));
  }
  throw new Error('the hotline did not start: see above');
}

async function stop() {
  if (!hotline || hotline.exitCode !== null) return;
  hotline.kill('SIGTERM');
  await new Promise((over) => hotline.once('exit', over));
}

/** Everybody of the demo once, a visitor of the local WeChat, and nobody. */
async function logIn(url, demo) {
  const md5 = (text) => createHash('md5').update(text).digest('hex');
  const people = {
    systemAdmin: demo.admin,
    institutionAdmin: demo.institutionAdmins[0],
    supervisor: demo.supervisors[0],
    counselor: demo.counselors[0],
  };
  const callers = [{ name: 'nobody', headers: {} }];
  for (const [name, person] of Object.entries(people)) {
    const body = { username: person.username, password: md5(person.password) };
    callers.push(await signedIn(name, url, '/auth/login', body));
  }
  callers.push(await signedIn('visitor', url, `/auth/wx/${demo.wx.appid}/login?code=demo:fuzz`, {}));
  return callers;
}

async function signedIn(name, url, path, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const authorization = answer.headers.get('authorization');
  if (!authorization) throw new Error(`${name} could not sign in: ${await answer.text()}`);
  const me = await (await fetch(`${url}/auth/me`, { headers: { authorization } })).json();
  const token = authorization.replace('Bearer ', '');
  return { name, headers: { Authorization: authorization }, own: { userID: me.result.userID, token } };
}

async function fuzzAs(tool, url, description, { name, headers, own }) {
  const file = join(data, `openapi-${name}.json`);
  // The second document's calls carry the caller in the body: a made-up one would only ever be refused.
  const pinned = own ? pin(description, own) : description;
  writeFileSync(file, JSON.stringify(pinned));
  say(`\n── as ${name}`);
  const args = [
    ...['run', file, '--url', url, '--checks', CHECKS, '--phases', 'coverage,fuzzing', '--seed', wanted.seed],
    ...['--max-examples', wanted.examples, '--max-time', wanted.seconds, '--request-timeout', '30'],
    ...['--suppress-health-check', 'all', '--warnings', 'off', '--no-shrink', '--continue-on-failure'],
    ...LAST_CALLS.flatMap((path) => ['--exclude-path', path]),
    ...Object.entries(headers).flatMap(([key, value]) => ['--header', `${key}: ${value}`]),
  ];
  const { code } = await run(tool, args, { cwd: data, passThrough: true, timeoutMs: 15 * 60_000 });
  say(`${code === 0 ? '✓' : '✗'} ${name}`);
  return code === 0;
}

/** The description with the caller's own userID and token wherever a body has them. */
function pin(value, own) {
  if (Array.isArray(value)) return value.map((each) => pin(each, own));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, pin(each, own)]));
  const { properties } = copy;
  if (properties?.userID && properties.token)
    copy.properties = { ...properties, userID: { const: own.userID }, token: { const: own.token } };
  return copy;
}
