/** Builds both pages into dist/web; `node web/build.mjs [visitor|console]`. Fails when the visitor's page grows. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What a phone loads before the first message, gzipped. */
const VISITOR_BUDGET = 80_000;

/** Everything the page names in its head: the entry, what it imports statically, its styles, and the page. */
function firstLoad(folder, base) {
  const html = readFileSync(join(folder, 'index.html'));
  const named = [...html.toString().matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => path);
  const files = [...new Set(named)].map((path) => readFileSync(join(folder, path.replace(base, ''))));
  return [html, ...files].reduce((sum, bytes) => sum + gzipSync(bytes).length, 0);
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
