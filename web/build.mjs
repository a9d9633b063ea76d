/** Builds both pages into dist/web; `node web/build.mjs [visitor|console]`. Fails when the visitor's page grows. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What a phone loads before the first message, gzipped. */
const VISITOR_BUDGET = 80_000;
/** Smaller files fit one packet as they are, bytes; the best packing of larger ones takes seconds. */
const PACKED_FROM = 1_200;
const LARGE = 400_000;

/** The paths that the page names in its head: the entry, what it imports statically, its styles. */
function named(html) {
  return [...new Set([...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => path))];
}

function firstLoad(folder, base) {
  const html = readFileSync(join(folder, 'index.html'));
  const files = named(html.toString()).map((path) => readFileSync(join(folder, path.replace(base, ''))));
  return [html, ...files].reduce((sum, bytes) => sum + gzipSync(bytes).length, 0);
}

/** The visitor's service worker, with what it keeps; another build is another version. */
function writeWorker(folder) {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const shell = ['/visit/', '/visit/blank.html', '/visit/icon.svg', ...named(html)];
  const source = readFileSync(here('./visitor/sw.js'), 'utf8').replace('__SHELL__', JSON.stringify(shell));
  const version = createHash('sha256').update(html).update(source).digest('hex').slice(0, 12);
  writeFileSync(join(folder, 'sw.js'), source.replace('__VERSION__', version));
}

/** Beside each file of words its packed forms, which server/pages.ts serves: a phone's network is the slow part. */
function pack(folder) {
  for (const { name, parentPath } of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!/\.(js|css|html|svg)$/.test(name)) continue;
    const file = join(parentPath, name);
    const bytes = readFileSync(file);
    if (bytes.length < PACKED_FROM) continue;
    const quality = bytes.length > LARGE ? 5 : 11;
    const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

const only = process.argv[2];
const wanted = ['visitor', 'console'].filter((page) => only === undefined || only === page);
for (const page of wanted) {
  if (!existsSync(here(`./${page}/index.html`))) {
    console.log(`web/${page}: no index.html yet, left out`);
    continue;
  }
  await build({ configFile: here(`./vite.${page}.ts`), logLevel: 'warn' });
  const base = page === 'visitor' ? '/visit/' : '/console/';
  if (page === 'visitor') writeWorker(here('../dist/web/visitor'));
  pack(here(`../dist/web/${page}`));
  const bytes = firstLoad(here(`../dist/web/${page}`), base);
  const size = `${(bytes / 1000).toFixed(1)} kB gzip`;
  console.log(`web/${page}: built into dist/web/${page}, first load ${size}`);
  if (page === 'visitor' && bytes > VISITOR_BUDGET) {
    console.error(
      `web/visitor: over its budget of ${VISITOR_BUDGET / 1000} kB; load something later or drop it`,
    );
    process.exitCode = 1;
  }
}
