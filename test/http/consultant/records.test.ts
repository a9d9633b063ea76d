/** Second document, 咨询档案: case files. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../../support/app.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { ask } from './client.js';

let hotline: Hotline;
let me: Person;
let other: Person;
beforeAll(async () => {
  hotline = await startHotline();
  me = await makeCounselor(hotline.node.ctx);
  other = await makeCounselor(hotline.node.ctx);
});
afterAll(() => hotline.stop());

const say = (who: Person, path: string, body: Record<string, unknown> = {}) =>
  ask(hotline.node.url, `/api/${path}`, { userID: who.user.userID, token: who.token, ...body });
const RECORD = {
  std_name: '王小雨',
  std_grade: '高二',
  std_class: '3班',
  std_school: '华东中学',
  interview_count: '1',
  interview_status: '已完成',
  interview_type: '初访',
  doctor_evaluation: '中度焦虑情绪',
  follow_up_plan: '两周后复访',
};
const create = (who: Person, fields: Record<string, unknown> = {}) =>
  say(who, 'consuntant/interview/records/create', { ...RECORD, ...fields });
const list = async (who: Person, fields: Record<string, unknown> = {}) =>
  (await say(who, 'consultant/interview/records', { page: 1, page_size: '50', ...fields })).body.data as {
    total: number;
    data: Record<string, string>[];
  };

test('made by both spellings, listed newest first with the documented fields, sealed at rest', async () => {
  const made = await create(me);
  expect([made.status, made.body]).toEqual([200, { code: 0, message: 'OK' }]);
  const twin = await say(me, 'consultant/interview/records/create', { ...RECORD, interview_count: 2 });
  expect(twin.body).toEqual({ code: 0, message: 'OK' });
  const rows = await list(me);
  expect(rows.total).toBe(2);
  expect(rows.data[1]).toEqual({
    id: expect.stringMatching(/^\d+$/),
    ...RECORD,
    create_time: expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
  });
  expect(rows.data[0]!['interview_count']).toBe('2');
  const stored = await hotline.node.ctx.models.InterviewRecord.find().lean();
  const text = JSON.stringify(stored.map((row) => Object.values(row).map(String)));
  for (const canary of ['王小雨', '焦虑', '复访']) expect(text).not.toContain(canary);
  expect(await list(other)).toEqual({ total: 0, data: [] });
});

test('every filter, sealed ones too; pages', async () => {
  const who = await makeCounselor(hotline.node.ctx);
  for (const [index, name] of ['甲一', '甲二', '乙一'].entries())
    await create(who, {
      std_name: name,
      std_school: index === 2 ? '(A.+) School' : '第一中学',
      std_grade: `${String(index)}年级`,
      interview_count: String(index),
      doctor_evaluation: `评定${name}`,
      follow_up_plan: `PLAN ${String(index)}`,
    });
  const names = async (fields: Record<string, unknown>) => {
    const found = await list(who, fields);
    expect(found.total).toBe(found.data.length);
    return found.data.map((row) => row['std_name']);
  };
  expect(await names({ std_name: '甲' })).toEqual(['甲二', '甲一']);
  expect(await names({ std_name: '' })).toHaveLength(3);
  expect(await names({ std_school: '(a.+)' })).toEqual(['乙一']);
  expect(await names({ std_school: '.*' })).toEqual([]);
  expect(await names({ std_grade: '1年级' })).toEqual(['甲二']);
  expect(await names({ interview_count: 2 })).toEqual(['乙一']);
  expect(await names({ doctor_evaluation: '评定乙' })).toEqual(['乙一']);
  expect(await names({ follow_up_plan: 'plan 0' })).toEqual(['甲一']);
  expect(await names({ follow_up_plan: 'plan', std_name: '一', std_school: '中学' })).toEqual(['甲一']);
  expect(await names({ interview_status: '没有' })).toEqual([]);
  const second = await list(who, { page: 2, page_size: '2' });
  expect([second.total, second.data.map((row) => row['std_name'])]).toEqual([3, ['甲一']]);
  const narrowed = await list(who, { page: 2, pageSize: 1, std_name: '甲' });
  expect([narrowed.total, narrowed.data.map((row) => row['std_name'])]).toEqual([2, ['甲一']]);
});

test('deleted once, by number or text; another’s and unknown ones are 404', async () => {
  const { data } = await list(me);
  const id = data[0]!['id']!;
  const remove = (who: Person, which: unknown) =>
    say(who, 'consultant/interview/records/delete', { id: which });
  expect((await remove(other, id)).body.code).toBe(404);
  for (const unknown of [99_999_999, 'nothing', '-1', ''])
    expect((await remove(me, unknown)).body.code).toBe(404);
  expect((await remove(me, undefined)).body.code).toBe(400);
  expect((await remove(me, Number(id))).body).toEqual({ code: 0, message: 'OK' });
  expect((await remove(me, id)).body.code).toBe(404);
  expect((await list(me)).total).toBe(data.length - 1);
});

test('wrong input is 400, a wrong caller 401 or 403, and nothing is made', async () => {
  const before = (await list(me)).total;
  for (const fields of [
    { std_name: ' ' },
    { std_name: { $ne: '' } },
    { std_class: undefined },
    { follow_up_plan: ['x'] },
  ])
    expect([fields, (await create(me, fields)).body.code]).toEqual([fields, 400]);
  const AUTH = { code: 401, message: '认证失败：用户ID与Token不匹配或Token已过期' };
  expect((await create(me, { token: 'x' })).body).toEqual(AUTH);
  expect((await create(me, { userID: other.user.userID })).body).toEqual(AUTH);
  expect((await create(me, { userID: undefined })).body).toEqual(AUTH);
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  expect((await create(visitor)).body.code).toBe(403);
  expect((await list(me)).total).toBe(before);
});
