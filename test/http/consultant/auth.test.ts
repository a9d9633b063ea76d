/** Second document, 登录/注册: codes, registration and log-in over the wire. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { md5OfClear } from '../../../services/account/password.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock } from '../../support/clock.js';
import { makePerson } from '../../support/factories.js';
import { ask, codeFor, register } from './client.js';

let hotline: Hotline;
const clock = testClock();
beforeAll(async () => {
  hotline = await startHotline({ clock });
});
afterAll(() => hotline.stop());

const say = (path: string, body: Parameters<typeof ask>[2], headers?: Record<string, string>) =>
  ask(hotline.node.url, `/api/consultant/${path}`, body, headers);
const code = (to: string) => codeFor(hotline.node.ctx, hotline.node.url, to);
const logIn = (account: string, credential: string, loginType = 'password', accountType = 'email') =>
  say('auth/login', { loginType, accountType, account, credential });
const WRONG = { code: 400, message: '账号或密码（验证码）不正确，请核对后重试。' };

test('a code by e-mail, registration, log-in by password and by code', async () => {
  const email = 'Wang.Li@Example.com';
  // The document shows a form.
  const sent = await say('auth/email', new URLSearchParams({ email }));
  expect([sent.status, sent.body]).toEqual([200, { code: 0, message: 'OK' }]);
  const account = { userName: 'wangli', account: email, accountType: 'email', password: 'a long password' };
  const wrong = await say('auth/register', { ...account, verificationCode: '000000x' });
  expect(wrong.body.code).toBe(400);
  const verificationCode = await code(email);
  expect(verificationCode).toMatch(/^\d{6}$/);
  const registered = await say('auth/register', { ...account, verificationCode });
  expect([registered.status, registered.body]).toEqual([200, { code: 0, message: 'OK' }]);
  const replay = await say('auth/register', { ...account, userName: 'other', verificationCode });
  expect(replay.body.code).toBe(400);

  const inside = await logIn('wang.li@example.com', 'a long password');
  expect(inside.body).toEqual({
    code: 0,
    message: 'OK',
    data: {
      token: expect.any(String),
      userInfo: {
        userID: expect.any(Number),
        userName: 'wangli',
        name: '',
        phone: '',
        email: 'wang.li@example.com',
        organization: '',
        avatar: '',
      },
    },
  });
  // 32 hex digits are the MD5 that the hotline sends; the hotline's own log-in takes the same password.
  expect((await logIn(email, md5OfClear('a long password').toUpperCase())).body.code).toBe(0);
  const hotlineLogIn = await http(hotline.node.url, 'POST', '/auth/login', {
    json: { username: 'wangli', password: md5OfClear('a long password') },
  });
  expect(hotlineLogIn.body.code).toBe(0);
  const me = await http(hotline.node.url, 'GET', '/auth/me', { token: inside.body.data.token as string });
  expect(me.body.result).toMatchObject({
    userID: inside.body.data.userInfo.userID,
    roles: ['ROLE_COUNSELOR'],
    institutionCode: '',
  });
  for (const [who, what] of [
    [email, 'wrong'],
    ['nobody@example.com', 'a long password'],
  ] as const)
    expect((await logIn(who, what)).body).toEqual(WRONG);
});

test('by phone, in all three kinds of body and both spellings of the path', async () => {
  const form = new FormData();
  form.set('phone', '13900000001');
  const bodies = [
    ['/api/consult/auth/phone', form],
    ['/api/consultant/auth/phone', new URLSearchParams({ phone: '13900000002' })],
    ['/api/consult/auth/phone', { phone: 13900000003 }],
  ] as const;
  for (const [path, body] of bodies) {
    const answer = await ask(hotline.node.url, path, body);
    expect(answer.body).toEqual({ code: 0, message: 'OK' });
  }
  for (const phone of ['13900000001', '13900000002', '13900000003'])
    expect(await code(`+86 ${phone}`)).toMatch(/^\d{6}$/);
  await say('auth/register', {
    userName: 'byphone',
    account: 13900000003,
    accountType: 'phone',
    password: 'another password',
    verificationCode: Number(await code('13900000003')),
  });
  expect(
    (await logIn('139-0000-0003', 'another password', 'password', 'phone')).body.data.userInfo,
  ).toMatchObject({
    phone: '13900000003',
    email: '',
  });
});

test('the name and the account are taken once; an account only its holder is told of', async () => {
  const first = await register(hotline.node.ctx, hotline.node.url, 'takenname');
  const again = { account: 'fresh@example.com', accountType: 'email', password: 'a third password' };
  const named = await say('auth/register', { ...again, userName: 'takenname', verificationCode: '1' });
  expect(named.body).toEqual({ code: 409, message: '用户名已存在，请换一个。' });
  const guessed = await say('auth/register', {
    ...again,
    userName: 'elsewho',
    account: first.email,
    verificationCode: '123456',
  });
  expect(guessed.body.code).toBe(400);
});

test('one a minute for an account, and how long to wait', async () => {
  expect((await say('auth/email', { email: 'quick@example.com' })).body.code).toBe(0);
  const second = await say('auth/email', { email: 'QUICK@example.com ' });
  expect(second.status).toBe(200);
  expect(second.body.code).toBe(429);
  expect(second.body.message).toMatch(/\d+秒/);
});

test('five tries, ten minutes, one use, even by two at once', async () => {
  const { ctx } = hotline.node;
  const person = await register(ctx, hotline.node.url, 'codeuser');
  const fresh = async (email: string) => {
    await ctx.redis.del(...(await ctx.redis.keys(`${ctx.config.KEY_PREFIX}:{limits}:code-minute:*`)));
    await say('auth/email', { email });
    return code(email);
  };
  const worn = await fresh(person.email);
  for (let attempt = 0; attempt < 5; attempt += 1)
    expect((await logIn(person.email, 'wrong1', 'code')).body).toEqual(WRONG);
  expect((await logIn(person.email, worn, 'code')).body).toEqual(WRONG);

  const old = await fresh(person.email);
  clock.advance(10 * 60_000 + 1_000);
  expect((await logIn(person.email, old, 'code')).body).toEqual(WRONG);

  const good = await fresh(person.email);
  const both = await Promise.all([1, 2].map(() => logIn(person.email, good, 'code')));
  expect(both.map(({ body }) => body.code).sort()).toEqual([0, 400]);
  // Nothing of it stands in clear.
  const rows = JSON.stringify([
    await ctx.models.Code.find().lean(),
    await ctx.models.DevOutbox.find().lean(),
  ]);
  expect(rows).not.toContain(good);
  expect(rows).not.toContain('codeuser@');
});

test('a code for one purpose serves no other', async () => {
  const person = await register(hotline.node.ctx, hotline.node.url, 'purposeful');
  const { ctx } = hotline.node;
  await ctx.redis.del(...(await ctx.redis.keys(`${ctx.config.KEY_PREFIX}:{limits}:code-minute:*`)));
  await say('auth/email', { email: person.email, purpose: 'reset' });
  const bound = await code(person.email);
  expect((await logIn(person.email, bound, 'code')).body).toEqual(WRONG);
});

test('malformed, missing and wrong-typed input is 400 with HTTP 200; unknown paths 404', async () => {
  const cases: [string, Record<string, unknown>][] = [
    ['auth/login', {}],
    ['auth/login', { loginType: 'magic', accountType: 'email', account: 'a@b.cn', credential: 'x' }],
    ['auth/login', { loginType: 'password', accountType: 'email', account: { $gt: '' }, credential: 'x' }],
    [
      'auth/register',
      { userName: 'x', account: 'no address', accountType: 'email', password: 'p', verificationCode: '1' },
    ],
    ['auth/email', { email: '' }],
    ['auth/email', { email: 'a@b.cn, c@d.cn' }],
    ['auth/phone', { phone: 'twelve' }],
  ];
  for (const [path, body] of cases) {
    const answer = await say(path, body);
    expect([path, answer.status, answer.body.code]).toEqual([path, 200, 400]);
  }
  const malformed = await fetch(`${hotline.node.url}/api/consultant/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"loginType":',
  });
  expect([malformed.status, await malformed.json()]).toMatchObject([200, { code: 400 }]);
  expect((await say('nothing/here', {})).body.code).toBe(404);
});

test('the development outbox is a system admin’s', async () => {
  const counselor = await makePerson(hotline.node.ctx, 'COUNSELOR');
  const refused = await http(hotline.node.url, 'GET', '/api/v1/dev/outbox', { token: counselor.token });
  expect(refused.status).toBe(403);
});
