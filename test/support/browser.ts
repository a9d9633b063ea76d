/** A real Chromium; `npm test` finds it and says where. */
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { until } from './poll.js';

/** The flags keep Chromium from asking hosts outside; as root it has no sandbox. */
const FLAGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  // A voice note needs a microphone: Chromium's own, which beeps.
  '--use-fake-device-for-media-stream',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };

export interface Window {
  context: BrowserContext;
  page: Page;
  /** Errors of the page and requests to any other host: both are faults. */
  faults: string[];
}

export async function openWindow(
  browser: Browser,
  origin: string,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Window> {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && host !== new URL(origin).host)
      faults.push(`asked ${request.url()}`);
  });
  return { context, page, faults };
}

/** Elements are found by their `data-testid`: words may change. */
export const by = (window: Window, id: string): Locator => window.page.getByTestId(id);

/**
 * What the kit calls its parts for those who do not see them, where that is not Chinese. Left out: icons, which
 * stand beside words, and the arrows of number boxes, which no keyboard reaches.
 */
export const foreignNames = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(
    "[...document.querySelectorAll('[aria-label]:not(.anticon):not([unselectable]):not([aria-hidden=true] *)')].map((each) => each.getAttribute('aria-label') ?? '').filter((name) => /^[A-Za-z0-9 ]*[A-Za-z]{3}[A-Za-z0-9 ]*$/.test(name))",
  );

/** No transition or animation runs but those that never end. */
const SETTLED =
  "document.getAnimations().every((each) => each.playState !== 'running' || each.effect?.getComputedTiming().endTime === Infinity)";

/** What axe calls serious or critical on the page as it stands, in both themes: rule and place. */
export async function seriousFaults(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The console says which theme it has drawn; the visitor's page has it from its styles at once.
    await page
      .locator(`html[data-theme=${colorScheme}], html:not([data-theme])`)
      .waitFor({ state: 'attached' });
    // Colors that are still on their way from one theme to the other are neither's.
    await until(() => page.evaluate<boolean>(SETTLED), 'nothing moves', 30_000);
    // Not a script tag: the page's own policy would refuse it.
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(
          ...nodes.map(
            ({ target, any }) => `${colorScheme} ${id} ${String(target)} ${any[0]?.message ?? ''}`,
          ),
        );
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}
