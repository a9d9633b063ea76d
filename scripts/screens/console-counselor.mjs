/** A counselor's console: the desk with a running session, and every page behind the rail. */
import { choose, isQuiet, isThere, listOf, turnTo } from './console.mjs';
import { signIn, tell } from './people.mjs';

const TALK = [
  ['v', '老师你好，最近总是睡不好，白天上课没有精神。'],
  ['c', '你好，我在。这样多久了？睡不着的时候，脑子里转的大概是些什么？'],
  ['v', '快三个星期了。主要是考研，还有和室友的关系。'],
  ['c', '两件事都压在心上，确实很累。我们先说说哪一件？'],
  ['v', '先说室友吧。她最近都不跟我说话，我不知道哪里做错了。'],
];

const DAY_MS = 24 * 60 * 60_000;

const LEFT = [
  ['我想约周三下午聊聊，最近和室友处不好。', '微信 demo-07'],
  ['有时候不想活了，不知道还能跟谁说。', '晚上八点后可以打电话'],
];

export const desk = listOf('desk', atTheDesk);
export const counselor = listOf('counselor', walk);

/** From the log-in to the record of a session. */
async function atTheDesk(stage) {
  const { shoot } = stage;
  const page = await stage.logIn(stage.run.demo.counselors[0], 'log-in');
  const by = (id) => page.getByTestId(id);
  await isThere(page);
  await shoot(page, 'before-duty');
  await by('presence-switch').click();
  await by('presence-online').waitFor();
  await shoot(page, 'presence');
  await by('presence-online').click();
  await page.locator('[data-testid=presence-switch][data-state=online]').waitFor();
  const { id, visitor } = await session(stage, page);
  await talking(stage, page);
  await afterwards(stage, page, id, visitor);
}

/** Every page behind the rail. */
async function walk(stage) {
  // While nobody is on line; refused where an earlier run left somebody there.
  for (const [at, [text, contact]] of LEFT.entries()) {
    const visitor = await stage.visit(['阿宁', '橘子'][at]);
    await visitor.leaveMessage(text, contact).catch(() => undefined);
  }
  const [login] = stage.run.demo.counselors;
  await ordered(stage, login);
  await pages(stage, await stage.logIn(login));
}

/** As many visitors as there are seats, and two who wait. */
async function session(stage, page) {
  const row = (id) => page.locator(`[data-testid=conversation-row][data-id="${id}"]`);
  const visitor = await stage.visit('小满');
  const { id } = await visitor.begin();
  await row(id).click();
  await page.getByTestId('conversation').waitFor();
  const box = page.getByTestId('composer');
  for (const [who, text] of TALK) {
    if (who === 'v') await tell(visitor, id, text);
    else {
      await box.fill(text);
      await box.press('Enter');
    }
    await page.getByTestId('thread').getByText(text).first().waitFor();
  }
  for (const [name, text] of [
    ['向晚', '想聊聊分手的事'],
    ['山雀', '有时候觉得活着没意思'],
    ['石头', '和导师吵架了，很委屈'],
    ['青禾', '有时候不想活了'],
    ['木木', '你好，有人吗？'],
  ]) {
    const other = await stage.visit(name);
    const { id: its } = await other.begin();
    await tell(other, its, text);
  }
  return { id, visitor };
}

