/** Supervisor and administrator at their desks: stepping into a session, exporting it, adding a counselor, figures. */
import { beforeAll, expect, test } from '@jest/globals';
import { endConversation } from '../../services/conversation/end.js';
import { setPolicy } from '../../services/policy/policy.js';
import { saveSessionRecord } from '../../services/session-record/save.js';
import { by, foreignNames, seriousFaults } from '../support/browser.js';
import { connect, type TestSocket } from '../support/clients.js';
import { filterByLabel, logIn, passwordHash } from '../support/desk.js';
import { authenticatedActor, makeCounselor, makePerson, type Person } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';

const house = openHouse();
let supervisor: Person;
let visitor: Person;
let v: TestSocket;
let session: string;
const LONG = 30_000;
/** Dozens of steps in a browser: on a slow machine more than the usual minute. */
const WHOLE = 240_000;

beforeAll(async () => {
  const { ctx, url } = house.node;
  const withPassword = { passwordHash: await passwordHash(ctx) };
  supervisor = await makePerson(ctx, 'SUPERVISOR', { username: 'gu-e2e', name: '顾文静', ...withPassword });
  await makePerson(ctx, 'SYSTEM_ADMINISTRATOR', { username: 'xitong-e2e', name: '系统', ...withPassword });
  await setPolicy(ctx, 'other', { sessionTags: ['家庭'] });
  await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', {
    username: 'guanli-e2e',
    name: '管理员',
    ...withPassword,
  });
  const counselor = await makeCounselor(ctx, 3, { name: '林悦', supervisors: [supervisor.user._id] });
  await heldByNamesake();
  visitor = await makePerson(ctx, 'VISITOR', { name: '小陈' });
  v = await connect(url, visitor.token);
  house.closes(v.close);
  session = (await v.must('conversation:open', { counselor: counselor.id })).id;
  await setPolicy(ctx, 'ecnu', { sessionTags: ['睡眠', '学业'] });
  await ctx.models.Conversation.updateOne({ _id: session }, { tags: ['睡眠'] });
  await recordCrisis(counselor);
  await v.must('message:send', {
    conversationId: session,
    clientMsgId: 'first-words-of-e2e',
    kind: 'text',
    text: '最近总是睡不好',
  });
});

/** A session of another counselor who has the same name. */
async function heldByNamesake(): Promise<void> {
  const { ctx, url } = house.node;
  const namesake = await makeCounselor(ctx, 1, { name: '林悦' });
  const other = await makePerson(ctx, 'VISITOR', { name: '小吴' });
  const socket = await connect(url, other.token);
  await socket.must('conversation:open', { counselor: namesake.id });
  socket.close();
}

/** A session that is over and recorded as a crisis. */
async function recordCrisis(counselor: Person): Promise<void> {
  const { ctx, url } = house.node;
  const other = await makePerson(ctx, 'VISITOR', { name: '小周' });
  const socket = await connect(url, other.token);
  const { id } = await socket.must('conversation:open', { counselor: counselor.id });
  socket.close();
  await endConversation(ctx, await authenticatedActor(ctx, other.token), id);
  await saveSessionRecord(ctx, await authenticatedActor(ctx, counselor.token), {
    ...{ id, disposition: 'CRISIS', noBand: 'NOT_INDICATED', template: 'hotline-1' },
    fields: { complaint: '深夜来电', course: '稳定情绪' },
  });
}

const at = (username: string) => logIn(house.browser, house.node.url, username);

