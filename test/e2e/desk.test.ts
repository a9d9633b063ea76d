/** Canned replies from the page to the caret; what an admin keeps: audit, terms of keeping, webhooks, the week's roster. */
import { beforeAll, expect, test } from '@jest/globals';
import { acceptMessage } from '../../services/message/accept.js';
import { dayOf } from '../../services/roster/day.js';
import { by, seriousFaults } from '../support/browser.js';
import { connect, type TestSocket } from '../support/clients.js';
import { filterByLabel, logIn, passwordHash } from '../support/desk.js';
import { authenticatedActor, makeCounselor, makePerson } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';
import { said } from '../support/talk.js';

const house = openHouse();
let v: TestSocket;
let session: string;
let counselorId: string;
const LONG = 30_000;
const WHOLE = 240_000;

beforeAll(async () => {
  const { ctx, url } = house.node;
  const withPassword = { passwordHash: await passwordHash(ctx) };
  const counselor = await makeCounselor(ctx, 3, { username: 'lin-desk', name: '林悦', ...withPassword });
  counselorId = counselor.id;
  const visitor = await makePerson(ctx, 'VISITOR', { name: '小陈' });
  await makePerson(ctx, 'SYSTEM_ADMINISTRATOR', {
    username: 'admin-desk',
    name: '系统管理员',
    ...withPassword,
  });
  v = await connect(url, visitor.token);
  house.closes(v.close);
  session = (await v.must('conversation:open', { counselor: counselor.id })).id;
});

const at = (username: string) => logIn(house.browser, house.node.url, username);

test(
  'a canned reply is written once, then found by its pinyin and put in at the caret with the visitor’s name',
  async () => {
    const desk = await at('lin-desk');
    await by(desk, 'nav-replies').click();
    await by(desk, 'reply-add').click();
    await by(desk, 'reply-title').fill('慢慢说');
    await by(desk, 'reply-text').fill('{{来访者}}，不着急，慢慢说。');
    expect(await seriousFaults(desk.page)).toEqual([]);
    await by(desk, 'reply-save').click();
    await desk.page.getByRole('cell', { name: '慢慢说' }).first().waitFor({ timeout: LONG });
    await desk.page.getByRole('button', { name: '加星：慢慢说' }).click();
    expect(await seriousFaults(desk.page)).toEqual([]);

    await by(desk, 'nav-workbench').click();
    await by(desk, 'conversation-row').first().click();
    const box = by(desk, 'composer');
    await box.fill('您好。');
    await box.press('End');
    await box.pressSequentially(' /mms');
    await by(desk, 'canned-row').waitFor();
    expect(await seriousFaults(desk.page)).toEqual([]);
    // Enter chooses; it does not send what is half written.
    await box.press('Enter');
    await by(desk, 'canned').waitFor({ state: 'hidden' });
    expect(await box.inputValue()).toBe('您好。 小陈，不着急，慢慢说。');
    expect(v.heard('message:created').some(({ kind }) => kind === 'text')).toBe(false);
    await box.press('Enter');
    await v.hear('message:created', ({ text }) => text === '您好。 小陈，不着急，慢慢说。', LONG);
    await box.press('Alt+Shift+Digit1');
    expect(await box.inputValue()).toBe('小陈，不着急，慢慢说。');
    expect(desk.faults).toEqual([]);
    await desk.context.close();
  },
  WHOLE,
);