/** Two who asked for an hour, one of them in words that nearly fill a row. */
async function ordered(stage, login) {
  const { call } = await signIn(stage, login);
  const { result: me } = await call('GET', '/auth/me');
  const soon = (days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  const common = { userID: me.userID, age: '21', gender: '女', type: '在线咨询' };
  for (const order of [
    { name: '李一', date: soon(2), time: '19:00-20:00', contact: 'wx_li_yi', key_word: ['失眠', '考试'] },
    {
      name: '周小满',
      date: soon(3),
      time: '20:00-21:00',
      contact: '微信 zxm-2026',
      key_word: ['室友', '人际关系'],
    },
  ])
    // Refused where an earlier run took the hour.
    await call('POST', '/api/consultant/orders/create', { ...common, ...order }).catch(() => undefined);
}

async function talking({ shoot }, page) {
  const by = (name) => page.getByTestId(name);
  await page.locator('[data-testid=conversation-row]').nth(1).waitFor();
  const closed = async () => {
    await page.locator('.ant-drawer-open .ant-drawer-close').click();
    await page.locator('.ant-drawer-open').waitFor({ state: 'hidden' });
  };
  /** The pane at the right, which is a drawer where the window is narrow. */
  const tab = (name, then) => async (width) => {
    if (width < 1200) await by('show-info').click();
    await by(`tab-${name}`).click();
    await isQuiet(page);
    await then?.();
    return width < 1200 ? closed : undefined;
  };
  await shoot(page, 'desk');
  await looking(page, shoot);
  await tab('notes')(1440);
  for (const text of ['室友关系是主线，考研先放一放。', '下次先问作息，再看要不要做睡眠日记。']) {
    await by('note-box').fill(text);
    await by('note-box').press('Enter');
    await by('note').getByText(text).waitFor();
  }
  await shoot(page, 'tab-notes', tab('notes'));
  await by('composer').fill('谢谢你愿意说出来。');
  await by('composer').press('End');
  await by('composer').pressSequentially(' /');
  await by('canned-row').first().waitFor();
  await shoot(page, 'canned-replies');
  await by('composer').press('Escape');
  await by('composer').fill('');
  await page.keyboard.press('Alt+H');
  await by('supervise-confirm').waitFor();
  await shoot(page, 'call-a-supervisor');
  await by('supervise-confirm').click();
  await by('supervise-confirm').waitFor({ state: 'hidden' });
  await shoot(page, 'tab-support', tab('support'));
  await page.keyboard.press('Alt+R');
  await by('transfer-confirm').waitFor();
  await shoot(page, 'transfer');
  await page.keyboard.press('Escape');
  await by('extend-open').click();
  await by('extend-confirm').waitFor();
  await shoot(page, 'more-time');
  await page.keyboard.press('Escape');
  await shoot(
    page,
    'tab-scale',
    tab('risk', () => by('scale-open').click()),
  );
  await tab('risk')(1440);
  await by('scale-open').click();
  for (const group of await page.locator('[data-testid^="scale-"].ant-radio-group').all())
    await group.locator('label').last().click();
  await by('scale-save').click();
  await by('plan-edit').click();
  await by('plan-text').fill('今晚由室友陪同，收起药物；明天上午十点再联系。');
  await by('plan-save').click();
  await by('plan').getByText('今晚由室友陪同').waitFor();
  await shoot(page, 'tab-risk', tab('risk'));
  await page.getByTestId('tab-history').click();
  await shoot(page, 'all-conversations');
  await page.locator('.list-tabs button').first().click();
  await page.keyboard.press('Control+K');
  await by('palette-input').waitFor();
  await shoot(page, 'palette');
  await page.keyboard.press('Escape');
  await by('keys-open').click();
  await by('key-sheet').waitFor();
  await shoot(page, 'keys');
  await page.keyboard.press('Escape');
  await turnTo(page, 'risk');
  await by('case-open').first().click();
  await by('risk-case').waitFor();
  await shoot(page, 'risk-case');
  await page.keyboard.press('Escape');
}

/** For words in the talk that is open, then across one's own. */
async function looking(page, shoot) {
  const by = (name) => page.getByTestId(name);
  await page.keyboard.press('Control+F');
  await by('find-box').fill('室友');
  await by('find-box').press('Enter');
  await by('find').locator('.find-hits li').first().waitFor();
  await isQuiet(page);
  await shoot(page, 'search-here');
  await by('find-close').click();
  await by('tab-search').click();
  await by('search-own').fill('睡不好');
  await by('search-own').press('Enter');
  await by('search-told').waitFor();
  await page.locator('.hit').first().waitFor();
  await isQuiet(page);
  await shoot(page, 'search-own');
  await page.locator('.list-tabs button').first().click();
}

async function pages({ shoot }, page) {
  const by = (name) => page.getByTestId(name);
  const take = async (name, more) => {
    await turnTo(page, name, more);
    await shoot(page, name);
  };
  await turnTo(page, 'queue');
  await by('offline-take').first().click();
  await by('offline-open').first().waitFor();
  await isThere(page);
  await shoot(page, 'queue');
  await by('offline-open').first().click();
  await by('offline-whole').waitFor();
  await shoot(page, 'left-message');
  await page.keyboard.press('Escape');
  await take('roster');
  await by('roster-span').getByText('一周').click();
  await by('week-COUNSELOR').getByTestId('week-cell').first().waitFor();
  await shoot(page, 'roster-week');
  await take('calendar');
  await turnTo(page, 'records');
  await by('record-open').first().waitFor();
  await shoot(page, 'records');
  await by('record-open').nth(8).click();
  await by('transcript').getByTestId('message').first().waitFor();
  await shoot(page, 'transcript');
  await page.keyboard.press('Escape');
  await order(page, shoot);
  await caseFile(page, shoot);
  await take('risk');
  await take('care');
  await take('exports');
  await take('replies');
  await by('reply-add').click();
  await by('reply-title').waitFor();
  await shoot(page, 'reply-form');
  await page.keyboard.press('Escape');
  await take('settings');
}

async function order(page, shoot) {
  await turnTo(page, 'orders');
  await page.getByTestId('order-add').click();
  const form = page.locator('.ant-modal');
  await form.locator('#name').fill('李一');
  await form.locator('#contact').fill('wx_li_yi');
  await shoot(page, 'order-form');
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'hidden' });
  await shoot(page, 'orders');
}

async function caseFile(page, shoot) {
  await turnTo(page, 'cases');
  await page.getByTestId('case-add').click();
  const form = page.locator('.ant-modal');
  for (const [field, words] of Object.entries({
    std_name: '李一',
    std_grade: '2024',
    std_class: '心理 2 班',
    std_school: '心理与认知科学学院',
    interview_count: '3',
    interview_status: '进行中',
    interview_type: '个体咨询',
    doctor_evaluation: '考前焦虑伴失眠，无自伤想法；作息已有改善。',
    follow_up_plan: '两周一次，继续睡眠日记；考后复评。',
  }))
    await form.locator(`#${field}`).fill(words);
  await shoot(page, 'case-form');
  await page.getByTestId('case-save').click();
  await page.getByTestId('case-open').first().waitFor();
  await isThere(page);
  await shoot(page, 'cases');
}

/** What is to be written once the visitor has gone. */
async function afterwards({ shoot }, page, id, visitor) {
  const by = (name) => page.getByTestId(name);
  await page.evaluate(`location.hash = '#/workbench/${id}'`);
  await by('conversation').waitFor();
  await visitor.ask('conversation:end', { conversationId: id });
  await by('record-form').waitFor();
  await by('record-complaint').fill('失眠三周，考研压力与室友关系');
  const pane = async (width) => {
    if (width < 1200) await by('show-info').click();
    await by('record-form').waitFor();
  };
  await shoot(page, 'record-form', pane);
  await by('record-form').waitFor();
  await by('record-course').fill('一起看了作息与压力来源，约定睡前一小时不看手机。');
  await choose(page, 'record-disposition', '心理咨询');
  await by('record-save').click();
  await by('record-words').waitFor();
}
