/** A visitor's phone and a counselor's desk side by side: from the link to the rating. */
import { expect, test } from '@jest/globals';
import { dayOf } from '../../services/roster/day.js';
import { by, openWindow, PHONE, seriousFaults, type Window } from '../support/browser.js';
import { logIn, passwordHash } from '../support/desk.js';
import { makePerson } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';

const house = openHouse();

async function counselorAt(username: string): Promise<Window> {
  const { ctx, url } = house.node;
  const { user } = await makePerson(ctx, 'COUNSELOR', {
    username,
    name: '林悦',
    passwordHash: await passwordHash(ctx),
  });
  const { _id, role, institution } = user;
  await ctx.models.Arrange.create({ user: _id, role, institution, day: dayOf(ctx.clock.now()) });
  return logIn(house.browser, url, username);
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
  const desk = await counselorAt('lin-yue-e2e');
  const phone = await openWindow(house.browser, house.node.url, PHONE);
  await phone.page.goto(`${house.node.url}/visit/`);
  await by(phone, 'home').waitFor();
  const faults = await seriousFaults(phone.page);
  const look = async (screen: string) => {
    faults.push(...(await seriousFaults(phone.page)).map((fault) => `${screen}: ${fault}`));
  };
  await by(phone, 'see-counselors').click();
  await by(phone, 'counselor').click();
  await by(phone, 'sheet-close').waitFor();
  await look('counselors and one of them');
  await by(phone, 'sheet-close').click();
  await by(phone, 'back').click();
  await by(phone, 'start').click();
  await phone.page.getByText('点击(我同意)视为同意以下条款', { exact: false }).waitFor();
  await look('consent');
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

  // More time, once, for a reason that the visitor does not see.
  await by(desk, 'extend-open').click();
  await desk.page.getByRole('radio', { name: '需要时间转介' }).check();
  await by(desk, 'extend-confirm').click();
  await phone.page.getByText('延长了 15 分钟', { exact: false }).waitFor();
  await by(desk, 'extend-open').waitFor({ state: 'detached' });

  // A reload shows the same conversation, complete.
  await phone.page.reload();
  await hears(phone, '你好，我最近总是睡不好');
  await hears(phone, '谢谢你愿意说出来');
  await look('chat');
  await say(phone, '我先休息一下');
  await hears(desk, '我先休息一下');

  await by(phone, 'end-chat').click();
  await look('end?');
  await phone.page.getByTestId(/-yes$/).click();
  await by(phone, 'rate-now').or(by(phone, 'rating')).first().waitFor();
  if (await by(phone, 'rate-now').isVisible()) await by(phone, 'rate-now').click();
  await look('ended');
  await by(phone, 'star-5').click();
  await look('rating');
  await by(phone, 'rating-submit').click();
  await by(phone, 'rated').waitFor();
  await by(phone, 'go-home').click();
  await by(phone, 'see-history').click();
  await by(phone, 'history-row').first().waitFor();
  await look('history');
  await by(phone, 'history-row').first().click();
  await hears(phone, '谢谢你愿意说出来');
  await look('transcript');
  expect(faults).toEqual([]);

  const { models } = house.node.ctx;
  const row = await until(
    () => models.Conversation.findOne({ status: 'FINISHED', sealed: true }).lean(),
    'ended and sealed',
  );
  expect(row).toMatchObject({ endCause: 'VISITOR_ENDED', conversationLevel: 5 });
  const rows = await models.Message.find({ conversation: row._id }).sort({ seq: 1 }).lean();
  expect(rows.map((message) => message.event ?? message.kind)).toEqual([
    'assigned',
    'text',
    'text',
    'emergency-card',
    'extended',
    'text',
    'ended',
  ]);
  expect(phone.faults).toEqual([]);
  expect(desk.faults).toEqual([]);
}, 120_000);
