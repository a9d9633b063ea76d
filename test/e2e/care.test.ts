/** Supervision and care at the desk: calls, transfers, scale and record, a high-risk case until it is closed. */
import { beforeAll, expect, test } from '@jest/globals';
import type { Conversation } from '../../contract/conversation.js';
import { by, seriousFaults, type Window } from '../support/browser.js';
import { connect, http, type TestSocket } from '../support/clients.js';
import { logIn, passwordHash } from '../support/desk.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';

const house = openHouse();
let supervisor: Person;
let desk: Window;
let counselor: Person;
let session: string;
let v: TestSocket;
let s: TestSocket;
/** Dozens of steps in a browser: on a slow machine more than the usual minute. */
const WHOLE = 240_000;
const LONG = 30_000;

beforeAll(async () => {
  const { ctx, url } = house.node;
  const withPassword = { passwordHash: await passwordHash(ctx) };
  supervisor = await makePerson(ctx, 'SUPERVISOR', { username: 'gu-care', name: '顾文静', ...withPassword });
  const supervisors = [supervisor.user._id];
  counselor = await makeCounselor(ctx, 3, {
    username: 'lin-care',
    name: '林悦',
    ...withPassword,
    supervisors,
  });
  await makeCounselor(ctx, 3, { username: 'zhou-care', name: '周宁', ...withPassword });
  const visitor = await makePerson(ctx, 'VISITOR', { name: '小陈' });
  v = await connect(url, visitor.token);
  s = await connect(url, supervisor.token);
  house.closes(v.close);
  house.closes(s.close);
  session = (await v.must('conversation:open', { counselor: counselor.id })).id;
  desk = await at('lin-care');
});

const at = (username: string) => logIn(house.browser, house.node.url, username);

/** An option of an antd select. */
async function choose(window: Window, id: string, words: string): Promise<void> {
  await by(window, id).locator('input').fill(words);
  await window.page
    .locator('.ant-select-item-option-active', { hasText: words })
    .waitFor({ state: 'attached' });
  await by(window, id).locator('input').press('Enter');
}

test(
  'a counselor calls a supervisor, sees who comes, and reads what is whispered',
  async () => {
    await by(desk, 'conversation-row').first().click();
    await by(desk, 'conversation').waitFor();
    await desk.page.keyboard.press('Alt+H');
    await by(desk, 'supervise-confirm').click();
    await by(desk, 'tab-support').click();
    await by(desk, 'call').waitFor();
    const { conversationId: thread } = await s.hear('supervision:requested', () => true);
    const { url } = house.node;
    const accepted = await http(url, 'POST', `/api/v1/supervisions/${thread}/accept`, {
      token: supervisor.token,
      json: {},
    });
    expect(accepted.body.code).toBe(0);
    await desk.page.locator('[data-testid=call][data-state=ACCEPTED]').waitFor({ timeout: LONG });
    await desk.page.getByRole('tab', { name: '来访者' }).click();
    await http(url, 'POST', `/api/v1/conversations/${session}/whisper`, {
      token: supervisor.token,
      json: { clientMsgId: 'whisper-of-care', text: '先问问作息' },
    });
    await by(desk, 'whisper-strip').getByText('先问问作息').waitFor({ timeout: LONG });
    await by(desk, 'whisper-seen').click();
    await by(desk, 'whisper-strip').waitFor({ state: 'hidden' });
    await by(desk, 'tab-support').click();
    await by(desk, 'support-say').fill('好的，谢谢');
    await by(desk, 'support-say').press('Enter');
    await s.hear('message:created', ({ text }) => text === '好的，谢谢');
    expect(v.heard('message:created').some(({ kind }) => kind === 'whisper')).toBe(false);
    expect(await seriousFaults(desk.page)).toEqual([]);
  },
  WHOLE,
);

