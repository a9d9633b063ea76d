/**
 * `npm run demo:traffic [-- SECONDS]`: lets visitors and counselors talk in the demo that `npm start` runs, so that
 * whoever looks at the console sees a working hotline. Stops by itself after a minute, and on Ctrl-C.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { foldersFor, shown } from './lib/folders.mjs';
import { readRunFile } from './lib/run-file.mjs';

const SECONDS = 60;
const LONGEST = 3_600;
const root = fileURLToPath(new URL('..', import.meta.url));

await main().catch((err) => {
  console.error(`\ndemo:traffic: ${err.cause?.message ?? err.message}`);
  process.exitCode = 1;
});

async function main() {
  const seconds = Number(process.argv[2] ?? SECONDS);
  if (!(seconds > 0 && seconds <= LONGEST)) throw new Error(`give the seconds to run, 1 to ${LONGEST}`);
  const { url, counselors } = await findDemo();
  const entry = join(root, 'dist', 'bin', 'demo-traffic.js');
  if (!existsSync(entry))
    throw new Error('dist/bin/demo-traffic.js is missing: run npm start, which builds it');
  const { demoTraffic } = await import(pathToFileURL(entry).href);

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
  console.log(`demo traffic on ${url} for ${seconds} s; Ctrl-C ends it`);
  await demoTraffic({ url, counselors, seconds, signal: stop.signal, tell: teller() });
  console.log(process.stdout.isTTY ? '' : 'everybody has gone home');
}

/** The hotline that runs on the data folder, with its log-ins. */
async function findDemo() {
  const folder = foldersFor(root, process.env).data;
  const run = readRunFile(folder);
  const answers = run && (await fetch(`${run.url}/health`).catch(() => null));
  if (!answers?.ok) throw new Error(`nothing runs on ${shown(root, folder)}: start it with npm start first`);
  if (!run.demo?.counselors?.length)
    throw new Error('this hotline runs without the demo: there is nobody to play the counselors');
  return { url: run.url, counselors: run.demo.counselors };
}

/** One line that is written over; where that can't be, a line every five seconds. */
function teller() {
  let told = 0;
  return (state) => {
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K  ${state}`);
    else if (told++ % 5 === 0) console.log(`  ${state}`);
  };
}
