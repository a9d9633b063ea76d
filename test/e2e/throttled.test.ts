/**
 * A phone in a train: 400 ms there and back, 400 kbit/s, 5 % of packets lost. From the link to the first message that
 * is acknowledged, and a talk in which connections break: nothing is lost, doubled or out of order. `npm run
 * throttled` repeats it and holds the journey to its eight seconds.
 */
import { beforeAll, expect, test } from '@jest/globals';
import type { Message } from '../../contract/message.js';
import { openWindow, PHONE, type Window } from '../support/browser.js';
import { connect, http, type TestSocket } from '../support/clients.js';
import { makeCounselor, type Person } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';
import { startProxy, type Proxy } from '../support/proxy.js';
import { said as words } from '../support/talk.js';

const JOURNEYS = Number(process.env.THROTTLED_JOURNEYS ?? 1);
/** Lines from each side after the first, with so many broken connections among them. */
const LINES = Number(process.env.THROTTLED_LINES ?? 6);
const BREAKS = Number(process.env.THROTTLED_BREAKS ?? 1);
/** Milliseconds. The short form runs on whatever machine there is, beside whatever else runs there. */
const LIMIT = Number(process.env.THROTTLED_LIMIT_MS ?? 120_000);
const NETWORK = { roundTripMs: 400, bytesPerSecond: 50_000, loss: 0.05, resendMs: 800 };
const LONG = 120_000;

const house = openHouse();
let proxy: Proxy;
let counselor: Person;
let desk: TestSocket;
let home: string;
beforeAll(async () => {
  const { ctx, url } = house.node;
  proxy = await startProxy('127.0.0.1', Number(new URL(url).port));
  house.closes(proxy.close);
  home = `http://127.0.0.1:${String(proxy.port)}/visit/`;
  counselor = await makeCounselor(ctx, 500, { name: '林悦' });
  desk = await connect(url, counselor.token);
  house.closes(desk.close);
});

/** From the link to the first line with its receipt; a person who reads nothing and taps at once. */
async function journey(phone: Window): Promise<number> {
  const { page } = phone;
  const begun = performance.now();
  await page.goto(home, { waitUntil: 'commit', timeout: LONG });
  await page.getByTestId('start').click({ timeout: LONG });
  await page.getByTestId('consent-agree').click({ timeout: LONG });
  await page.getByTestId('composer').fill('第一句', { timeout: LONG });
  await page.getByTestId('composer').press('Enter');
  await page.getByTestId('log').getByText('第一句').waitFor({ timeout: LONG });
  const acked = () => page.evaluate<boolean>("sessionStorage.getItem('hl.pending') === null");
  await until(acked, 'acknowledged', LONG);
  return performance.now() - begun;
}

async function linesOf(session: string): Promise<string[]> {
  const path = `/api/v1/conversations/${session}/messages?after=0&limit=200`;
  const { body } = await http(house.node.url, 'GET', path, { token: counselor.token });
  return (body.result as Message[]).flatMap(({ kind, text }) =>
    kind === 'text' && text !== undefined ? [text] : [],
  );
}

/** Both write at once, and the phone's connections break meanwhile. */
async function talk(phone: Window, session: string): Promise<void> {
  const { page } = phone;
  const breakAt = Math.ceil(LINES / (BREAKS + 1));
  const own = ['第一句'];
  const other: string[] = [];
  for (let line = 1; line <= LINES; line += 1) {
    own.push(`来访 ${String(line)}`);
    other.push(`咨询 ${String(line)}`);
    await page.getByTestId('composer').fill(`来访 ${String(line)}`);
    await page.getByTestId('composer').press('Enter');
    await desk.must('message:send', words(session, `咨询 ${String(line)}`));
    if (line % breakAt === 0 && line < LINES) proxy.reset();
  }
  await until(
    async () => (await linesOf(session)).length >= own.length + other.length,
    'every line arrived',
    LONG,
  );
  const stored = await linesOf(session);
  expect(stored.filter((text) => text.startsWith('来访') || text === '第一句')).toEqual(own);
  expect(stored.filter((text) => text.startsWith('咨询'))).toEqual(other);
  // What the phone shows in the end is the same, in the same order.
  const shown = () =>
    page.evaluate<string[]>(
      "[...document.querySelectorAll('[data-testid=log] [data-testid=message]')].map((row) => /第一句|(来访|咨询) \\d+/.exec(row.textContent)?.[0]).filter(Boolean)",
    );
  const last = stored.slice(-4);
  await until(
    async () => JSON.stringify((await shown()).slice(-4)) === JSON.stringify(last),
    'the phone shows the end of it',
    LONG,
  );
  const all = await shown();
  expect(new Set(all).size).toBe(all.length);
}

test(
  'from the link to the first message, and a talk on a weak network',
  async () => {
    const took: number[] = [];
    for (let number = 0; number < JOURNEYS; number += 1) {
      proxy.weaken(NETWORK);
      const phone = await openWindow(house.browser, home, PHONE);
      took.push(await journey(phone));
      const row = await house.node.ctx.models.Conversation.findOne({ open: true }).lean().orFail();
      await talk(phone, row._id.toHexString());
      expect(phone.faults).toEqual([]);
      await phone.context.close();
      proxy.heal();
      await desk.must('conversation:end', { conversationId: row._id.toHexString() });
    }
    took.sort((a, b) => a - b);
    console.log(`link to first message: ${took.map((ms) => (ms / 1000).toFixed(1)).join(' ')} s`);
    expect(took[Math.ceil(took.length / 2) - 1]).toBeLessThan(LIMIT);
  },
  LONG * 2 + JOURNEYS * 60_000,
);
