/** A visitor's phone and a counselor's desk side by side: from the link to the rating. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hashPassword, md5OfClear } from '../../services/account/password.js';
import { startHotline, type Hotline } from '../support/app.js';
import { DESK, launch, openWindow, PHONE, type Window } from '../support/browser.js';
import { makePerson } from '../support/factories.js';
import { until } from '../support/poll.js';

let hotline: Hotline;
let browser: Browser;
beforeAll(async () => {
  hotline = await startHotline();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await hotline.stop();
});

const by = (window: Window, id: string) => window.page.getByTestId(id);

async function logIn(username: string): Promise<Window> {
  const { ctx } = hotline.node;
  await makePerson(ctx, 'COUNSELOR', {
    username,
    name: '林悦',
    passwordHash: await hashPassword(ctx, md5OfClear('lin-yue-password')),
  });
  const desk = await openWindow(browser, hotline.node.url, DESK);
  await desk.page.goto(`${hotline.node.url}/console/`);
  await by(desk, 'login-username').fill(username);
  await by(desk, 'login-password').fill('lin-yue-password');
  await by(desk, 'login-submit').click();
  await by(desk, 'workbench').waitFor();
  return desk;
}

async function say(window: Window, text: string): Promise<void> {
  const composer = window.page.getByTestId('composer');
  const field =
    (await composer.evaluate((node) => node.tagName)) === 'TEXTAREA'
      ? composer
      : composer.locator('textarea');
  await field.fill(text);
  await field.press('Enter');
}
const hears = (window: Window, text: string) =>
  window.page.getByText(text, { exact: true }).first().waitFor();

test('consent, waiting room, chat both ways, reload, end and rating', async () => {
  const desk = await logIn('lin-yue-e2e');
  const phone = await openWindow(browser, hotline.node.url, PHONE);
  await phone.page.goto(`${hotline.node.url}/visit/`);
  await by(phone, 'start').click();
  await phone.page.getByText('点击(我同意)视为同意以下条款', { exact: false }).waitFor();
  await by(phone, 'consent-agree').click();

  // Nobody is on line: a place in the queue, told on both sides.
  await by(phone, 'waiting').waitFor();
  await until(async () => (await by(phone, 'position').textContent())?.includes('1'), 'position 1');
  await by(desk, 'tab-queue').click();
  await until(async () => (await by(desk, 'tab-queue').textContent())?.includes('1'), 'the queue shows it');

  // Going on line admits in the same moment.
  await by(desk, 'presence-switch').click();
  await by(desk, 'presence-online').click();
  await phone.page.getByText('林悦').first().waitFor();
  await by(desk, 'tab-mine').click();
  await until(
    async () => !(await by(desk, 'tab-queue').textContent())?.includes('1'),
    'the queue is empty again',
  );
  await until(async () => (await by(desk, 'seats').getAttribute('data-active')) === '1', 'a seat is taken');
  await by(desk, 'conversation-row').first().click();

  await by(phone, 'composer').waitFor();
  await say(phone, '你好，我最近总是睡不好');
  await hears(desk, '你好，我最近总是睡不好');
  await say(desk, '谢谢你愿意说出来');
  await hears(phone, '谢谢你愿意说出来');
  // One tap for danger: the counselor is told what to say, the visitor is shown whom to call.
  await by(desk, 'alarm').click();
  await by(desk, 'alarm-script').waitFor();
  await desk.page.getByRole('button', { name: '知道了' }).click();
  await phone.page.getByText('紧急求助', { exact: false }).nth(1).waitFor();

  // A reload shows the same conversation, complete.
  await phone.page.reload();
  await hears(phone, '你好，我最近总是睡不好');
  await hears(phone, '谢谢你愿意说出来');
  await say(phone, '我先休息一下');
  await hears(desk, '我先休息一下');

  await by(phone, 'end-chat').click();
  await phone.page.getByTestId(/-yes$/).click();
  await by(phone, 'rate-now').or(by(phone, 'rating')).first().waitFor();
  if (await by(phone, 'rate-now').isVisible()) await by(phone, 'rate-now').click();
  await by(phone, 'star-5').click();
  await by(phone, 'rating-submit').click();
  await by(phone, 'rated').waitFor();

  const { models } = hotline.node.ctx;
  const row = await models.Conversation.findOne({ status: 'FINISHED' }).lean().orFail();
  expect(row).toMatchObject({ endCause: 'VISITOR_ENDED', conversationLevel: 5, sealed: true });
  const rows = await models.Message.find({ conversation: row._id }).sort({ seq: 1 }).lean();
  expect(rows.map((message) => message.event ?? message.kind)).toEqual([
    'assigned',
    'text',
    'text',
    'emergency-card',
    'text',
    'ended',
  ]);
  expect(phone.faults).toEqual([]);
  expect(desk.faults).toEqual([]);
}, 120_000);
