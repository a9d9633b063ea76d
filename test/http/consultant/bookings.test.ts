/** Bookings, the moves of an order, prices, members, a new log-in account (contract-notes.md section 4). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { ask, codeFor, register } from './client.js';

let hotline: Hotline;
let consultant: Person;
let visitor: Person;
let admin: Person;
const DAY = '2034-03-04';
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
  const { ctx } = hotline.node;
  consultant = await makeCounselor(ctx);
  visitor = await makePerson(ctx, 'VISITOR');
  admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  await ctx.models.WorkDay.create({
    consultant: consultant.user._id,
    institution: 'ecnu',
    day: DAY,
    spans: [
      { id: 1, from: '09:00', to: '11:30' },
      { id: 2, from: '23:00', to: '24:00' },
    ],
  });
});
afterAll(() => hotline.stop());

const call = (who: Person, method: string, path: string, json?: Record<string, unknown>, node = 0) =>
  http(hotline.nodes[node]!.url, method, `/api/v1/${path}`, { token: who.token, ...(json ? { json } : {}) });
const BOOKING = {
  name: '李一',
  age: 21,
  gender: '男',
  type: '线下咨询',
  date: DAY,
  time: '09:00-10:00',
  contact: 'wx_li_yi',
};
const book = (fields: Record<string, unknown> = {}, who = visitor, node = 0) =>
  call(who, 'POST', 'bookings', { ...BOOKING, consultant: consultant.user.userID, ...fields }, node);
const orders = async () =>
  (
    await ask(hotline.node.url, '/api/consultant/orders', {
      userID: consultant.user.userID,
      token: consultant.token,
      page: 1,
      pageSize: 50,
    })
  ).body.data.data as { id: number; status: string; amount: number; reason: string; finish_time: string }[];

test('prices, who can be booked, free hours, one booking an hour', async () => {
  expect((await call(visitor, 'PUT', 'institutions/ecnu/prices', { 线下咨询: 1 })).status).toBe(403);
  expect((await call(admin, 'PUT', 'institutions/other/prices', { 线下咨询: 1 })).status).toBe(404);
  const prices = await call(admin, 'PUT', 'institutions/ecnu/prices', { 线下咨询: 20_000 });
  expect(prices.body.result).toEqual({ 在线咨询: 0, 线下咨询: 20_000 });
  const cards = (await call(visitor, 'GET', 'consultants')).body.result as { userID: number }[];
  expect(cards).toMatchObject([{ userID: consultant.user.userID, prices: { 线下咨询: 20_000 } }]);
  const slots = async () =>
    (await call(visitor, 'GET', `consultants/${String(consultant.user.userID)}/slots?date=${DAY}`)).body
      .result as string[];
  expect(await slots()).toEqual(['09:00-10:00', '10:00-11:00', '23:00-24:00']);

  const tries = await Promise.all(Array.from({ length: 20 }, (_, index) => book({}, visitor, index % 2)));
  expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(tries.filter(({ status }) => status === 409)).toHaveLength(19);
  expect(await slots()).toEqual(['10:00-11:00', '23:00-24:00']);
  expect(await orders()).toMatchObject([{ status: '待接单', amount: 20_000 }]);

  for (const fields of [{ time: '11:00-12:00' }, { date: '2034-03-05' }, { date: '2020-01-01' }])
    expect((await book(fields)).status).toBe(422);
  const elsewhere = await makePerson(hotline.node.ctx, 'VISITOR', { institution: 'other' });
  expect((await book({ time: '10:00' }, elsewhere)).status).toBe(404);
});

test('legal moves only, one winner, and a cancelled hour is free again', async () => {
  const { id } = (await orders())[0]!;
  const move = (name: string, who = consultant, node = 0, json: Record<string, unknown> = {}) =>
    call(who, 'POST', `orders/${String(id)}/${name}`, json, node);
  expect((await move('start')).status).toBe(409);
  expect((await move('finish')).status).toBe(409);
  const colleague = await makeCounselor(hotline.node.ctx);
  expect((await move('accept', colleague)).status).toBe(404);
  expect((await move('accept', visitor)).status).toBe(403);
  const both = await Promise.all([
    ...Array.from({ length: 5 }, (_, index) => move('accept', consultant, index % 2)),
    ...Array.from({ length: 5 }, () => call(visitor, 'DELETE', `bookings/${String(id)}`)),
  ]);
  // Accepting first may still be followed by the cancel; whatever happened, the end is the cancel.
  expect(both.slice(5).every(({ status }) => status === 200)).toBe(true);
  expect(await orders()).toMatchObject([{ status: '已拒绝', reason: '来访者取消了预约。' }]);
  expect((await move('accept')).status).toBe(409);

  const again = await book();
  expect(again.body.result).toMatchObject({ status: '待接单', time: '09:00-10:00' });
  const next = String(again.body.result.id);
  for (const [name, word] of [
    ['accept', '等待中'],
    ['start', '咨询中'],
    ['finish', '已结束'],
    ['finish', '已结束'],
  ] as const) {
    const moved = await call(consultant, 'POST', `orders/${next}/${name}`, {});
    expect([name, moved.body.result.status]).toEqual([name, word]);
  }
  expect((await orders())[0]!.finish_time).not.toBe('');
  expect((await call(visitor, 'DELETE', `bookings/${next}`)).status).toBe(409);
  const mine = (await call(visitor, 'GET', 'bookings')).body.result as { status: string }[];
  expect(mine.map(({ status }) => status)).toEqual(['已结束', '已拒绝']);
});

test('an administrator takes in who belongs to nobody; their sealed fields still open', async () => {
  const { ctx, url } = hotline.node;
  const alone = await register(ctx, url, 'joiner');
  const made = await ask(url, '/api/consultant/orders/create', {
    userID: alone.userID,
    token: alone.token,
    ...BOOKING,
    key_word: [],
  });
  const body = { userID: alone.userID };
  expect((await call(admin, 'POST', 'institutions/other/members', body)).status).toBe(404);
  expect((await call(admin, 'POST', 'institutions/ecnu/members', { userID: 999_999_999 })).status).toBe(404);
  expect((await call(consultant, 'POST', 'institutions/ecnu/members', body)).status).toBe(403);
  expect((await call(admin, 'POST', 'institutions/ecnu/members', body)).status).toBe(200);
  const otherAdmin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'other' });
  expect((await call(otherAdmin, 'POST', 'institutions/other/members', body)).status).toBe(404);
  const logIn = await ask(url, '/api/consultant/auth/login', {
    loginType: 'password',
    accountType: 'email',
    account: alone.email,
    credential: alone.password,
  });
  expect(logIn.body.data.userInfo).toMatchObject({ email: alone.email, organization: '测试机构' });
  const own = await ask(url, '/api/consultant/orders', {
    userID: alone.userID,
    token: logIn.body.data.token as string,
  });
  expect(own.body.data.data).toMatchObject([{ id: made.body.id, name: '李一' }]);
});

test('a new phone signs in once a code has proved it', async () => {
  const { ctx, url } = hotline.node;
  await ask(url, '/api/consultant/auth/phone', { phone: '13600001111', purpose: 'account' });
  const verificationCode = await codeFor(ctx, url, '13600001111');
  const account = { accountType: 'phone', account: '13600001111' };
  expect(
    (await call(consultant, 'PUT', 'me/account', { ...account, verificationCode: 'wrong' })).status,
  ).toBe(400);
  expect((await call(consultant, 'PUT', 'me/account', { ...account, verificationCode })).status).toBe(200);
  const stored = await ctx.models.User.findById(consultant.user._id).lean();
  expect(stored!.phoneLogIn).toBeDefined();
});
