/**
 * `npm run screens`: pictures of every screen in both themes, into docs/screens/<list>/. It starts the product with
 * its demo in a temporary folder, drives a real Chromium through it, and stops by itself.
 *
 *   npm run screens -- --only visitor     one list of scripts/screens/
 *   npm run screens -- --run FOLDER       the start that runs on this data folder, instead of one of its own
 *   npm run screens -- --into FOLDER      elsewhere than docs/screens
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { findChromium } from './lib/chromium.mjs';
import { foldersFor } from './lib/folders.mjs';
import { readOptions } from './lib/proof.mjs';
import { findOnPath } from './lib/processes.mjs';
import { readRunFile } from './lib/run-file.mjs';
import { admin } from './screens/console-admin.mjs';
import { counselor, desk } from './screens/console-counselor.mjs';
import { supervisor } from './screens/console-supervisor.mjs';
import { visitor } from './screens/visitor.mjs';

/** Each has a name, its viewports, the form of its pictures and its walk. */
const LISTS = [visitor, counselor, desk, supervisor, admin];
const THEMES = ['light', 'dark'];
const STARTS_WITHIN_MS = 5 * 60_000;
/** Milliseconds a picture waits for what still moves or is on its way. */
const SETTLES_WITHIN_MS = 5_000;
const SETTLED = `document.getAnimations().every(({ playState, effect }) =>
  playState !== 'running' || effect?.getComputedTiming().endTime === Infinity)
  && [...document.images].every(({ complete }) => complete)`;
/** How a picture is made small: sixty-four colours are enough for a screen. */
const FORMS = {
  png: (picture) => picture.png({ palette: true, colours: 64, effort: 8 }),
  webp: (picture) => picture.webp({ quality: 55, effort: 4 }),
};

const root = fileURLToPath(new URL('..', import.meta.url));
const options = readOptions(process.argv.slice(2));
const defer = [];
try {
  const run = await theDemo();
  const { path, reason } = await findChromium({ vars: process.env, findOnPath, isRoot: false });
  if (!path) throw new Error(reason);
  const browser = await chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking'],
  });
  defer.push(() => browser.close());
  for (const list of LISTS.filter(({ name }) => [undefined, name].includes(options.only)))
    await take(list, browser, run);
} catch (err) {
  console.error(`\nscreens: ${err.message}`);
  process.exitCode = 1;
} finally {
  for (const end of defer.reverse()) await end();
}

async function take(list, browser, run) {
  const folder = join(options.into ?? join(root, 'docs', 'screens'), list.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let number = 0;
  const [first] = list.viewports;
  await list.walk({
    run,
    root,
    async open({ locale = 'zh-CN', ...more } = {}) {
      const context = await browser.newContext({
        viewport: first,
        deviceScaleFactor: list.scale,
        locale,
        timezoneId: 'Asia/Shanghai',
        reducedMotion: 'reduce',
        // A picture shows what the server says now, not what an earlier page kept.
        serviceWorkers: 'block',
        ...more,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      return page;
    },
    /**
     * In the order in which they are met, once in each viewport.
     * @param each what has to be done again where the page has another width; may answer what undoes it
     */
    async shoot(page, name, each) {
      number += 1;
      const path = join(folder, `${String(number).padStart(2, '0')}-${name}`);
      // A window in the background draws no dialog.
      await page.bringToFront();
      for (const viewport of list.viewports) {
        const many = list.viewports.length > 1;
        if (many) await page.setViewportSize(viewport);
        const undo = await each?.(viewport.width);
        await shoot(page, many ? `${path}-${String(viewport.width)}` : path, list.form ?? 'png');
        await undo?.();
      }
      if (list.viewports.length > 1) await page.setViewportSize(first);
    },
  });
  const files = readdirSync(folder);
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  console.log(`${list.name}: ${files.length} pictures, ${(bytes / 1e6).toFixed(1)} MB, in ${folder}`);
}

/** One screen, once in each theme. */
async function shoot(page, path, form) {
  // What is under the pointer looks as if it were pressed.
  await page.mouse.move(0, 0);
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The console says which theme it has drawn; the visitor's page has it from its styles at once.
    await page
      .locator(`html[data-theme=${colorScheme}], html:not([data-theme])`)
      .waitFor({ state: 'attached' });
    for (const end = Date.now() + SETTLES_WITHIN_MS; Date.now() < end && !(await page.evaluate(SETTLED));)
      await page.waitForTimeout(50);
    const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    const small = await FORMS[form](sharp(png)).toBuffer();
    writeFileSync(`${path}-${colorScheme}.${form}`, small);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

/** What a start has written about itself: one that runs already, or one of our own. */
async function theDemo() {
  const given = options.run && readRunFile(options.run);
  if (given) return given;
  if (options.run) throw new Error(`nothing runs on ${options.run}`);
  const data = mkdtempSync(join(tmpdir(), 'hotline-screens-'));
  defer.push(() => rmSync(data, { recursive: true, force: true }));
  const { tools } = foldersFor(root, process.env);
  const env = { ...process.env, HOTLINE_DATA: data, HOTLINE_TOOLS: tools, NODE_ENV: 'development' };
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], { env, stdio: 'inherit' });
  const gone = once(child, 'exit');
  defer.push(async () => {
    if (child.exitCode === null) child.kill('SIGINT');
    await gone;
  });
  for (const end = Date.now() + STARTS_WITHIN_MS; Date.now() < end && child.exitCode === null;) {
    const run = readRunFile(data);
    if (run) return run;
    await pause(500);
  }
  throw new Error('the product did not start: see what it said above');
}