test(
  'a warm transfer: asked by name with a note, accepted at the other desk, the former counselor stays and leaves',
  async () => {
    const other = await at('zhou-care');
    // A window in the background draws no dialog.
    await desk.page.bringToFront();
    await desk.page.keyboard.press('Alt+R');
    await choose(desk, 'transfer-whom', '周宁');
    await by(desk, 'note-state').fill('睡不好，已谈过作息');
    expect(await seriousFaults(desk.page)).toEqual([]);
    await by(desk, 'transfer-confirm').click();
    await by(desk, 'transfer-standing').waitFor({ timeout: LONG });
    await by(other, 'incoming').getByText('睡不好，已谈过作息').waitFor({ timeout: LONG });
    expect(await seriousFaults(other.page)).toEqual([]);
    await by(other, 'incoming-accept').click();
    await by(other, 'conversation').waitFor({ timeout: LONG });
    await by(desk, 'overlap').waitFor({ timeout: LONG });
    // Both may speak until the former one leaves.
    await by(desk, 'composer').fill('周老师会陪你继续');
    await by(desk, 'composer').press('Enter');
    await v.hear('message:created', ({ text }) => text === '周老师会陪你继续');
    await by(desk, 'end-overlap').click();
    await by(desk, 'composer').waitFor({ state: 'hidden', timeout: LONG });
    const { body } = await http(house.node.url, 'GET', `/api/v1/conversations/${session}`, {
      token: supervisor.token,
    });
    expect((body.result as Conversation).counselor?.name).toBe('周宁');
    await until(() => v.heard('message:created').some(({ event }) => event === 'left'), 'told', LONG);
    expect([...desk.faults, ...other.faults]).toEqual([]);
    await other.context.close();
  },
  WHOLE,
);

test(
  'the scale in a session and the record after it; a record that is missing for a day is written from the list',
  async () => {
    await v.must('conversation:end', { conversationId: session });
    session = (await v.must('conversation:open', { counselor: counselor.id })).id;
    await desk.page.bringToFront();
    await desk.page.locator(`[data-testid=conversation-row][data-id="${session}"]`).click();
    await by(desk, 'tab-risk').click();
    await by(desk, 'scale-open').click();
    for (const group of await desk.page.locator('[data-testid^="scale-"].ant-radio-group').all())
      await group.locator('label').first().click();
    await by(desk, 'scale').locator('[data-testid=band][data-band=low]').waitFor();
    expect(await seriousFaults(desk.page)).toEqual([]);
    await by(desk, 'scale-save').click();
    await by(desk, 'scales').locator('[data-testid=band][data-band=low]').waitFor({ timeout: LONG });

    await by(desk, 'end').click();
    await by(desk, 'end-confirm').click();
    // What is to be done now stands in front, and what was typed survives a reload.
    await by(desk, 'tab-visitor').click();
    await by(desk, 'tab-record').click();
    await by(desk, 'record-complaint').fill('考试前睡不着');
    await desk.page.reload();
    await by(desk, 'record-complaint').waitFor({ timeout: LONG });
    expect(await by(desk, 'record-complaint').inputValue()).toBe('考试前睡不着');
    expect(await seriousFaults(desk.page)).toEqual([]);
    const ended = new Date(house.node.ctx.clock.now() - 26 * 3_600_000);
    await house.node.ctx.models.Conversation.updateOne({ _id: session }, { $set: { endAt: ended } });
    await by(desk, 'nav-records').click();
    await by(desk, 'view-missing').click();
    await by(desk, 'missing-open').waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);
    await by(desk, 'missing-open').click();
    await by(desk, 'record-course').fill('一起看了作息与压力');
    await choose(desk, 'record-disposition', '心理咨询');
    await by(desk, 'record-save').click();
    await by(desk, 'record-words').getByText('考试前睡不着').waitFor({ timeout: LONG });
    const row = await house.node.ctx.models.SessionRecord.findById(session).lean().orFail();
    expect(row).toMatchObject({ disposition: 'COUNSELING', noBand: null });
    expect(desk.faults).toEqual([]);
  },
  WHOLE,
);