test(
  'a supervisor sees the session on the wall, watches it unseen, joins in and leaves',
  async () => {
    const desk = await at('gu-e2e');
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
  'an administrator exports a session, adds a counselor who can be edited, sees the figures and changes a rule',
  async () => {
    const desk = await at('guanli-e2e');
    await desk.page.getByText('小陈').first().waitFor();
    // Labels stand in the list and filter it.
    await desk.page.locator('tr', { hasText: '小陈' }).getByTestId('row-tags').getByText('睡眠').waitFor();
    await filterByLabel(desk, '学业');
    await desk.page.locator('tr', { hasText: '小陈' }).waitFor({ state: 'detached', timeout: LONG });
    await filterByLabel(desk, '睡眠');
    await desk.page.locator('tr', { hasText: '小陈' }).waitFor({ timeout: LONG });
    await desk.page.getByLabel('选择第 1 行').check();
    await desk.page.getByLabel('全选本页').first().waitFor();
    expect(await foreignNames(desk.page)).toEqual([]);
    await by(desk, 'export').click();
    await by(desk, 'export-confirm').waitFor();
    expect(await foreignNames(desk.page)).toEqual([]);
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
    expect(await foreignNames(desk.page)).toEqual([]);
    // Beside them: the places that a day asks for, and the kinds of contact.
    await by(desk, 'staffing').locator('[role=img][aria-label$=席位] svg').first().waitFor({ timeout: LONG });
    await by(desk, 'contacts')
      .locator('[role=img][aria-label^=来访类别] svg')
      .first()
      .waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);

    // A figure opens the list of what it counts: a counselor's row, and by the keyboard the bar of today.
    await by(desk, 'report-counselor').first().click();
    await desk.page.locator('tr', { hasText: '小陈' }).first().waitFor({ timeout: LONG });
    expect(await by(desk, 'filter-counselor').inputValue()).toBe('林悦');
    // The person's alone, not those of whoever has the name.
    expect(await desk.page.locator('tr', { hasText: '小吴' }).count()).toBe(0);
    await by(desk, 'nav-reports').click();
    const bars = by(desk, 'report').getByTestId('chart-opens');
    await bars.waitFor({ timeout: LONG });
    for (let day = 0; day < 13; day += 1) await bars.press('ArrowRight');
    await bars.press('Enter');
    await desk.page.locator('tr', { hasText: '小陈' }).first().waitFor({ timeout: LONG });
    expect(desk.page.url()).toMatch(/#\/records\?from=(\d{4}-\d\d-\d\d)&to=\1$/);
    // The bar of a kind of contact opens its records alone; the filter stands there and can be cleared.
    await by(desk, 'nav-reports').click();
    const kinds = by(desk, 'contacts').getByTestId('chart-opens');
    await kinds.press('ArrowRight');
    await desk.page
      .locator('[data-testid=contacts] [aria-valuetext="危机干预 1"]')
      .waitFor({ timeout: LONG });
    await kinds.press('Enter');
    await desk.page.locator('tr', { hasText: '小陈' }).waitFor({ state: 'detached', timeout: LONG });
    await desk.page.locator('tr', { hasText: '小周' }).waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);
    expect(desk.page.url()).toMatch(/#\/records\?from=[\d-]{10}&to=[\d-]{10}&disposition=CRISIS$/);
    await by(desk, 'filter-disposition').getByText('危机干预', { exact: true }).waitFor();
    await desk.page.getByRole('button', { name: '清除筛选' }).click();
    await desk.page.locator('tr', { hasText: '小陈' }).waitFor({ timeout: LONG });
    // An hour to come opens the roster of its day.
    await by(desk, 'nav-reports').click();
    await by(desk, 'staffing').getByTestId('chart-opens').press('Enter');
    await by(desk, 'roster-COUNSELOR').waitFor({ timeout: LONG });
    const day = /#\/roster\?day=(\d{4}-\d\d-\d\d)$/.exec(desk.page.url())?.[1] ?? '';
    expect(await desk.page.getByLabel('日期', { exact: true }).inputValue()).toBe(day);

    await by(desk, 'nav-policies').click();
    await by(desk, 'intake-text').first().fill('这几天睡得怎么样？');
    await desk.page.getByLabel('结束后保留名额写记录').fill('120');
    await by(desk, 'policy-save').click();
    await desk.page.getByText('规则已保存').waitFor({ timeout: LONG });
    expect(await house.node.ctx.policies.get('ecnu')).toMatchObject({
      ...{ wrapUpSeconds: 120, consent: 'tap' },
      intakeQuestions: [{ id: 'thoughts', text: '这几天睡得怎么样？' }, { id: 'danger' }],
    });
    expect(await seriousFaults(desk.page)).toEqual([]);

    // The text that visitors agree to: written beside what they will see, the one before stays readable.
    await by(desk, 'nav-house').click();
    await by(desk, 'tab-consent').click();
    await by(desk, 'consent-write').click();
    await by(desk, 'consent-text').fill('一、保密原则\n二、<b>保密例外</b>');
    await by(desk, 'consent-editor').locator('.rich-text', { hasText: '<b>保密例外</b>' }).waitFor();
    expect(await seriousFaults(desk.page)).toEqual([]);
    await by(desk, 'consent-publish').click();
    await by(desk, 'consent-confirm').click();
    await desk.page
      .locator('tr', { hasText: 'hotline-2' })
      .filter({ hasText: '现行' })
      .waitFor({ timeout: LONG });
    await desk.page.locator('tr', { hasText: 'hotline-1' }).getByTestId('consent-read').click();
    await desk.page.locator('.ant-drawer .rich-text', { hasText: '司法机构强制要求配合' }).waitFor();
    expect(desk.faults).toEqual([]);
  },
  WHOLE,
);

test(
  'a system administrator looks after any house, and filters by the labels of all of them',
  async () => {
    const labels = async (username: string) => {
      const desk = await at(username);
      await by(desk, 'nav-records').click();
      await by(desk, 'filter-tag').click({ timeout: LONG });
      const options = desk.page.locator('.ant-select-dropdown .ant-select-item-option-content');
      await options.getByText('睡眠').waitFor({ timeout: LONG });
      return { desk, found: await options.allInnerTexts() };
    };
    const own = await labels('guanli-e2e');
    expect(own.found).not.toContain('家庭');
    await by(own.desk, 'nav-house').click();
    await by(own.desk, 'tab-webhooks').click();
    await by(own.desk, 'webhook-add').waitFor({ timeout: LONG });
    expect(await by(own.desk, 'which-house').count()).toBe(0);
    await own.desk.context.close();

    const { desk, found } = await labels('xitong-e2e');
    expect(found).toEqual(expect.arrayContaining(['睡眠', '学业', '家庭']));
    await desk.page.keyboard.press('Escape');
    await by(desk, 'nav-house').click();
    await by(desk, 'tab-webhooks').click();
    await by(desk, 'which-house').click();
    await desk.page.getByTitle('另一机构', { exact: true }).click();
    await by(desk, 'webhook-add').click({ timeout: LONG });
    await by(desk, 'webhook-url').fill('https://hooks.example.com/of-the-other');
    await by(desk, 'webhook-save').click();
    await by(desk, 'webhook-secret').waitFor({ timeout: LONG });
    await desk.page.getByRole('button', { name: '我已保存' }).click();
    const made = await house.node.ctx.models.Webhook.find({}, { institution: 1 }).lean();
    expect(made.map(({ institution }) => institution)).toEqual(['other']);
    // Every list of a house answers for the one that was chosen.
    for (const [tab, shown] of [
      ['retention', 'retention-save'],
      ['consent', 'consent-write'],
      ['audit', 'audit-check'],
    ] as const) {
      await by(desk, `tab-${tab}`).click();
      await by(desk, shown).waitFor({ timeout: LONG });
    }
    // The chain of that house alone: what was done in it just now is its first entry.
    await desk.page.locator('tr', { hasText: 'webhook:' }).first().waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);

    const rules = () => Promise.all(['ecnu', 'other'].map((code) => house.node.ctx.policies.get(code)));
    const before = await rules();
    await by(desk, 'nav-policies').click();
    await by(desk, 'which-house').click({ timeout: LONG });
    await desk.page.getByTitle('另一机构', { exact: true }).click();
    await by(desk, 'rule-wishWaitMinutes').fill('7', { timeout: LONG });
    await by(desk, 'policy-save').click();
    await until(async () => (await rules())[1]?.wishWaitMinutes === 7, 'the rule of the other house');
    expect((await rules())[0]).toEqual(before[0]);
    expect(desk.faults).toEqual([]);
    await desk.context.close();
  },
  WHOLE,
);
