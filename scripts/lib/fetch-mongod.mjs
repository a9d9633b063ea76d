/**
 * Fetches a real mongod with mongodb-memory-server-core, as a process of its own so that the caller can end it:
 * the library's own time-out for a silent host is fixed at 60 s.
 *   node fetch-mongod.mjs reach   exit 0 if the host of the download answers, else 1 and one line why
 *   node fetch-mongod.mjs fetch [silentMs]   downloads to MONGOMS_DOWNLOAD_DIR; gives up after 15 s without a byte
 */
import { lookup } from 'node:dns/promises';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { withDeadline } from './deadline.mjs';

const ANSWERS_WITHIN_MS = 3_000;
const SILENT_FOR_MS = Number(process.argv[3] ?? 15_000);

// The library checks the server's certificate only when npm is set so, and we are about to run what it brings.
process.env.npm_config_strict_ssl = 'true';
process.env.MONGOMS_MD5_CHECK ??= 'true';
const require = createRequire(import.meta.url);

try {
  await (process.argv[2] === 'reach' ? reach() : fetchIt());
  process.exit(0);
} catch (err) {
  console.error(err.message.split('\n')[0]);
  process.exit(1);
}

async function reach() {
  const target = new URL(proxy() ?? (await downloadUrl()));
  const port = Number(target.port) || (target.protocol === 'http:' ? 80 : 443);
  await within(lookup(target.hostname), `the name ${target.hostname} is not known`);
  await within(dial(target.hostname, port), `${target.hostname} does not answer`);
}

async function fetchIt() {
  const { MongoBinary } = require('mongodb-memory-server-core/lib/util/MongoBinary');
  const folder = process.env.MONGOMS_DOWNLOAD_DIR;
  await Promise.race([MongoBinary.getPath({ downloadDir: folder }), silence(folder)]);
}

/** The address that the library would fetch from, with the user's mirror if one is set. */
async function downloadUrl() {
  const { DryMongoBinary } = require('mongodb-memory-server-core/lib/util/DryMongoBinary');
  const { MongoBinaryDownloadUrl } = require('mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl');
  const options = await DryMongoBinary.generateOptions();
  return new MongoBinaryDownloadUrl({ platform: platform(), ...options }).getDownloadUrl();
}

function proxy() {
  const { https_proxy, HTTPS_PROXY, npm_config_proxy } = process.env;
  return https_proxy || HTTPS_PROXY || process.env['npm_config_https-proxy'] || npm_config_proxy;
}

function dial(host, port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => resolve(socket.destroy()));
    socket.once('error', reject);
  });
}

async function within(promise, otherwise) {
  await withDeadline(ANSWERS_WITHIN_MS, promise).catch(() => Promise.reject(new Error(otherwise)));
}

/** Rejects when nothing in the folder has grown for a while. */
async function silence(folder) {
  for (let last = -1, since = Date.now(); ; await delay(500)) {
    const size = sizeOf(folder);
    if (size !== last) [last, since] = [size, Date.now()];
    if (Date.now() - since > SILENT_FOR_MS) throw new Error('the download fell silent');
  }
}

function sizeOf(folder) {
  return readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
