/** Document sections 11 to 15, 17, 19 and 20: editing, removing and banning people, and one's own password. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Role } from '../../contract/enums.js';
import { createSession } from '../../services/account/session.js';
import { hashPassword, md5OfClear } from '../../services/account/password.js';
import type { Ctx } from '../../services/context.js';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, http } from '../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';

let hotline: Hotline;
let ctx: Ctx;
let url: string;
let other: string;
const people: Record<string, Person> = {};
const OK = { code: 0, message: 'OK', result: 'ok' };
const secret = md5OfClear('a long old password');
const another = md5OfClear('a long new password');

beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
  ctx = hotline.node.ctx;
  [url, other] = hotline.nodes.map((node) => node.url) as [string, string];
  for (const [name, role, institution] of [
    ['system', 'SYSTEM_ADMINISTRATOR', 'ecnu'],
    ['admin', 'INSTITUTION_ADMINISTRATOR', 'ecnu'],
    ['foreign', 'INSTITUTION_ADMINISTRATOR', 'other'],
    ['supervisor', 'SUPERVISOR', 'ecnu'],
    ['stranger', 'SUPERVISOR', 'other'],
    ['colleague', 'COUNSELOR', 'ecnu'],
    ['visitor', 'VISITOR', 'ecnu'],
  ] as [string, Role, string][])
    people[name] = await makePerson(ctx, role, { institution });
});
afterAll(() => hotline.stop());

const call = (as: string | Person, method: string, path: string, json?: unknown) => {
  const person = typeof as === 'string' ? people[as] : as;
  return http(url, method, path, {
    ...(person ? { token: person.token } : {}),
    ...(json === undefined ? {} : { json }),
  });
};
const code = async (as: string | Person, method: string, path: string, json?: unknown) => {
  const { status, body } = await call(as, method, path, json);
  return status === 403 ? 403 : body.code;
};
const stored = (person: Person) => ctx.models.User.findById(person.id).lean().orFail();
const withPassword = async (role: Role, fields = {}) =>
  makePerson(ctx, role, { passwordHash: await hashPassword(ctx, secret), ...fields });
const logIn = async (username: string, password: string) =>
  (await http(url, 'POST', '/auth/login', { json: { username, password } })).body.code;
const row = async (of: Person, type: string) => {
  const { body } = await call('admin', 'GET', `/user/list?type=${type}&size=200`);
  return (body.result as Record<string, unknown>[]).find(({ id }) => id === of.id);
};
const open = async (visitor: Person, counselor?: Person) =>
  (await call(visitor, 'PUT', '/conversation', counselor ? { counselor: counselor.id } : {})).body.result as {
    id: string;
    status: string;
  };
const conversation = (id: string) => ctx.models.Conversation.findById(id).lean().orFail();
const seats = async (of: Person) =>
  (await ctx.models.Duty.findById(of.id).lean().orFail()).seats.map((seat) =>
    seat.conversation.toHexString(),
  );

describe.each([
  ['11', 'supervisor', 'SUPERVISOR'],
  ['12', 'counselor', 'COUNSELOR'],
] as [string, string, Role][])('section %s', (_section, kind, role) => {
  const path = `/user/ms/${kind}`;

  test('the documented call: everything in the query', async () => {
    const person = await withPassword(role);
    const query = new URLSearchParams({
      username: person.user.username,
      password: secret,
      name: '新名字',
      phoneNumber: '13823456789',
      idNumber: '43230019950616001X',
      department: '学工部',
      title: '讲师',
      qualification: '注册督导师',
      qualificationcode: 'Q-1',
      email: 'x@example.org',
    });
    expect((await call('admin', 'POST', `${path}?${query.toString()}`)).body).toEqual(OK);
    expect(await row(person, role)).toMatchObject({
      name: '新名字',
      phoneNumber: '13823456789',
      idNumber: '43230019950616001X',
      department: '学工部',
      title: '讲师',
      email: 'x@example.org',
      ...(kind === 'supervisor'
        ? { qualification: '注册督导师', qualificationCode: 'Q-1' }
        : { qualification: null }),
    });
    // The present password changes nothing: the session goes on.
    expect((await call(person, 'GET', '/auth/me')).status).toBe(200);
    expect(JSON.stringify(await stored(person))).not.toMatch(/13823456789|x@example/);
  });

  test('left out is unchanged, empty clears; form and JSON are read too', async () => {
    const person = await withPassword(role, { name: '旧', department: '旧部', title: '旧衔' });
    const { username } = person.user;
    const form = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${people['admin']?.token ?? ''}` },
      body: new URLSearchParams({ username, department: '', title: '新衔' }),
    });
    expect(await form.json()).toEqual(OK);
    expect(await stored(person)).toMatchObject({ name: '旧', department: null, title: '新衔' });
    await call('system', 'POST', path, {
      username,
      name: null,
      role: 'SYSTEM_ADMINISTRATOR',
      enabled: false,
    });
    expect(await stored(person)).toMatchObject({ name: null, role, enabled: true });
  });

  test('another password is an admin’s to set and ends their sessions', async () => {
    const person = await withPassword(role);
    const { username } = person.user;
    expect(await code('admin', 'POST', path, { username, password: md5OfClear('123456') })).toBe(-2);
    const socket = await connect(other, person.token);
    expect(await code('admin', 'POST', path, { username, password: another })).toBe(0);
    await until(() => !socket.socket.connected, 'the socket is closed', 1_000);
    expect((await call(person, 'GET', '/auth/me')).status).toBe(403);
    expect([await logIn(username, secret), await logIn(username, another)]).toEqual([-3, 0]);
  });

  test('oneself: data yes, another password no', async () => {
    const person = await withPassword(role);
    const { username } = person.user;
    expect(await code(person, 'POST', path, { username, title: '我', password: secret })).toBe(0);
    const refused = await call(person, 'POST', path, { username, title: '他', password: another });
    expect([refused.body.code, refused.body.message]).toEqual([-2, expect.stringContaining('修改密码')]);
    expect(await stored(person)).toMatchObject({ title: '我', version: 1 });
    // A phone that they wrote themselves signs nobody in; one that an admin wrote does.
    await call(person, 'POST', path, { username, phoneNumber: '13900000001' });
    expect((await stored(person)).unproved).toEqual(['phone']);
    await call('admin', 'POST', path, { username, phoneNumber: '13900000002' });
    await call(person, 'POST', path, { username, phoneNumber: '13900000002' });
    expect((await stored(person)).unproved).toEqual([]);
  });

  test('others: -5; another institution’s and unknown ones: -4; who may never: the 403 body', async () => {
    const person = await withPassword(role);
    const peer = await withPassword(role);
    const { username } = person.user;
    expect(await code(peer, 'POST', path, { username, title: 'x' })).toBe(-5);
    expect(await code('foreign', 'POST', path, { username, title: 'x' })).toBe(-4);
    expect(await code('admin', 'POST', path, { username: 'nobody at all' })).toBe(-4);
    expect(await code('admin', 'POST', path, { username: people['admin']?.user.username })).toBe(-4);
    expect(await code('admin', 'POST', path, { username: { $ne: null } })).toBe(-2);
    for (const as of ['visitor', '', kind === 'supervisor' ? 'colleague' : 'supervisor'])
      expect(await code(as, 'POST', path, { username })).toBe(403);
  });
});

describe('section 19', () => {
  test('the documented example, its supervisors being ours', async () => {
    const person = await makeCounselor(ctx);
    const example = {
      username: 'jiangxianjie',
      name: 'jiang',
      age: '19',
      gender: '男',
      phoneNumber: '13823456789',
      idNumber: '43230019950616001X',
      department: '323',
      title: '3213',
      email: '21312dsfs@qq.com',
      supervisors: ['402881217baae7cc017baaec61220000', '2c93189d7b58c281017b58def401000a'],
    };
    const path = `/user/ms/counselor/${person.id}`;
    // Ids that are nobody's here: refused, and nothing is written.
    expect(await code('admin', 'POST', path, example)).toBe(-2);
    expect((await stored(person)).username).toBe(person.user.username);
    const supervisors = [people['supervisor']?.id];
    expect((await call('admin', 'POST', path, { ...example, supervisors })).body).toEqual(OK);
    expect(await row(person, 'COUNSELOR')).toMatchObject({ ...example, age: 19, supervisors });
    // Repeated with its own name it is no clash.
    expect(await code('admin', 'POST', path, { ...example, supervisors })).toBe(0);
  });

  test('a supervisor edits bound counselors only; -4 for the unknown and for others’ people', async () => {
    const bound = await makeCounselor(ctx, 5, { supervisors: [people['supervisor']?.user._id as never] });
    const free = await makeCounselor(ctx);
    const far = await makeCounselor(ctx, 5, { institution: 'other' });
    const edit = (as: string, id: string) => code(as, 'POST', `/user/ms/counselor/${id}`, { title: 'x' });
    expect(await edit('supervisor', bound.id)).toBe(0);
    expect(await edit('supervisor', free.id)).toBe(-5);
    expect(await edit('admin', far.id)).toBe(-4);
    expect(await edit('system', far.id)).toBe(0);
    for (const id of ['0'.repeat(24), 'x', people['supervisor']?.id ?? '', people['visitor']?.id ?? ''])
      expect(await edit('admin', id)).toBe(-4);
    expect([await edit('colleague', free.id), await edit('visitor', free.id)]).toEqual([403, 403]);
  });

  test.each([
    { supervisors: 'x' },
    { supervisors: [{ $ne: 1 }] },
    { age: 'old' },
    { age: 200 },
    { phoneNumber: 'no' },
    { maxConsults: 51 },
    { email: [] },
  ])('refused: %j', async (json) => {
    const person = await makeCounselor(ctx);
    expect(await code('admin', 'POST', `/user/ms/counselor/${person.id}`, json)).toBe(-2);
  });

  test('a supervisor of another institution and a taken name are refused; the list can be emptied; the cap holds', async () => {
    const person = await makeCounselor(ctx, 5, { supervisors: [people['supervisor']?.user._id as never] });
    const path = `/user/ms/counselor/${person.id}`;
    expect(await code('admin', 'POST', path, { supervisors: [people['stranger']?.id] })).toBe(-2);
    const taken = await call('admin', 'POST', path, { username: people['colleague']?.user.username });
    expect(taken.body).toEqual({ code: -2, message: '用户名已存在!', result: null });
    expect(
      await code('admin', 'POST', path, { supervisors: [], maxConsults: '2', role: 'X', version: 7 }),
    ).toBe(0);
    expect(await stored(person)).toMatchObject({ supervisors: [], role: 'COUNSELOR', version: 1 });
    expect((await ctx.models.Duty.findById(person.id).lean())?.maxConsults).toBe(2);
  });
});

describe('section 17', () => {
  const change = (person: Person, oldPassword: string, password: string) =>
    call(person, 'POST', '/user/password', { oldPassword, password });

  test('the documented example; every other session ends, the caller’s own goes on, its socket too', async () => {
    const example = {
      oldPassword: 'e10adc3949ba59abbe56e057f20f883e',
      password: '173afad5992a3f73a472fc09b05b1fb7',
    };
    const person = await makePerson(ctx, 'COUNSELOR', {
      passwordHash: await hashPassword(ctx, example.oldPassword),
    });
    const second = { ...person, token: (await createSession(ctx, person.user)).token };
    const own = await connect(other, person.token);
    const gone = await connect(other, second.token);
    expect((await call(person, 'POST', '/user/password', example)).body).toEqual(OK);
    await until(() => !gone.socket.connected, 'the other socket is closed', 1_000);
    expect((await call(second, 'GET', '/auth/me')).status).toBe(403);
    expect((await call(person, 'GET', '/auth/me')).status).toBe(200);
    // It is still heard and still told.
    expect(await own.must('presence:set', { state: 'online' })).toMatchObject({ state: 'online' });
    await own.hear('presence:changed', (told) => told.userId === person.id);
    expect(own.heard('session:closed')).toEqual([]);
    expect(await logIn(person.user.username, example.password)).toBe(0);
  });

  test('a wrong old one and a common new one are refused; guesses are limited', async () => {
    const person = await withPassword('SUPERVISOR');
    expect((await change(person, another, secret)).body.code).toBe(-2);
    expect((await change(person, secret, md5OfClear('123456'))).body.code).toBe(-2);
    expect((await change(person, secret, md5OfClear(person.user.username))).body.code).toBe(-2);
    for (let guess = 0; guess < 9; guess += 1) await change(person, md5OfClear(String(guess)), another);
    const limited = await change(person, secret, another);
    expect([limited.status, limited.body.code]).toEqual([429, -3]);
    expect(await stored(person)).toMatchObject({ version: 1 });
  });

  test('a visitor has none; what is no MD5 is refused', async () => {
    expect(await code('visitor', 'POST', '/user/password', { oldPassword: secret, password: another })).toBe(
      403,
    );
    const person = await withPassword('COUNSELOR');
    for (const json of [{}, { oldPassword: secret }, { oldPassword: 'clear', password: 'clear' }])
      expect(await code(person, 'POST', '/user/password', json)).toBe(-2);
  });
});

describe('sections 15 and 20', () => {
  test('a banned visitor is cut off, their conversation ends, they are kept out until it is lifted', async () => {
    const counselor = await makeCounselor(ctx);
    const device = `device-${counselor.id}`;
    const guest = await http(url, 'POST', '/api/v1/guest', { json: { device } });
    const visitor = { id: guest.body.result.me.id, token: guest.body.result.token } as Person;
    const { id } = await open(visitor, counselor);
    const v = await connect(other, visitor.token);
    const c = await connect(other, counselor.token);
    expect((await call('supervisor', 'POST', `/user/ban/${visitor.id}`)).body).toEqual(OK);
    await until(() => !v.socket.connected, 'cut off', 1_000);
    const me = await http(other, 'GET', '/auth/me', { token: visitor.token });
    expect([me.status, me.body.path]).toEqual([403, '/auth/me']);
    expect(await conversation(id)).toMatchObject({
      status: 'FINISHED',
      endCause: 'VISITOR_BANNED',
      sealed: true,
    });
    expect(await seats(counselor)).toEqual([]);
    await c.hear('conversation:updated', (told) => told.id === id && told.status === 'FINISHED');
    expect((await http(url, 'POST', '/api/v1/guest', { json: { device } })).body.code).toBe(-5);
    expect(await row(visitor, 'VISITOR')).toMatchObject({ enabled: false });
    // Repeating is harmless, and so is lifting it twice.
    expect(await code('admin', 'POST', `/user/ban/${visitor.id}`, { reason: '骚扰' })).toBe(0);
    expect(await code('admin', 'POST', `/user/active/${visitor.id}`)).toBe(0);
    expect(await code('supervisor', 'POST', `/user/active/${visitor.id}`)).toBe(0);
    expect((await http(url, 'POST', '/api/v1/guest', { json: { device } })).body.code).toBe(0);
  });

  test('one who waits leaves the queue', async () => {
    const counselor = await makeCounselor(ctx, 0);
    const [first, second] = [await makePerson(ctx, 'VISITOR'), await makePerson(ctx, 'VISITOR')];
    const waiting = await open(first, counselor);
    const next = await open(second, counselor);
    await call('admin', 'POST', `/user/ban/${first.id}`);
    expect(await conversation(waiting.id)).toMatchObject({ status: 'CANCELLED', endCause: 'VISITOR_BANNED' });
    const { body } = await http(url, 'GET', `/api/v1/conversations/${next.id}`, { token: second.token });
    expect(body.result).toMatchObject({ status: 'WAITING', position: 1 });
  });

  test('a ban crossing an opening leaves nothing open', async () => {
    for (let round = 0; round < 5; round += 1) {
      const visitor = await makePerson(ctx, 'VISITOR');
      await Promise.all([open(visitor), call('admin', 'POST', `/user/ban/${visitor.id}`)]);
      expect(await ctx.models.Conversation.countDocuments({ visitor: visitor.user._id, open: true })).toBe(0);
    }
  });

  test.each([
    ['supervisor', 'colleague', -5],
    ['admin', 'admin', -5],
    ['admin', 'system', -5],
    ['foreign', 'visitor', -4],
    ['colleague', 'visitor', 403],
    ['visitor', 'visitor', 403],
    ['', 'visitor', 403],
  ])('%s bans %s: %d', async (as, of, expected) => {
    for (const verb of ['ban', 'active'])
      expect([verb, await code(as, 'POST', `/user/${verb}/${people[of]?.id ?? ''}`)]).toEqual([
        verb,
        expected,
      ]);
  });

  test.each(['0'.repeat(24), '402881217baae7cc017baaec61220000', '%24ne'])(
    'unknown: -4 for %s',
    async (id) => {
      expect(await code('admin', 'POST', `/user/ban/${id}`)).toBe(-4);
      expect(await code('admin', 'POST', `/user/active/${id}`)).toBe(-4);
    },
  );

  test('a disabled counselor’s visitors go back to the queue and on to somebody else', async () => {
    const institution = 'ban-house';
    const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
    const counselor = await makeCounselor(ctx, 1, { institution });
    const visitor = await makePerson(ctx, 'VISITOR', { institution });
    const behind = await makePerson(ctx, 'VISITOR', { institution });
    const { id } = await open(visitor, counselor);
    const named = await open(behind, counselor);
    expect(await code(admin, 'POST', `/user/ban/${counselor.id}`)).toBe(0);
    expect(await conversation(id)).toMatchObject({
      status: 'WAITING',
      counselor: null,
      requested: null,
      open: true,
    });
    expect(await conversation(named.id)).toMatchObject({ status: 'WAITING', requested: null });
    expect(await ctx.models.Duty.findById(counselor.id).lean()).toMatchObject({
      presence: 'offline',
      seats: [],
    });
    const next = await makeCounselor(ctx, 1, { institution });
    await ctx.admissions.admit(institution);
    // Who was served comes before who waited.
    expect(await seats(next)).toEqual([id]);
    expect((await conversation(id)).counselor?.toHexString()).toBe(next.id);
    expect(await code(admin, 'POST', `/user/active/${counselor.id}`)).toBe(0);
  });
});

describe.each([
  ['13', 'supervisor', 'SUPERVISOR'],
  ['14', 'counselor', 'COUNSELOR'],
] as [string, string, Role][])('section %s', (_section, kind, role) => {
  const remove = (as: string, username: string, query = '') =>
    code(as, 'DELETE', `/user/ms/${kind}/${encodeURIComponent(username)}${query}`);

  test('their sessions end, the name is free, the history stays; once gone: -4', async () => {
    const person = await withPassword(role, { username: `要走的${kind}`, name: '留名' });
    const { username } = person.user;
    expect(await remove('admin', username)).toBe(0);
    expect((await call(person, 'GET', '/auth/me')).status).toBe(403);
    expect(await logIn(username, secret)).toBe(-3);
    expect(await remove('admin', username)).toBe(-4);
    expect(await stored(person)).toMatchObject({ deleted: true, name: '留名', username });
    expect(await row(person, role)).toBeUndefined();
    const again = { username, password: another };
    expect(await code('admin', 'PUT', `/user/ms/${kind}`, again)).toBe(0);
    expect(await ctx.models.User.countDocuments({ username })).toBe(2);
  });

  test('of another role, another institution, nobody: -4; who may never: the 403 body', async () => {
    const person = await withPassword(role);
    const { username } = person.user;
    expect(await remove('foreign', username)).toBe(-4);
    expect(await remove('admin', 'nobody at all')).toBe(-4);
    expect(await remove('admin', people['admin']?.user.username ?? '')).toBe(-4);
    for (const as of ['supervisor', 'colleague', 'visitor', '']) expect(await remove(as, username)).toBe(403);
    expect(await remove('admin', username, '?force=maybe')).toBe(-2);
    expect((await stored(person)).deleted).toBe(false);
  });
});

test('13, 14: an open conversation refuses it and says why, force hands it over', async () => {
  const counselor = await makeCounselor(ctx, 2);
  const visitor = await makePerson(ctx, 'VISITOR');
  const { id } = await open(visitor, counselor);
  const path = `/user/ms/counselor/${counselor.user.username}`;
  const refused = await call('admin', 'DELETE', path);
  expect(refused.body).toMatchObject({ code: -2, message: expect.stringContaining('1个进行中的会话') });
  expect((await call(counselor, 'GET', '/auth/me')).status).toBe(200);
  const v = await connect(other, visitor.token);
  expect((await call('admin', 'DELETE', `${path}?force=true`)).body).toEqual(OK);
  const now = await conversation(id);
  expect(now.counselor?.toHexString()).not.toBe(counselor.id);
  expect(['WAITING', 'IN_PROGRESS']).toContain(now.status);
  await v.hear('message:created', (message) => message.event === 'requeued');
});

test('a deleted supervisor is nobody’s supervisor any more', async () => {
  const supervisor = await makePerson(ctx, 'SUPERVISOR');
  const bound = await makeCounselor(ctx, 1, { supervisors: [supervisor.user._id] });
  await call('admin', 'DELETE', `/user/ms/supervisor/${supervisor.user.username}`);
  expect((await stored(bound)).supervisors).toEqual([]);
});