test(
  'words and days are found in a long thread and across one’s own; a draft stays with its conversation, unread is counted',
  async () => {
    const { ctx, url } = house.node;
    const today = dayOf(ctx.clock.now());
    const other = await makePerson(ctx, 'VISITOR', { name: '小周' });
    const w = await connect(url, other.token);
    const { id } = await w.must('conversation:open', { counselor: counselorId });
    const as = await authenticatedActor(ctx, other.token);
    for (let each = 1; each <= 130; each += 1)
      await acceptMessage(ctx, as, said(id, each === 3 ? '我怕黑，睡觉要开灯' : `第${String(each)}句`));

    const desk = await at('lin-desk');
    const row = (of: string) => desk.page.locator(`[data-testid=conversation-row][data-id="${of}"]`);
    const { page } = desk;
    const boxHolds = (text: string) =>
      until(async () => (await by(desk, 'composer').inputValue()) === text, `holds: ${text}`, LONG);
    await row(session).click();
    await by(desk, 'composer').fill('给小陈的草稿');
    await row(id).click();
    await boxHolds('');
    await by(desk, 'message').getByText('第130句').waitFor({ timeout: LONG });

    // Who stands at the last line stays there, whatever takes room from the thread.
    const room = () =>
      by(desk, 'thread').evaluate(({ scrollHeight, clientHeight, scrollTop }) => ({
        height: clientHeight,
        below: scrollHeight - clientHeight - scrollTop,
      }));
    const atEnd = async (lower: number, what: string) => {
      const at = async () => {
        const { height, below } = await room();
        return height < lower && below < 4;
      };
      await until(at, what, LONG);
      return (await room()).height;
    };
    const whole = await atEnd(Infinity, 'at the last line');
    const size = page.viewportSize() ?? { width: 1280, height: 720 };
    await page.setViewportSize({ ...size, height: size.height - 150 });
    const less = await atEnd(whole - 100, 'at the last line of the smaller window');
    await by(desk, 'composer').fill('一行\n'.repeat(6));
    await atEnd(less - 40, 'at the last line above the grown box');
    await by(desk, 'composer').fill('');
    await page.setViewportSize(size);

    await by(desk, 'composer').press('Control+f');
    await by(desk, 'find-box').fill('开灯');
    await by(desk, 'find-box').press('Enter');
    const found = by(desk, 'found');
    await found.getByText('我怕黑').waitFor({ timeout: LONG });
    const isSeen = async () => {
      const [row, thread] = [await found.boundingBox(), await by(desk, 'thread').boundingBox()];
      return !!row && !!thread && row.y >= thread.y && row.y + row.height <= thread.y + thread.height;
    };
    await until(isSeen, 'what was found is in sight', LONG);
    expect(await by(desk, 'hit').innerText()).toContain('睡觉要开灯');
    expect(await seriousFaults(page)).toEqual([]);
    await by(desk, 'find-day').fill(today);
    await by(desk, 'find-day').press('Enter');
    await found.getByTestId('system-line').or(found.getByText('第1句')).first().waitFor({ timeout: LONG });
    await by(desk, 'find-box').press('Escape');
    await by(desk, 'find').waitFor({ state: 'hidden' });
    await found.waitFor({ state: 'detached', timeout: LONG });

    await page.keyboard.press('Alt+s');
    await by(desk, 'search-own').fill('怕黑');
    await by(desk, 'search-own').press('Enter');
    await by(desk, 'search-told').waitFor({ timeout: LONG });
    expect(await seriousFaults(page)).toEqual([]);
    await page.goto(`${url}/console/#/workbench/${session}`);
    await boxHolds('给小陈的草稿');
    await by(desk, 'hit').click();
    await found.getByText('我怕黑').waitFor({ timeout: LONG });
    await until(isSeen, 'what was found is in sight again', LONG);

    // What is unread stands once in the title and in the icon, and goes when it is read.
    const icon = () => page.evaluate<string>("document.querySelector('link[rel=icon]').href");
    const quiet = await icon();
    await page.goto(`${url}/console/#/settings`);
    await w.must('message:send', said(id, '你还在吗'));
    await until(async () => (await page.title()).startsWith('(1) '), 'one unread in the title', LONG);
    await until(async () => (await icon()) !== quiet, 'a mark on the icon', LONG);
    await page.goto(`${url}/console/#/workbench/${id}`);
    await until(async () => !(await page.title()).startsWith('('), 'nothing unread', LONG);
    await until(async () => (await icon()) === quiet, 'no mark on the icon', LONG);

    await page.reload();
    await row(session).getByTestId('draft-mark').waitFor({ timeout: LONG });
    await row(session).click();
    await boxHolds('给小陈的草稿');
    const kept = () => page.evaluate<string>('JSON.stringify({ ...sessionStorage, ...localStorage })');
    expect(await kept()).toContain('给小陈的草稿');
    await by(desk, 'user-menu').click();
    await by(desk, 'logout').click();
    await by(desk, 'login-username').waitFor({ timeout: LONG });
    expect(await kept()).not.toContain('给小陈的草稿');
    await w.must('conversation:end', { conversationId: id });
    w.close();
    expect(desk.faults).toEqual([]);
    await desk.context.close();
  },
  WHOLE,
);

