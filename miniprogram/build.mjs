/**
 * `npm run miniprogram`: builds the mini-program into miniprogram/dist, ready for WeChat's developer tools. Says what
 * a phone has to load and fails when it grows. Settings: HOTLINE_URL, WECHAT_APPID (docs/miniprogram.md).
 * `--out FOLDER` builds elsewhere, `--without-tim` leaves the Tencent subpackage out.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';

/** WeChat takes 2 MB; what is loaded before the first message shall be far below. */
const MAIN_BUDGET = 400_000;
const PACKAGE_LIMIT = 2 * 1_048_576;
/** What a phone of some years understands without a compiler of the developer tools. */
const TARGET = 'es2019';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({
  options: { out: { type: 'string' }, 'without-tim': { type: 'boolean', default: false } },
});
const out = resolve(values.out ?? join(here, 'dist'));
const settings = {
  server: (process.env.HOTLINE_URL ?? 'http://127.0.0.1:3000').replace(/\/+$/, ''),
  // The one that the demo's stand-in of WeChat knows.
  appid: process.env.WECHAT_APPID ?? 'wxdemo0000000000',
};

/** Everything below a folder, as paths from here. */
const filesIn = (folder) =>
  readdirSync(join(here, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(here, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));

const app = JSON.parse(readFileSync(join(here, 'app.json'), 'utf8'));
const components = filesIn('components').filter((file) => file.endsWith('.ts'));
const entriesOf = (paths) => Object.fromEntries(paths.map((path) => [path, join(here, `${path}.ts`)]));

/** engine.io-client looks for a window at load; lib/engine-globals.ts says what a mini-program has instead. */
const engineGlobals = {
  name: 'engine-globals',
  enforce: 'pre',
  resolveId: (id, importer) =>
    /\/globals(\.node)?\.js$/.test(id) && importer?.includes('engine.io-client')
      ? join(here, 'lib/engine-globals.ts')
      : null,
};

/** `__loadPackage__('tim/index.js')` becomes WeChat's own call, with a path from the file that it stands in. */
const loadPackage = {
  name: 'load-package',
  renderChunk(code, { fileName }) {
    return code.replace(/__loadPackage__\((["'`])([^"'`]+)\1\)/g, (_, quote, path) => {
      const way = posix.relative(posix.dirname(fileName), path);
      return `require.async(${quote}${way.startsWith('.') ? way : `./${way}`}${quote})`;
    });
  },
};

const bundle = (entries, options) =>
  build({
    configFile: false,
    root: here,
    logLevel: 'warn',
    define: { __SETTINGS__: JSON.stringify(settings), ...options.define },
    plugins: [engineGlobals, loadPackage],
    build: {
      outDir: out,
      emptyOutDir: false,
      target: TARGET,
      modulePreload: false,
      chunkSizeWarningLimit: 1_000,
      minify: true,
      rollupOptions: {
        input: entries,
        preserveEntrySignatures: 'strict',
        output: {
          format: 'cjs',
          exports: 'named',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name].js',
          ...(options.intro === undefined ? {} : { intro: options.intro }),
        },
        ...(options.inject === undefined ? {} : { transform: { inject: options.inject } }),
      },
    },
  });

/** Colours and measures of the web in WXSS: on `page`, themes by the system, and px, since a rem is no rem there. */
function tokens() {
  const css = readFileSync(join(here, '../web/shared/tokens.css'), 'utf8');
  const icons = JSON.parse(readFileSync(join(here, 'icons.json'), 'utf8'));
  const drawn = (path, fill) =>
    `url("data:image/svg+xml,${encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="${fill}" stroke="#000" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="${path}"/></svg>`,
    )}")`;
  const styles = css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/:root\[data-theme='dark'\]\s*\{[^}]*\}/g, '')
    .replace(/:root(:not\(\[data-theme='light'\]\))?/g, 'page')
    .replace(/([\d.]+)rem/g, (_, value) => `${Number(value) * 16}px`);
  const marks = Object.entries({ ...icons }).map(
    ([name, path]) => `.icon-${name}{--icon:${drawn(path, 'none')}}`,
  );
  return [styles, ...marks, `.icon-star-full{--icon:${drawn(icons.star, '#000')}}`].join('\n');
}

function sizeOf(folder, leaveOut = []) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !leaveOut.some((left) => file.startsWith(join(folder, left))))
    .reduce((sum, file) => sum + statSync(file).size, 0);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const subpages = app.subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`));
await bundle(entriesOf(['app', ...app.pages, ...subpages, ...components.map((file) => file.slice(0, -3))]), {
  // Shared modules of the web ask for the language by this name.
  intro: "var navigator={language:wx.getAppBaseInfo?wx.getAppBaseInfo().language||'zh_CN':'zh_CN'};",
});
if (!values['without-tim']) {
  await bundle(
    { 'tim/index': join(here, 'tim/index.ts') },
    { inject: { URL: [join(here, 'lib/url.ts'), 'URL'] } },
  );
}

// WeChat reads dependencies from the text and knows them in plain quotes only.
for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
)) {
  const code = readFileSync(join(out, file), 'utf8');
  writeFileSync(join(out, file), code.replace(/\brequire(\.async)?\(`([^`]+)`\)/g, 'require$1("$2")'));
}
for (const file of ['pages', 'components', 'tim'].flatMap(filesIn)) {
  if (/\.(wxml|wxss|json)$/.test(file)) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    cpSync(join(here, file), join(out, file));
  }
}
for (const file of ['app.json', 'app.wxss', 'theme.json', 'sitemap.json']) {
  cpSync(join(here, file), join(out, file));
}
writeFileSync(join(out, 'tokens.wxss'), tokens());
const project = JSON.parse(readFileSync(join(here, 'project.config.json'), 'utf8'));
writeFileSync(
  join(out, 'project.config.json'),
  JSON.stringify({ ...project, appid: process.env.WECHAT_APPID ?? project.appid }, null, 2),
);

const main = sizeOf(out, ['tim/']);
const tim = values['without-tim'] ? 0 : sizeOf(join(out, 'tim'));
const kB = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
console.log(`mini-program: built into ${relative(process.cwd(), out) || '.'}`);
console.log(`  main package ${kB(main)}, Tencent subpackage ${kB(tim)}; WeChat takes 2 MB each`);
console.log(`  speaks to ${settings.server} as ${settings.appid}`);
if (main > MAIN_BUDGET || tim > PACKAGE_LIMIT) {
  console.error(`mini-program: over its budget (main ${kB(MAIN_BUDGET)}, others ${kB(PACKAGE_LIMIT)})`);
  process.exitCode = 1;
}
