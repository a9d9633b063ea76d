/** Second document, 咨询列表: create, list with every filter, conflicts and stops. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ensureCalendar } from '../../../services/order/slot.js';
import { momentOf } from '../../../services/time/moment.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { makeCounselor, type Person } from '../../support/factories.js';
import { ask } from './client.js';

let hotline: Hotline;
let me: Person;
let other: Person;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
  me = await makeCounselor(hotline.node.ctx);
  other = await makeCounselor(hotline.node.ctx);
});
afterAll(() => hotline.stop());

const say = (who: Person, path: string, body: Record<string, unknown>, node = 0) =>
  ask(hotline.nodes[node]!.url, `/api/consultant/${path}`, {
    userID: who.user.userID,
    token: who.token,
    ...body,
  });
const ORDER = {
  name: '张小雨',
  age: '19',
  gender: '女',
  type: '在线咨询',
  date: '2030-05-06',
  time: '09:00-10:00',
  contact: '13812345678',
  key_word: ['人际关系', '睡眠'],
};
const create = (who: Person, fields: Record<string, unknown> = {}, node = 0) =>
  say(who, 'orders/create', { ...ORDER, ...fields }, node);
const FILTERLESS = { page: 1, pageSize: 50, name: '', date_start: '', date_end: '', type: '', status: '' };
const list = async (who: Person, fields: Record<string, unknown> = {}) =>
  (await say(who, 'orders', { ...FILTERLESS, ...fields })).body.data as {
    total: number;
    data: Record<string, unknown>[];
  };

test('an order as the document has it, printed with its twelve fields', async () => {
  const made = await create(me);
  expect([made.status, made.body]).toEqual([200, { code: 0, message: 'OK', id: expect.any(Number) }]);
  const rows = await list(me);
  expect(rows).toEqual({
    total: 1,
    data: [
      {
        id: made.body.id,
        order_id: expect.stringMatching(/^\d{14,}$/),
        gender: '女',
        age: '19',
        type: '在线咨询',
        key_word: '人际关系、睡眠',
        date: '2030-05-06',
        time: '09:00-10:00',
        commit_time: expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
        finish_time: '',
        status: '等待中',
        contact: '13812345678',
        name: '张小雨',
        amount: 0,
        reason: '',
      },
    ],
  });
  // Level B stands nowhere in clear.
  const stored = await hotline.node.ctx.models.Order.find().lean();
  const text = JSON.stringify(stored.map((row) => ({ ...row, all: Object.values(row).map(String) })));
  for (const canary of ['张小雨', '13812345678', '睡眠']) expect(text).not.toContain(canary);
});

test('own orders only', async () => {
  expect(await list(other)).toEqual({ total: 0, data: [] });
});

describe('a slot', () => {
  test('is taken once: overlaps are 409, touching ends are fine', async () => {
    for (const time of ['09:30-10:30', '08:00-09:01', '09:15-09:45', '09:00', '08:00-12:00']) {
      const refused = await create(me, { time });
      expect([time, refused.status, refused.body]).toEqual([
        time,
        200,
        { code: 409, message: '该时段已被预约，请选择其他时间。' },
      ]);
    }
    expect((await create(me, { time: '10:00-11:00' })).body.code).toBe(0);
    expect((await create(me, { time: '08:00' })).body.code).toBe(0);
    expect((await create(other)).body.code).toBe(0);
  });

  test('forty at once over two nodes: exactly one for each hour', async () => {
    const tries = Array.from({ length: 40 }, (_, index) =>
      create(me, { date: '2030-06-01', time: index % 2 ? '14:00-15:00' : '14:30-15:30' }, index % 2),
    );
    const codes = (await Promise.all(tries)).map(({ body }) => body.code);
    expect(codes.filter((code) => code === 0)).toHaveLength(1);
    expect(codes.filter((code) => code === 409)).toHaveLength(39);
    expect((await list(me, { date_start: '2030-06-01', date_end: '2030-06-01' })).total).toBe(1);
  });

  test('on a stop is refused, in words of its own', async () => {
    await ensureCalendar(hotline.node.ctx, me.user._id);
    await hotline.node.ctx.models.Calendar.updateOne(
      { _id: me.user._id },
      { $set: { stops: [{ from: momentOf('2030-07-01', 0), to: momentOf('2030-07-02', 0) }] } },
    );
    const refused = await create(me, { date: '2030-07-01' });
    expect(refused.body).toEqual({ code: 409, message: '该时段咨询师停诊，请选择其他时间。' });
    expect((await create(me, { date: '2030-07-02', time: '00:00-01:00' })).body.code).toBe(0);
  });

  test('that a crash left behind is given back to the next who wants it', async () => {
    const { ctx } = hotline.node;
    const span = { from: momentOf('2030-08-01', 540), to: momentOf('2030-08-01', 600) };
    const order = me.user._id;
    await ctx.models.Calendar.updateOne(
      { _id: me.user._id },
      { $push: { busy: { ...span, order, at: new Date(ctx.clock.now() - 61_000) } } },
    );
    expect((await create(me, { date: '2030-08-01' })).body.code).toBe(0);
  });

  test('in the past and at the edge of the day', async () => {
    for (const [date, time] of [
      ['2020-02-29', '23:30-24:00'],
      ['2020-02-28', '00:00-00:30'],
      ['2020-03-01', '23:30'],
    ])
      expect([time, (await create(me, { date, time })).body.code]).toEqual([time, 0]);
  });
});

test('every filter; pageSize and page_size are one; both spellings of 咨询中', async () => {
  const { ctx } = hotline.node;
  const who = await makeCounselor(ctx);
  const days = ['2031-01-01', '2031-01-02', '2031-01-03', '2031-01-04', '2031-01-05'];
  const statuses = ['FINISHED', 'IN_PROGRESS', 'WAITING', 'PENDING', 'REJECTED'];
  for (const [index, date] of days.entries()) {
    const type = index % 2 ? '线下咨询' : '在线咨询';
    const { body } = await create(who, { date, type, name: `来访者${'甲乙丙丁戊'[index]}`, key_word: [] });
    await ctx.models.Order.updateOne({ caseID: body.id }, { $set: { status: statuses[index] } });
  }
  const dates = async (fields: Record<string, unknown>) =>
    (await list(who, fields)).data.map(({ date }) => date);
  expect(await dates({})).toEqual([...days].reverse());
  expect(await dates({ type: '线下咨询' })).toEqual([days[3], days[1]]);
  expect(await dates({ date_start: days[1], date_end: days[2] })).toEqual([days[2], days[1]]);
  expect(await dates({ name: '丙' })).toEqual([days[2]]);
  expect(await dates({ name: '来访者', type: '在线咨询', date_start: days[2] })).toEqual([days[4], days[2]]);
  for (const [index, word] of ['已结束', '咨询中', '等待中', '待接单', '已拒绝'].entries()) {
    const found = await list(who, { status: word });
    expect([found.total, found.data[0]?.['status'], found.data[0]?.['date']]).toEqual([1, word, days[index]]);
  }
  expect((await list(who, { status: '咨询师中' })).data[0]?.['status']).toBe('咨询师中');
  const second = await say(who, 'orders', { page: '2', page_size: '2' });
  expect([second.body.data.total, second.body.data.data.length]).toEqual([5, 2]);
  expect((await list(who, { page: 0, pageSize: 3 })).data.map(({ date }) => date)).toEqual([
    days[4],
    days[3],
    days[2],
  ]);
});

test('wrong input is 400 and makes nothing', async () => {
  const before = (await list(me)).total;
  const wrong: Record<string, unknown>[] = [
    { name: '' },
    { name: { $ne: '' } },
    { age: 'old' },
    { type: 'string' },
    { date: '2030-02-30' },
    { date: '30/05/06' },
    { time: '10:00-09:00' },
    { time: '25:00-26:00' },
    { time: '09:00-10:00-11:00' },
    { contact: '' },
    { key_word: [1, 2] },
    { key_word: null },
    { amount: -1 },
  ];
  for (const fields of wrong) {
    const answer = await create(me, { date: '2032-01-01', ...fields });
    expect([fields, answer.status, answer.body.code]).toEqual([fields, 200, 400]);
  }
  expect((await list(me)).total).toBe(before);
  for (const fields of [{ type: 'x' }, { status: '没有' }, { page: 'x' }, { date_start: '2030-13-01' }])
    expect([fields, (await say(me, 'orders', { ...FILTERLESS, ...fields })).body.code]).toEqual([
      fields,
      400,
    ]);
});