test(
  'a note is written beside the thread by the keyboard and stays there, a label marks the row and finds it; the visitor hears nothing',
  async () => {
    const desk = await at('lin-desk');
    await desk.page.goto(`${house.node.url}/console/#/workbench/${session}`);
    await by(desk, 'tab-notes').waitFor({ timeout: LONG });
    const heard = v.heard('message:created').length;
    await by(desk, 'composer').press('Alt+p');
    await by(desk, 'note-box').fill('下次先问睡眠');
    await by(desk, 'note-box').press('Enter');
    await by(desk, 'note').getByText('下次先问睡眠').waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);
    await desk.page.reload();
    await by(desk, 'tab-notes').click();
    await by(desk, 'note').getByText('下次先问睡眠').waitFor({ timeout: LONG });
    expect(v.heard('message:created').length).toBe(heard);

    await by(desk, 'tab-visitor').click();
    await by(desk, 'tag').filter({ hasText: '学业' }).click();
    const row = desk.page.locator(`[data-testid=conversation-row][data-id="${session}"]`);
    await row.getByTestId('row-tags').getByText('学业').waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);
    await desk.page.locator('#tab-history').click();
    await filterByLabel(desk, '睡眠');
    await row.waitFor({ state: 'hidden', timeout: LONG });
    await filterByLabel(desk, '学业');
    await row.waitFor({ timeout: LONG });
    expect(desk.faults).toEqual([]);
    await desk.context.close();
  },
  WHOLE,
);

/** In place of the desktop's own: what was told. */
const NOTICES = `window.told = []; window.Notification = class {
  static permission = 'granted';
  static requestPermission() { return Promise.resolve('granted'); }
  constructor(title, { body }) { window.told.push(body); }
}; Object.defineProperty(document, 'hidden', { get: () => window.away === true });`;

/** Every tone that the page begins, with how loud it becomes: the loudest ramp of the gain it goes through. */
const TONES = `window.tones = [];
const { connect } = AudioNode.prototype;
AudioNode.prototype.connect = function (to, ...rest) { this.into = to; return connect.call(this, to, ...rest); };
const ramp = AudioParam.prototype.linearRampToValueAtTime;
AudioParam.prototype.linearRampToValueAtTime = function (value, at) {
  this.loudest = Math.max(this.loudest ?? 0, value);
  return ramp.call(this, value, at);
};
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (at) {
  const heard = this.context.state === 'running' && this.into?.into === this.context.destination;
  if (heard) window.tones.push({ frequency: Math.round(this.frequency.value), loud: this.into.gain.loudest ?? 0 });
  return start.call(this, at);
};`;
interface Heard {
  frequency: number;
  loud: number;
}
const [MESSAGE, WAITING] = [587, 392];

test(
  'a counselor who looked away is told on the desktop of a message and of who waits, without names or words',
  async () => {
    const desk = await at('lin-desk');
    await desk.page.addInitScript(NOTICES);
    await desk.page.addInitScript(TONES);
    await desk.page.reload();
    const heard = async (frequency: number) =>
      (await desk.page.evaluate<Heard[]>('window.tones')).filter((tone) => tone.frequency === frequency);
    const sounds = (frequency: number, times: number, deadlineMs = LONG) =>
      until(async () => (await heard(frequency)).length >= times, `${String(times)} tones`, deadlineMs);
    await by(desk, 'nav-settings').click();
    await by(desk, 'desktop-notices').click();
    await by(desk, 'desktop-test').click();
    await by(desk, 'alert-scope').getByText('有人排队时也提醒').click();
    expect(await seriousFaults(desk.page)).toEqual([]);
    const told = (word: string) =>
      until(
        async () => (await desk.page.evaluate<string[]>('window.told')).includes(word),
        `told: ${word}`,
        LONG,
      );
    await told('有新的会谈');
    await desk.page.evaluate('window.away = true');
    // Nothing sounds while it is muted, and the next line does once it is not.
    await by(desk, 'mute').click();
    await v.must('message:send', said(session, '您在吗'));
    await told('有新消息');
    expect(await heard(MESSAGE)).toEqual([]);
    await by(desk, 'mute').click();
    await v.must('message:send', said(session, '我还在等'));
    await sounds(MESSAGE, 1);
    expect((await heard(MESSAGE))[0]?.loud).toBeGreaterThan(0.05);
    const { ctx, url } = house.node;
    // No place is left: whoever comes waits.
    await ctx.models.Duty.updateMany({}, { $set: { maxConsults: 1 } });
    const other = await makePerson(ctx, 'VISITOR');
    const w = await connect(url, other.token);
    await w.must('conversation:open', {});
    await told('有人在等待');
    // A pair of tones, and again after half a minute: nobody has taken them.
    await sounds(WAITING, 2);
    await sounds(WAITING, 4, 60_000);
    expect(Math.min(...(await heard(WAITING)).map(({ loud }) => loud))).toBeGreaterThan(0.05);
    w.close();
    expect(desk.faults).toEqual([]);
    await desk.context.close();
  },
  WHOLE,
);

