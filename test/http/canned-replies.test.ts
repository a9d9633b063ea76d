/** Canned replies: one's own and the house's, found by pinyin, put in at the caret. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CannedReply } from '../../contract/canned-reply.js';
import { askedAt, filled, fitting } from '../../web/console/thread/canned.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { makePerson, type Person } from '../support/factories.js';

let hotline: Hotline;
beforeAll(async () => {
  hotline = await startHotline({ env: { FACES: 'server' } });
});
afterAll(() => hotline.stop());

const PATH = '/api/v1/canned-replies';
const ask = (as: Person, method: string, path = PATH, json?: unknown) =>
  http(hotline.node.url, method, path, { token: as.token, ...(json === undefined ? {} : { json }) });
const found = async (as: Person) => (await ask(as, 'GET')).body.result as CannedReply[];
const titles = async (as: Person) => (await found(as)).map(({ title }) => title);

test('a counselor keeps their own; the house’s are kept by supervisors and admins and found by all of it', async () => {
  const counselor = await makePerson(hotline.node.ctx, 'COUNSELOR');
  const colleague = await makePerson(hotline.node.ctx, 'COUNSELOR');
  const supervisor = await makePerson(hotline.node.ctx, 'SUPERVISOR');
  const foreign = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'pku' });
  const own = await ask(counselor, 'POST', PATH, { title: ' 慢慢说 ', text: '不着急' });
  expect(own.body.result).toMatchObject({ title: '慢慢说', shared: false, pinyin: ['manmanshuo', 'mms'] });
  const refused = await ask(counselor, 'POST', PATH, { title: '欢迎', text: '您好', shared: true });
  expect(refused.status).toBe(403);
  const shared = (
    await ask(supervisor, 'POST', PATH, { title: '欢迎', category: '开场', text: '您好', shared: true })
  ).body.result as CannedReply;
  expect(await titles(counselor)).toEqual(['慢慢说', '欢迎']);
  expect(await titles(colleague)).toEqual(['欢迎']);
  expect(await titles(foreign)).toEqual([]);

  const { id } = own.body.result as CannedReply;
  const changed = { title: '不急', text: '慢慢来' };
  expect((await ask(counselor, 'PUT', `${PATH}/${shared.id}`, changed)).status).toBe(403);
  expect((await ask(foreign, 'PUT', `${PATH}/${shared.id}`, changed)).status).toBe(404);
  // Not even a supervisor finds what is somebody's own.
  expect((await ask(supervisor, 'DELETE', `${PATH}/${id}`)).status).toBe(404);
  expect((await ask(counselor, 'PUT', `${PATH}/${id}`, changed)).body.result).toMatchObject({
    pinyin: ['buji', 'bj'],
  });
  expect((await ask(supervisor, 'DELETE', `${PATH}/${shared.id}`)).status).toBe(200);
  expect(await titles(counselor)).toEqual(['不急']);
});

test('nobody keeps more than their page can hold', async () => {
  const counselor = await makePerson(hotline.node.ctx, 'COUNSELOR');
  const { CannedReply: Model } = hotline.node.ctx.models;
  const { institution, _id: owner } = counselor.user;
  const rows = Array.from({ length: 300 }, (_, at) => ({
    ...{ institution, owner, title: String(at), category: '', text: '。', pinyin: [] },
    savedAt: new Date(),
  }));
  await Model.insertMany(rows);
  const refused = await ask(counselor, 'POST', PATH, { title: '再来一条', text: '您好' });
  expect(refused.status).toBe(429);
  expect(await Model.countDocuments({ owner })).toBe(300);
});

test('what is asked for behind a stroke, what fits, and the names in it', () => {
  expect(askedAt('/', 1)).toEqual({ query: '', from: 0, to: 1 });
  expect(askedAt('您好 /MMS', 7)).toEqual({ query: 'mms', from: 3, to: 7 });
  // A date, an address and a stroke behind the caret ask for nothing.
  for (const [text, caret] of [
    ['11/22', 5],
    ['https://a', 9],
    ['/', 0],
  ] as const)
    expect(askedAt(text, caret)).toBeNull();
  const row = (title: string, pinyin: string[], text = '', category = ''): CannedReply => ({
    ...{ id: title, title, pinyin, text, category },
    ...{ shared: true, savedTime: 0 },
  });
  const rows = [row('告别', ['gaobie', 'gb'], '慢慢来'), row('慢慢说', ['manmanshuo', 'mms'])];
  const names = (query: string) => fitting(rows, query).map(({ title }) => title);
  expect(names('mms')).toEqual(['慢慢说']);
  expect(names('慢')).toEqual(['慢慢说', '告别']);
  expect(names('bie')).toEqual(['告别']);
  expect(names('没有')).toEqual([]);
  const who = { 来访者: '小陈', 咨询师: '林悦', 机构: null };
  expect(filled('{{来访者}}您好，我是{{ 咨询师 }}，{{机构}} {{x}}', who)).toBe(
    '小陈您好，我是林悦，{{机构}} {{x}}',
  );
});
