/** A hotline and a browser for the tests of one file: opened before the first of them, closed after the last. */
import { afterAll, beforeAll } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Config } from '../../platform/config.js';
import { startHotline, type Hotline, type TestNode } from './app.js';
import { launch } from './browser.js';

export interface House {
  readonly node: TestNode;
  readonly config: Config;
  readonly browser: Browser;
  /** What a file opened itself: closed when the browser is, before the hotline. */
  closes(close: () => unknown): void;
}

/** Called where a file begins; there is nothing in it before the first `beforeAll` that follows. */
export function openHouse(options: Parameters<typeof startHotline>[0] = {}): House {
  let hotline: Hotline | undefined;
  let browser: Browser | undefined;
  const own: (() => unknown)[] = [];
  const opened = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the house is opened before the first test');
    return part;
  };
  beforeAll(async () => {
    hotline = await startHotline(options);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    for (const close of own) await close();
    await hotline?.stop();
  });
  return {
    get node() {
      return opened(hotline).node;
    },
    get config() {
      return opened(hotline).config;
    },
    get browser() {
      return opened(browser);
    },
    closes: (close) => void own.push(close),
  };
}