test(
  'an administrator checks the audit, keeps sessions longer, holds one, adds a webhook and looks at Tencent IM',
  async () => {
    const desk = await at('admin-desk');
    await by(desk, 'nav-house').click();
    await by(desk, 'audit-check').click();
    await by(desk, 'audit-verdict').getByText('链条完整').waitFor({ timeout: LONG });
    await desk.page.getByRole('cell', { name: '查看审计' }).first().waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);

    await by(desk, 'tab-retention').click();
    await by(desk, 'retention-conversation').fill('4000');
    await by(desk, 'retention-conversation').press('Tab');
    await by(desk, 'retention-save').click();
    await by(desk, 'retention-confirm').click();
    await desk.page.getByText('保存期限已修改').waitFor({ timeout: LONG });
    await by(desk, 'hold-open').click();
    await by(desk, 'whose-id').fill(session);
    await by(desk, 'whose-reference').fill('沪〔2026〕1号');
    expect(await seriousFaults(desk.page)).toEqual([]);
    await by(desk, 'whose-confirm').click();
    await desk.page.getByRole('cell', { name: '沪〔2026〕1号' }).waitFor({ timeout: LONG });

    await by(desk, 'tab-webhooks').click();
    await by(desk, 'webhook-add').click();
    await by(desk, 'webhook-url').fill('https://hooks.example.com/in');
    await by(desk, 'webhook-save').click();
    await by(desk, 'webhook-secret').getByText('whsec_').waitFor({ timeout: LONG });
    await desk.page.getByRole('button', { name: '我已保存' }).click();
    await desk.page.getByRole('cell', { name: 'https://hooks.example.com/in' }).waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);

    await by(desk, 'tab-tencent').click();
    await by(desk, 'im-compare').waitFor();
    expect(await seriousFaults(desk.page)).toEqual([]);
    const { ctx } = house.node;
    expect((await ctx.models.Policy.findById('ecnu').lean())?.retention).toMatchObject({
      conversation: { maxDays: 4000 },
    });
    expect(desk.faults).toEqual([]);
    await desk.context.close();
  },
  WHOLE,
);

test(
  'the roster of next week: days by a drag, taken back, one by the keyboard, fixed days for a person',
  async () => {
    const desk = await at('admin-desk');
    const { Arrange } = house.node.ctx.models;
    await by(desk, 'nav-roster').click();
    await by(desk, 'roster-span').getByText('一周').click();
    await by(desk, 'day-after').click();
    const cells = by(desk, 'week-COUNSELOR').getByTestId('week-cell');
    await cells.first().waitFor({ timeout: LONG });
    const onDuty = () => Arrange.countDocuments({ removed: false });
    const before = await onDuty();
    const planned = (count: number) =>
      until(async () => (await onDuty()) === before + count, `${String(count)} planned`, LONG);
    const pressed = (count: number) =>
      until(
        async () => (await by(desk, 'week-COUNSELOR').locator('[aria-pressed=true]').count()) === count,
        `${String(count)} shown`,
        LONG,
      );
    await cells.nth(1).hover();
    await desk.page.mouse.down();
    await cells.nth(2).hover();
    await cells.nth(3).hover();
    await desk.page.mouse.up();
    await planned(3);
    await pressed(3);
    // At once: the offer to take it back goes away by itself.
    await by(desk, 'roster-undo').click();
    await planned(0);
    await pressed(0);
    await cells.nth(4).focus();
    await desk.page.keyboard.press('Space');
    await planned(1);
    await by(desk, 'week-COUNSELOR').getByTestId('weekly').first().click();
    await desk.page.getByRole('checkbox', { name: '周一' }).check();
    await by(desk, 'rule-save').click();
    await pressed(2);
    expect(await seriousFaults(desk.page)).toEqual([]);
    expect(desk.faults).toEqual([]);
    await desk.context.close();
  },
  WHOLE,
);

test(
  'a desk that nobody touches asks next to nothing of the server',
  async () => {
    const desk = await at('lin-desk');
    await desk.page.getByText('已连接').first().waitFor({ timeout: LONG });
    await desk.page.waitForLoadState('networkidle');
    const asked: string[] = [];
    desk.page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      // The look at what was sent by SMS or mail, which there is in development alone.
      if (!pathname.includes('outbox')) asked.push(pathname);
    });
    const seconds = 40;
    const begun = performance.now();
    await until(() => performance.now() - begun > seconds * 1_000, 'it lies idle', (seconds + 20) * 1_000);
    // What was complained of was nine in this time from each of thirty desks; a few shows which they are.
    expect(asked.length > 2 ? asked : []).toEqual([]);
    await desk.context.close();
  },
  WHOLE,
);
