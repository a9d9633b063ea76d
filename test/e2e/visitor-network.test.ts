/**
 * A phone on a bad day: what was written is sent once, whatever becomes of the network, the page, the server or the
 * session; and the Enter that confirms pinyin sends nothing.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { assemble, type Assembled } from '../../bin/assemble.js';
import type { Message } from '../../contract/message.js';
import { appendCutoff } from '../../services/account/cutoff.js';
import { openWindow, PHONE, type Window } from '../support/browser.js';
import { http } from '../support/clients.js';
import { makeCounselor, type Person } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';
import { startProxy, type Proxy } from '../support/proxy.js';

const house = openHouse();
/** The node that the phone speaks to; it may be restarted. */
let server: Assembled;
let port: number;
let proxy: Proxy;
let counselor: Person;
let phone: Window;
let session: string;
const LONG = 60_000;
const WHOLE = 240_000;

beforeAll(async () => {
  server = await listening(0);
  port = (server.http.address() as AddressInfo).port;
  // The one that listens then: it is restarted on the way.
  house.closes(() => server.close());
  proxy = await startProxy('127.0.0.1', port);
  house.closes(proxy.close);
  counselor = await makeCounselor(house.node.ctx, 20, { name: '林悦' });
  const home = `http://127.0.0.1:${String(proxy.port)}/visit/`;
  phone = await openWindow(house.browser, home, PHONE);
  await phone.page.goto(home);
  await phone.page.getByTestId('start').click();
  await phone.page.getByTestId('consent-agree').click();
  await served(phone.page);
  const row = await house.node.ctx.models.Conversation.findOne({ open: true }).lean().orFail();
  session = row._id.toHexString();
}, WHOLE);

async function listening(at: number): Promise<Assembled> {
  const node = await assemble(house.config, { name: `phone-${String(at)}` });
  node.http.listen(at, '127.0.0.1');
  await once(node.http, 'listening');
  return node;
}

const served = (page: Page) =>
  page.locator('[data-testid=conversation][data-status=IN_PROGRESS]').waitFor({ timeout: LONG });
const pending = () => phone.page.evaluate<string | null>("sessionStorage.getItem('hl.pending')");

async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer').fill(text);
  await page.getByTestId('composer').press('Enter');
  await page.getByTestId('log').getByText(text).waitFor({ timeout: LONG });
}

/** Everything said so far, as the house has it. */
async function said(): Promise<string[]> {
  const path = `/api/v1/conversations/${session}/messages?after=0&limit=100`;
  const { body } = await http(house.node.url, 'GET', path, { token: counselor.token });
  return (body.result as Message[]).flatMap(({ kind, text }) =>
    kind === 'text' && text !== undefined ? [text] : [],
  );
}

/** It has arrived, nothing waits any more, and it stands on the screen once. */
async function arrivedOnce(text: string): Promise<void> {
  await until(async () => (await said()).includes(text), `${text} arrived`, LONG);
  await until(async () => (await pending()) === null, 'nothing waits', LONG);
  expect((await said()).filter((each) => each === text)).toHaveLength(1);
  expect(await phone.page.getByTestId('log').getByText(text, { exact: true }).count()).toBe(1);
}

test(
  'written without a network, and the page loaded again: sent once when the network is back',
  async () => {
    await until(
      () => phone.page.evaluate<boolean>('navigator.serviceWorker.controller !== null'),
      'a worker serves the page',
      LONG,
    );
    proxy.cut();
    await say(phone.page, '断网时写的');
    await phone.page.reload();
    await phone.page.getByTestId('standstill').waitFor({ timeout: LONG });
    expect(await pending()).toContain('断网时写的');
    expect(await phone.page.evaluate('Object.keys(localStorage)')).toEqual(['hl.device']);
    proxy.heal();
    await served(phone.page);
    await arrivedOnce('断网时写的');
  },
  WHOLE,
);

test(
  'stored, but its acknowledgement is lost, and the page loaded again: not said twice',
  async () => {
    proxy.hole('down');
    await say(phone.page, '没等到回执');
    await until(async () => (await said()).includes('没等到回执'), 'stored', LONG);
    expect(await pending()).toContain('没等到回执');
    const again = phone.page.reload({ waitUntil: 'commit', timeout: LONG });
    proxy.heal();
    await again;
    await served(phone.page);
    await arrivedOnce('没等到回执');
  },
  WHOLE,
);

test(
  'the server starts again in the middle of it',
  async () => {
    await server.close();
    await say(phone.page, '服务器重启时写的');
    server = await listening(port);
    await arrivedOnce('服务器重启时写的');
  },
  WHOLE,
);

test(
  'the log-in runs out: the same person goes on, and what was on its way arrives',
  async () => {
    const { ctx } = server;
    const { visitor } = await ctx.models.Conversation.findById(session).lean().orFail();
    const past = new Date(ctx.clock.now() - 1_000);
    // The page has been there for a while: a session that ends right after its log-in was ended on purpose.
    await phone.page.evaluate('{ const real = Date.now; Date.now = () => real() + 60_000; }');
    const rows = await ctx.models.Session.find({ user: visitor }).lean();
    await ctx.models.Session.updateMany({ user: visitor }, { $set: { absoluteEnd: past } });
    for (const { _id, version } of rows)
      await appendCutoff(ctx, { subject: 'session', ref: _id, version: version + 1, reason: 'expired' });
    await say(phone.page, '登录过期以后写的');
    await arrivedOnce('登录过期以后写的');
    expect(await ctx.models.Session.countDocuments({ user: visitor, absoluteEnd: { $gt: past } })).toBe(1);
  },
  WHOLE,
);

test(
  'two tabs of one phone show the same session, each line once and in one order',
  async () => {
    const other = await phone.context.newPage();
    await other.goto(phone.page.url());
    await served(other);
    await say(phone.page, '第一页说的');
    await other.getByTestId('log').getByText('第一页说的').waitFor({ timeout: LONG });
    await say(other, '第二页说的');
    await phone.page.getByTestId('log').getByText('第二页说的').waitFor({ timeout: LONG });
    await arrivedOnce('第二页说的');
    const order = (page: Page) => page.getByTestId('log').locator('[data-testid=message]').allTextContents();
    const tail = async (page: Page) =>
      (await order(page)).filter((line) => /页说的/.test(line)).map((line) => /第.页/.exec(line)?.[0]);
    expect(await tail(phone.page)).toEqual(['第一页', '第二页']);
    expect(await tail(other)).toEqual(['第一页', '第二页']);
    await other.close();
  },
  WHOLE,
);

test(
  'the Enter that confirms pinyin sends nothing, the next one sends',
  async () => {
    const field = phone.page.getByTestId('composer');
    const cdp = await phone.context.newCDPSession(phone.page);
    await field.focus();
    await cdp.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 });
    // While composing a key belongs to the input method, and says so.
    await field.dispatchEvent('keydown', { key: 'Enter', code: 'Enter', isComposing: true });
    await cdp.send('Input.insertText', { text: '你好' });
    // Safari's order: the composition is over, then comes the Enter that ended it.
    await field.evaluate(
      "(node) => { node.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true })); node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })); }",
    );
    expect(await field.inputValue()).toBe('你好');
    expect(await said()).not.toContain('你好');
    await until(
      async () => {
        await field.press('Enter');
        return (await field.inputValue()) === '';
      },
      'sent',
      LONG,
    );
    await arrivedOnce('你好');
    expect(phone.faults).toEqual([]);
  },
  WHOLE,
);
