/** Supervisor and administrator at their desks: stepping into a session, exporting it, adding a counselor, figures. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hashPassword, md5OfClear } from '../../services/account/password.js';
import { startHotline, type Hotline } from '../support/app.js';
import { DESK, launch, openWindow, type Window } from '../support/browser.js';
import { connect, type TestSocket } from '../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';

let hotline: Hotline;
let browser: Browser;
let supervisor: Person;
let visitor: Person;
let v: TestSocket;
let session: string;
const LONG = 30_000;
/** Dozens of steps in a browser: on a slow machine more than the usual minute. */
const WHOLE = 240_000;
const PASSWORD = 'desk-password-of-tests';
const by = (window: Window, id: string) => window.page.getByTestId(id);

beforeAll(async () => {
  hotline = await startHotline();
  browser = await launch();
  const { ctx, url } = hotline.node;
  const passwordHash = await hashPassword(ctx, md5OfClear(PASSWORD));
  supervisor = await makePerson(ctx, 'SUPERVISOR', { username: 'gu-e2e', name: '顾文静', passwordHash });
  await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', {
    username: 'guanli-e2e',
    name: '管理员',
    passwordHash,
  });
  const counselor = await makeCounselor(ctx, 3, { name: '林悦', supervisors: [supervisor.user._id] });
  visitor = await makePerson(ctx, 'VISITOR', { name: '小陈' });
  v = await connect(url, visitor.token);
  session = (await v.must('conversation:open', { counselor: counselor.id })).id;
  await v.must('message:send', {
    conversationId: session,
    clientMsgId: 'first-words-of-e2e',
    kind: 'text',
    text: '最近总是睡不好',
  });
});
afterAll(async () => {
  v.close();
  await browser.close();
  await hotline.stop();
});

async function logIn(username: string): Promise<Window> {
  const desk = await openWindow(browser, hotline.node.url, DESK);
  await desk.page.goto(`${hotline.node.url}/console/`);
  await by(desk, 'login-username').fill(username);
  await by(desk, 'login-password').fill(PASSWORD);
  await by(desk, 'login-submit').click();
  await by(desk, 'console').waitFor();
  return desk;
}

test(
  'a supervisor sees the session on the wall, watches it unseen, joins in and leaves',
  async () => {
    const desk = await logIn('gu-e2e');
    await by(desk, 'nav-supervision').click();
    await by(desk, 'light-load').waitFor();
    await desk.page.getByText('小陈').first().waitFor();
    await by(desk, 'wall-open').click();
    await by(desk, 'step-WATCH').click();
    await desk.page.getByText('最近总是睡不好', { exact: true }).waitFor({ timeout: LONG });
    await by(desk, 'whisper').fill('慢一点，先问作息');
    await by(desk, 'whisper-send').click();
    await desk.page.getByText('已提醒咨询师').waitFor();
    const heard = v.heard('message:created').length;
    await by(desk, 'step-CO_CHAT').click();
    await by(desk, 'composer').waitFor({ timeout: LONG });
    await by(desk, 'composer').fill('我是督导顾老师');
    await by(desk, 'composer').press('Enter');
    // The visitor hears who speaks, and never the whisper.
    await until(
      () => v.heard('message:created').some(({ text }) => text === '我是督导顾老师'),
      'the visitor hears the supervisor',
      LONG,
    );
    expect(v.heard('message:created').length).toBeGreaterThan(heard);
    expect(v.heard('message:created').some(({ text }) => text === '慢一点，先问作息')).toBe(false);
    await by(desk, 'step-out').click();
    await until(
      async () => (await by(desk, 'supervised').getAttribute('data-rung')) === 'OUT',
      'outside again',
      LONG,
    );
    expect(desk.faults).toEqual([]);
  },
  WHOLE,
);

test(
  'an administrator exports a session, adds a counselor who can be edited, and sees the figures',
  async () => {
    const desk = await logIn('guanli-e2e');
    await desk.page.getByText('小陈').first().waitFor();
    await desk.page.locator('tbody .ant-table-selection-column label').first().click();
    await by(desk, 'export').click();
    await by(desk, 'export-confirm').click();
    await by(desk, 'export-download').waitFor({ timeout: 60_000 });
    const [download] = await Promise.all([
      desk.page.waitForEvent('download'),
      by(desk, 'export-download').click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.pdf$/);
    expect(await download.failure()).toBeNull();

    await by(desk, 'nav-staff').click();
    await by(desk, 'staff-add').click();
    await by(desk, 'staff-username').fill('zhou-e2e');
    await by(desk, 'staff-password').fill('first-password-of-zhou');
    await by(desk, 'staff-name').fill('周宁');
    await by(desk, 'staff-save').click();
    const row = desk.page.locator('tr', { hasText: 'zhou-e2e' });
    await row.waitFor({ timeout: LONG });
    await row.getByTestId('staff-edit').click();
    await by(desk, 'staff-title').fill('心理咨询师');
    await by(desk, 'staff-save').click();
    await row.filter({ hasText: '心理咨询师' }).waitFor({ timeout: LONG });

    await by(desk, 'nav-reports').click();
    await by(desk, 'report').locator('[role=img][aria-label] svg').first().waitFor({ timeout: 60_000 });
    expect(desk.faults).toEqual([]);
  },
  WHOLE,
);