test(
  'a case from the scale to its end: plan at the desk, signature and second signature of the supervisor, a follow-up done',
  async () => {
    session = (await v.must('conversation:open', { counselor: counselor.id })).id;
    await desk.page.bringToFront();
    await by(desk, 'nav-workbench').click();
    await desk.page.locator(`[data-testid=conversation-row][data-id="${session}"]`).click();
    await v.must('message:send', {
      conversationId: session,
      clientMsgId: 'words-of-care',
      kind: 'text',
      text: '有时候不想活了',
    });
    await by(desk, 'tab-risk').click();
    await by(desk, 'marks').getByText('有时候不想活了').waitFor({ timeout: LONG });
    await by(desk, 'scale-open').click();
    for (const group of await desk.page.locator('[data-testid^="scale-"].ant-radio-group').all())
      await group.locator('label').last().click();
    await by(desk, 'scale-save').click();
    await by(desk, 'plan-edit').click();
    await by(desk, 'plan-text').fill('今晚由室友陪同，收起药物');
    await by(desk, 'plan-save').click();
    await by(desk, 'plan').getByText('今晚由室友陪同，收起药物').waitFor({ timeout: LONG });
    expect(await by(desk, 'case-close').isDisabled()).toBe(true);
    await by(desk, 'disclose').click();
    await choose(desk, 'disclosure-to', '学校');
    await by(desk, 'disclosure-whom').fill('辅导员 王老师');
    await by(desk, 'disclosure-reason').fill('有具体计划，需要有人陪同');
    await by(desk, 'disclosure-save').click();
    await by(desk, 'disclosure').waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);

    const above = await at('gu-care');
    await by(above, 'nav-risk').click();
    await by(above, 'tab-sign-offs').click();
    await by(above, 'case-open').click();
    await by(above, 'case-sign').click();
    await by(above, 'case-sign-confirm').click();
    await by(above, 'case-signed').getByText('顾文静').waitFor({ timeout: LONG });
    await by(above, 'disclosure-sign').click();
    await by(above, 'disclosure').getByText('第二人已签署').waitFor({ timeout: LONG });
    await by(above, 'follow-up').first().getByTestId('settle').click();
    await choose(above, 'settle-outcome', '好转');
    await by(above, 'settle-save').click();
    await above.page.locator('[data-testid=follow-up][data-state=DONE]').waitFor({ timeout: LONG });
    expect(await seriousFaults(above.page)).toEqual([]);
    await by(above, 'case-close').click();
    await by(above, 'case-close-confirm').click();
    await above.page.locator('[data-testid=risk-case][data-status=CLOSED]').waitFor({ timeout: LONG });
    await above.page.locator('.ant-drawer-close').click();
    await by(above, 'tab-follow-ups').click();
    await above.page.getByText('一个月').first().waitFor({ timeout: LONG });
    expect(await seriousFaults(above.page)).toEqual([]);
    expect([...desk.faults, ...above.faults]).toEqual([]);
    await above.context.close();
  },
  WHOLE,
);

test(
  'a finished session is reviewed and supervision written down; the counselor reads both, and sees what they carry',
  async () => {
    const over = { counselor: counselor.user._id, type: 'COUNSELING_SESSION', endAt: { $ne: null } } as const;
    const reviewed = await house.node.ctx.models.Conversation.findOne(over).lean().orFail();
    const above = await at('gu-care');
    await above.page.goto(`${house.node.url}/console/#/records/${reviewed._id.toHexString()}`);
    await by(above, 'review-write').click();
    await by(above, 'points-LISTENING').locator('.ant-rate-star').nth(3).click();
    await by(above, 'review-comment').fill('倾听很稳，结束前可以多问一句安全');
    expect(await seriousFaults(above.page)).toEqual([]);
    await by(above, 'review-save').click();
    await by(above, 'review').getByText('倾听与共情 4').waitFor({ timeout: LONG });

    await desk.page.bringToFront();
    await desk.page.getByText('督导评阅了您的一场会谈').waitFor({ timeout: LONG });
    await by(desk, 'nav-care').click();
    await desk.page.getByRole('cell', { name: '林悦' }).waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);
    await by(desk, 'tab-reviews').click();
    await by(desk, 'review-open').click();
    await by(desk, 'review').getByText('倾听很稳，结束前可以多问一句安全').waitFor({ timeout: LONG });
    await by(desk, 'review-read').click();
    await by(desk, 'review-read').waitFor({ state: 'hidden', timeout: LONG });

    await above.page.bringToFront();
    await above.page.locator('.ant-drawer-close').click();
    await by(above, 'nav-care').click();
    await by(above, 'tab-log').click();
    await by(above, 'log-add').click();
    await choose(above, 'log-counselors', '林悦');
    await by(above, 'log-words').fill('谈了高风险会谈之后的休息');
    expect(await seriousFaults(above.page)).toEqual([]);
    await by(above, 'log-save').click();
    await by(above, 'log-open').waitFor({ timeout: LONG });
    await desk.page.bringToFront();
    await desk.page.locator('.ant-drawer-close').click();
    await by(desk, 'nav-care').click();
    await by(desk, 'tab-log').click();
    await by(desk, 'log-open').click();
    await desk.page.getByText('谈了高风险会谈之后的休息').waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);
    expect([...desk.faults, ...above.faults]).toEqual([]);
    await above.context.close();
  },
  WHOLE,
);
