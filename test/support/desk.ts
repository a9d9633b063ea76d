/** Staff who can log in to the console, and a window in which one of them has. */
import type { Browser } from 'playwright-core';
import { hashPassword, md5OfClear } from '../../services/account/password.js';
import type { Ctx } from '../../services/context.js';
import { by, DESK, openWindow, type Window } from './browser.js';

const PASSWORD = 'desk-password-of-tests';

/** What a person is made with who shall log in by `logIn`. */
export const passwordHash = (ctx: Ctx): Promise<string> => hashPassword(ctx, md5OfClear(PASSWORD));

/** Logged in through the form of the page; `url` is a node's. Shown from `at` on, a route of the console. */
export async function logIn(browser: Browser, url: string, username: string, at = ''): Promise<Window> {
  const desk = await openWindow(browser, url, DESK);
  await desk.page.goto(`${url}/console/${at}`);
  await by(desk, 'login-username').fill(username);
  await by(desk, 'login-password').fill(PASSWORD);
  await by(desk, 'login-submit').click();
  await by(desk, 'console').waitFor();
  return desk;
}

/** Filters the list in sight by a label. */
export async function filterByLabel(desk: Window, label: string): Promise<void> {
  await by(desk, 'filter-tag').click();
  await desk.page.getByTitle(label, { exact: true }).click();
}
