/** The documented calls that the first conversation needs, in the document's own spelling and envelopes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { md5OfClear, hashPassword } from '../../services/account/password.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { makeCounselor, makePerson } from '../support/factories.js';

let hotline: Hotline;
beforeAll(async () => {
  hotline = await startHotline();
});
afterAll(() => hotline.stop());

const call = (method: string, path: string, options: Parameters<typeof http>[3] = {}) =>
  http(hotline.node.url, method, path, options);

test('section 1: a staff log-in gives a session by cookie and by header; failures say one thing', async () => {
  const { ctx } = hotline.node;
  await makePerson(ctx, 'COUNSELOR', {
    username: 'yxiao',
    passwordHash: await hashPassword(ctx, md5OfClear('a good password')),
  });
  const json = { username: 'yxiao', password: md5OfClear('a good password').toUpperCase() };
  const ok = await call('POST', '/auth/login', { json });
  expect([ok.status, ok.body]).toEqual([200, { code: 0, message: 'OK', result: 'ok' }]);
  const bearer = ok.headers.get('authorization') ?? '';
  const cookie = (ok.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect(ok.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
  for (const headers of [{ authorization: bearer }, { cookie }] as Record<string, string>[]) {
    const me = await call('GET', '/auth/me', { headers });
    expect(me.body).toMatchObject({
      code: 0,
      result: { username: 'yxiao', type: 'COUNSELOR', roles: ['ROLE_COUNSELOR'] },
    });
    expect(me.body.result.authorities).toEqual(expect.any(Object));
  }
  const wrong = { code: -3, message: '该用户名不存在或已被禁用,请核实后再登录!', result: null };
  for (const bad of [
    { ...json, password: md5OfClear('x') },
    { ...json, username: 'nobody' },
  ])
    expect((await call('POST', '/auth/login', { json: bad })).body).toEqual(wrong);
  const malformed = await fetch(`${hotline.node.url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"username":',
  });
  expect([malformed.status, await malformed.json()]).toMatchObject([200, { code: -2, result: null }]);
  // curl's default content type is read too.
  const form = await fetch(`${hotline.node.url}/auth/login`, {
    method: 'POST',
    body: new URLSearchParams(json),
  });
  expect(await form.json()).toMatchObject({ code: 0 });
});

test('a cookie that comes with a foreign Origin is refused, a token is not', async () => {
  const { token } = await makePerson(hotline.node.ctx, 'VISITOR');
  const origin = 'https://evil.example';
  expect((await call('GET', '/auth/me', { headers: { cookie: `hotline=${token}`, origin } })).body.code).toBe(
    -5,
  );
  expect((await call('GET', '/auth/me', { token, headers: { origin } })).body.code).toBe(0);
});

test('not signed in: the documented 403 body with the called path', async () => {
  for (const path of ['/auth/me', '/conversation/current', '/arrange/theday?timestamp=1&type=COUNSELOR']) {
    const answer = await call('GET', path);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      timestamp: expect.stringMatching(/\+00:00$/),
      status: 403,
      error: 'Forbidden',
      message: 'Access Denied',
      path: path.split('?')[0],
    });
  }
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  expect((await call('GET', '/conversation/consultlist', { token: visitor.token })).status).toBe(403);
});

test('guests: the same device is the same visitor', async () => {
  const json = { device: 'device-of-this-test-1', institution: 'ecnu', name: '小雨' };
  const first = await call('POST', '/api/v1/guest', { json });
  const again = await call('POST', '/api/v1/guest', { json });
  expect(first.body.result.me).toMatchObject({ type: 'VISITOR', name: '小雨', institutionCode: 'ecnu' });
  expect(again.body.result.me.id).toBe(first.body.result.me.id);
  const unknownField = await call('POST', '/api/v1/guest', {
    json: { ...json, role: 'SYSTEM_ADMINISTRATOR' },
  });
  expect([unknownField.status, unknownField.body.code]).toEqual([400, -2]);
});

test('26a: busy means a waiting session with its position; 26b frees the seat and admits the next', async () => {
  const counselor = await makeCounselor(hotline.node.ctx, 1);
  const visitors = await Promise.all([1, 2, 3].map(() => makePerson(hotline.node.ctx, 'VISITOR')));
  const opened = [];
  for (const visitor of visitors)
    opened.push(
      (await call('PUT', '/conversation', { token: visitor.token, json: { counselor: counselor.id } })).body
        .result,
    );
  expect(opened.map((row) => [row.status, row.position])).toEqual([
    ['IN_PROGRESS', null],
    ['WAITING', 1],
    ['WAITING', 2],
  ]);
  expect(opened[0]).toMatchObject({
    conversationType: 'COUNSELING_SESSION',
    counselor: { id: counselor.id, type: 'COUNSELOR' },
    visitor: { id: visitors[0]!.id },
    startTime: expect.any(Number),
    endTime: null,
  });
  // Asking again, whoever is named, answers the one there is.
  const again = await call('PUT', '/conversation', { token: visitors[1]!.token, json: {} });
  expect(again.body.result.id).toBe(opened[1].id);
  expect(
    (await call('POST', `/conversation/end/${opened[0].id}`, { token: counselor.token })).body.result,
  ).toBe('ok');
  expect(
    (await call('POST', `/conversation/end/${opened[0].id}`, { token: counselor.token })).body.code,
  ).toBe(0);
  const current = await call('GET', '/conversation/current', { token: visitors[1]!.token });
  expect(current.body).toMatchObject({ count: 1, next: null, result: [{ status: 'IN_PROGRESS' }] });
  const last = await call('GET', '/conversation/current', { token: visitors[2]!.token });
  expect(last.body.result[0]).toMatchObject({ status: 'WAITING', position: 1 });
  for (const [path, code] of [
    ['0'.repeat(24), -4],
    ['2c93189d7b53e68e017b53ead62d002c', -4],
    [opened[1].id, -5],
  ])
    expect(
      (await call('POST', `/conversation/end/${String(path)}`, { token: visitors[0]!.token })).body.code,
    ).toBe(code);
  const unknown = await call('PUT', '/conversation', {
    token: visitors[0]!.token,
    json: { counselor: '2c93189d7b53e68e017b53ead62d002c' },
  });
  expect(unknown.body.code).toBe(-4);
});

test('21: a higher cap admits in the same moment, 0 pauses, out of range is refused', async () => {
  const counselor = await makeCounselor(hotline.node.ctx, 0);
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  await call('PUT', '/conversation', { token: visitor.token, json: { counselor: counselor.id } });
  const set = (maxConsults: unknown) =>
    call('POST', '/user/maxconsults', { token: counselor.token, json: { maxConsults } });
  expect((await set(51)).body.code).toBe(-2);
  expect((await set(-1)).body.code).toBe(-2);
  expect((await set('8')).body).toEqual({ code: 0, message: 'OK', result: 'ok' });
  expect((await call('GET', '/conversation/current', { token: visitor.token })).body.result[0].status).toBe(
    'IN_PROGRESS',
  );
});

test('28: a counselor lists own sessions only, another institution’s admin none of them', async () => {
  const counselor = await makeCounselor(hotline.node.ctx, 5);
  const colleague = await makeCounselor(hotline.node.ctx, 5);
  const foreign = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'other' });
  const admin = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR');
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR', { name: '阿(明' });
  const { id } = (
    await call('PUT', '/conversation', { token: visitor.token, json: { counselor: counselor.id } })
  ).body.result;
  const list = (token: string, query = '') => call('GET', `/conversation/consultlist${query}`, { token });
  expect((await list(counselor.token, '?status=OPEN&property=&page=0')).body).toMatchObject({
    count: 1,
    result: [{ id }],
  });
  expect((await list(counselor.token, `?visitorName=${encodeURIComponent('(')}`)).body.count).toBe(1);
  expect((await list(colleague.token)).body.count).toBe(0);
  // By the counselor's id: never further than what one may see, and nobody's without one that we made.
  const of = async (token: string, who: string) => (await list(token, `?counselor=${who}`)).body.count;
  expect(await of(counselor.token, counselor.id)).toBe(1);
  expect(await of(counselor.token, colleague.id)).toBe(0);
  expect(await of(colleague.token, counselor.id)).toBe(0);
  expect(await of(admin.token, counselor.id)).toBe(1);
  expect(await of(admin.token, 'nobody')).toBe(0);
  expect((await list(foreign.token)).body.count).toBe(0);
  expect((await list(counselor.token, '?property=hack')).body.code).toBe(-2);
  expect(
    (await call('GET', `/message/conversation/web?conversationId=${id}`, { token: foreign.token })).body.code,
  ).toBe(-4);
  expect(
    (await call('GET', `/message/conversation/web?conversationId=${id}`, { token: colleague.token })).body
      .code,
  ).toBe(-5);
  const own = await call('GET', `/message/conversation/web?conversationId=${id}`, { token: visitor.token });
  expect(own.body).toMatchObject({
    count: 1,
    next: null,
    result: [{ seq: 1, kind: 'system', event: 'assigned' }],
  });
});

test('the records by level, page by page: those without one last, whichever way', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx);
  const key = await ctx.keys.createForConversation(new Types.ObjectId(), 'ecnu');
  for (const level of [null, 3, null, 5, 1, null])
    await ctx.models.Conversation.create({
      ...{ key, level, institution: 'ecnu', type: 'COUNSELING_SESSION', status: 'FINISHED' },
      ...{ counselor: counselor.user._id, startAt: new Date(ctx.clock.now()) },
    });
  const page = async (direction: string, number: number) => {
    const query = `property=level&direction=${direction}&size=2&page=${String(number)}`;
    const { body } = await call('GET', `/conversation/consultlist?${query}`, { token: counselor.token });
    expect(body).toMatchObject({ count: 6, next: number < 3 ? number + 1 : null });
    return (body.result as { id: string; level: number | null }[]).map(({ id, level }) => ({ id, level }));
  };
  for (const [direction, levels] of [
    ['asc', [1, 3, 5, null, null, null]],
    ['desc', [5, 3, 1, null, null, null]],
  ] as const) {
    const rows = [
      ...(await page(direction, 1)),
      ...(await page(direction, 2)),
      ...(await page(direction, 3)),
    ];
    expect(rows.map(({ level }) => level)).toEqual(levels);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(6);
    expect(await page(direction, 4)).toEqual([]);
  }
});

test('an unknown path answers 404 in our shape, and nothing tells what serves it', async () => {
  const answer = await call('GET', '/api/v1/nothing');
  expect([answer.status, answer.body.error]).toEqual([404, 'NOT_FOUND']);
  expect(answer.headers.get('x-powered-by')).toBeNull();
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
});
