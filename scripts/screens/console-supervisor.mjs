/** A supervisor's console: the wall, a session from inside, and the care of counselors. */
import { isThere, listOf, turnTo } from './console.mjs';
import { goOnLine, signIn, tell } from './people.mjs';

export const supervisor = listOf('supervisor', walk);

async function walk(stage) {
  const { shoot, run } = stage;
  const [login] = run.demo.supervisors;
  const ended = await written(stage, login);
  await running(stage);
  const page = await stage.logIn(login);
  const by = (id) => page.getByTestId(id);
  await turnTo(page, 'supervision');
  await by('wall-open').first().waitFor();
  await shoot(page, 'wall');
  await by('wall-open').first().click();
  await by('step-WATCH').click();
  await by('supervised').getByTestId('message').first().waitFor();
  await by('whisper').fill('慢一点，先问问今晚谁在身边');
  await shoot(page, 'watching');
  await page.keyboard.press('Escape');
  await turnTo(page, 'care');
  await page.locator('.ant-table-row').first().waitFor();
  await shoot(page, 'care-load');
  await by('tab-log').click();
  await by('log-open').first().waitFor();
  await isThere(page);
  await shoot(page, 'care-log');
  await by('log-add').click();
  await by('log-counselors').waitFor();
  await shoot(page, 'care-log-form');
  await page.keyboard.press('Escape');
  await by('tab-reviews').click();
  await by('review-open').first().waitFor();
  await isThere(page);
  await shoot(page, 'care-reviews');
  await turnTo(page, 'records', `/${ended}`);
  await by('review').waitFor();
  await shoot(page, 'reviewed-session');
  await page.keyboard.press('Escape');
  await turnTo(page, 'risk');
  await by('tab-follow-ups').click();
  await isThere(page);
  await shoot(page, 'follow-ups');
}

/** A review and an entry of the log, so that there is something to look at. */
async function written(stage, login) {
  const { call } = await signIn(stage, login);
  const { result: past } = await call('GET', '/conversation/consultlist?size=20&status=FINISHED');
  const session = past.find(({ duration }) => duration > 600).id;
  const { result } = await call('GET', '/user/ms/counselor/list?size=20');
  const counselors = result.slice(0, 2).map(({ id }) => id);
  await call('PUT', `/api/v1/conversations/${session}/review`, {
    points: { CONTACT: 5, LISTENING: 4, RISK: 4 },
    comment: '接住了情绪，节奏稳。风险评估之后可以再确认一次今晚的安排。',
    remarks: [{ seq: 3, text: '这里停顿得好。' }],
  });
  await call('POST', '/api/v1/supervision-entries', {
    counselors,
    day: new Date().toISOString().slice(0, 10),
    minutes: 60,
    words: '讨论两例考前焦虑：如何在第一次会谈里商定目标。',
  });
  return session;
}

/** A session on the wall, with words that a rule marks. */
async function running(stage) {
  stage.kept(await goOnLine(stage, stage.run.demo.counselors[1]));
  for (const [name, text] of [
    ['小满', '老师你好，最近总是睡不好，白天上课没有精神。'],
    ['青禾', '有时候不想活了'],
  ]) {
    const visitor = await stage.visit(name);
    await tell(visitor, (await visitor.begin()).id, text);
  }
}
