/** Document sections 5, 6, 8, 9, 16 and 18: adding people and listing them, in the document's own spelling. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Role } from '../../contract/enums.js';
import { md5OfClear } from '../../services/account/password.js';
import type { Ctx } from '../../services/context.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';

let hotline: Hotline;
let ctx: Ctx;
const people: Record<string, Person> = {};

beforeAll(async () => {
  hotline = await startHotline();
  ctx = hotline.node.ctx;
  for (const [name, role, institution] of [
    ['system', 'SYSTEM_ADMINISTRATOR', 'ecnu'],
    ['admin', 'INSTITUTION_ADMINISTRATOR', 'ecnu'],
    ['foreign', 'INSTITUTION_ADMINISTRATOR', 'other'],
    ['supervisor', 'SUPERVISOR', 'ecnu'],
    ['counselor', 'COUNSELOR', 'ecnu'],
    ['visitor', 'VISITOR', 'ecnu'],
  ] as [string, Role, string][])
    people[name] = await makePerson(ctx, role, { institution });
});
afterAll(() => hotline.stop());

const call = (as: string, method: string, path: string, json?: unknown) =>
  http(hotline.node.url, method, path, {
    ...(people[as] ? { token: people[as].token } : {}),
    ...(json === undefined ? {} : { json }),
  });
const stored = (username: string) => ctx.models.User.findOne({ username, deleted: false }).lean();
const OK = { code: 0, message: 'OK', result: 'ok' };
const TAKEN = { code: -2, message: '用户名已存在!', result: null };
const update = (visitor: Person, json: unknown) =>
  http(hotline.node.url, 'POST', '/user/update', { token: visitor.token, json });
let serial = 0;
const fresh = () => `fresh${String((serial += 1))}`;
const password = '173afad5992a3f73a472fc09b05b1fb7';

describe('section 5', () => {
  test('the documented example, and what it answers the second time', async () => {
    const example = { username: 'admin', password, role: 'ROLE_SUPERVISOR' };
    expect((await call('system', 'PUT', '/user/ms', example)).body).toEqual(OK);
    const again = await call('admin', 'PUT', '/user/ms', example);
    expect([again.status, again.body]).toEqual([200, TAKEN]);
    expect(await stored('admin')).toMatchObject({ role: 'SUPERVISOR', institution: 'ecnu', enabled: true });
    const signedIn = await call('', 'POST', '/auth/login', { username: 'admin', password });
    expect(signedIn.body).toEqual(OK);
    expect(await ctx.models.AuditEntry.countDocuments({ action: 'user.create' })).toBe(1);
  });

  test.each([
    ['admin', 'ROLE_COUNSELOR', 0],
    ['admin', 'ROLE_INSTITUTION_ADMINISTRATOR', 0],
    ['admin', 'ROLE_SYSTEM_ADMINISTRATOR', -5],
    ['system', 'ROLE_SYSTEM_ADMINISTRATOR', 0],
    ['admin', 'ROLE_VISITOR', -2],
    ['system', 'COUNSELOR', -2],
    ['system', 'ROLE_GOD', -2],
    ['system', { $ne: 'x' }, -2],
  ])('%s grants %j: %d', async (as, role, code) => {
    const username = fresh();
    expect((await call(as, 'PUT', '/user/ms', { username, password, role })).body.code).toBe(code);
    expect((await stored(username)) !== null).toBe(code === 0);
  });

  test('a system admin names the institution, nobody else does; a body grants nothing', async () => {
    const json = { password, role: 'ROLE_COUNSELOR', institutionCode: 'other' };
    const hostile = {
      institution: 'other',
      enabled: false,
      version: 9,
      _id: 'x',
      userID: 1,
      supervisors: ['x'],
    };
    await call('system', 'PUT', '/user/ms', { ...json, username: 'far' });
    await call('admin', 'PUT', '/user/ms', { ...json, ...hostile, username: 'near' });
    expect((await stored('far'))?.institution).toBe('other');
    expect(await stored('near')).toMatchObject({
      institution: 'ecnu',
      enabled: true,
      version: 1,
      supervisors: [],
    });
    const unknown = await call('system', 'PUT', '/user/ms', {
      ...json,
      username: fresh(),
      institutionCode: 'no',
    });
    expect(unknown.body.code).toBe(-4);
  });

  test.each([
    ['a common password', { password: md5OfClear('123456') }],
    ['the name as the password', { password: md5OfClear('zhangsan'), username: 'zhangsan' }],
    ['a clear password', { password: 'secret' }],
    ['no password', { password: undefined }],
    ['no name', { username: '' }],
    ['a blank name', { username: '  ' }],
    ['a name of another type', { username: { $gt: '' } }],
    ['a guest’s name', { username: 'guest-12' }],
    ['a name with a control character', { username: 'a\u0000b' }],
  ])('refused for %s', async (_what, wrong) => {
    const json = { username: fresh(), password, role: 'ROLE_COUNSELOR', ...wrong };
    const { status, body } = await call('admin', 'PUT', '/user/ms', json);
    expect([status, body.code, body.result]).toEqual([200, -2, null]);
  });

  test('two at once with one name make one', async () => {
    const json = { username: fresh(), password, role: 'ROLE_COUNSELOR' };
    const answers = await Promise.all([1, 2, 3].map(() => call('admin', 'PUT', '/user/ms', json)));
    expect(answers.map(({ body }) => body.code).sort()).toEqual([-2, -2, 0]);
  });

  test('names are unique over institutions, and free after a deletion', async () => {
    const username = fresh();
    const json = { username, password, role: 'ROLE_COUNSELOR' };
    await call('foreign', 'PUT', '/user/ms', json);
    expect((await call('admin', 'PUT', '/user/ms', json)).body).toEqual(TAKEN);
    await ctx.models.User.updateOne({ username }, { $set: { deleted: true } });
    expect((await call('admin', 'PUT', '/user/ms', json)).body).toEqual(OK);
  });
});

test.each([
  ['PUT', '/user/ms', ['supervisor', 'counselor', 'visitor', '']],
  ['PUT', '/user/ms/supervisor', ['supervisor', 'counselor', 'visitor', '']],
  ['PUT', '/user/ms/counselor', ['counselor', 'visitor', '']],
  ['GET', '/user/list', ['counselor', 'visitor', '']],
])('%s %s answers the documented 403 body to %j', async (method, path, callers) => {
  for (const as of callers) {
    const { status, body } = await call(as, method, path);
    expect([as, status, body]).toEqual([
      as,
      403,
      {
        timestamp: expect.stringMatching(/\+00:00$/),
        status: 403,
        error: 'Forbidden',
        message: 'Access Denied',
        path,
      },
    ]);
  }
});

describe('sections 8 and 9', () => {
  const data = {
    name: '王督导',
    gender: '女',
    phoneNumber: 13823456789,
    idNumber: '43230019950616001x',
    department: '心理中心',
    title: '教授',
    qualification: '注册督导师',
    qualificationcode: 'D-17-001',
    email: 'wang@example.org',
  };

  test.each(['supervisor', 'counselor'])(
    'the documented example makes a %s, whatever role it names',
    async (of) => {
      const username = fresh();
      const example = { username, password, role: 'ROLE_SUPERVISOR' };
      expect((await call('admin', 'PUT', `/user/ms/${of}`, example)).body).toEqual(OK);
      expect(await stored(username)).toMatchObject({ role: of.toUpperCase(), name: null, phone: null });
      expect((await call('admin', 'PUT', `/user/ms/${of}`, example)).body).toEqual(TAKEN);
    },
  );

  test('everything given is stored, what is private sealed', async () => {
    const username = fresh();
    await call('admin', 'PUT', '/user/ms/supervisor', { username, password, ...data });
    const user = await stored(username);
    expect(user).toMatchObject({
      name: '王督导',
      gender: '女',
      department: '心理中心',
      title: '教授',
      qualification: '注册督导师',
      qualificationCode: 'D-17-001',
    });
    expect(JSON.stringify(user)).not.toMatch(/13823456789|43230019950616001|wang@/i);
    expect(user?.phone?.toString('latin1')).not.toContain('13823456789');
    const listed = await call('admin', 'GET', '/user/list?type=SUPERVISOR&name=王督导');
    expect(listed.body.result).toMatchObject([
      {
        phoneNumber: '13823456789',
        phoneNo: '13823456789',
        idNumber: '43230019950616001X',
        email: data.email,
      },
    ]);
  });

  test('one added by a supervisor is bound to them', async () => {
    const username = fresh();
    await call('supervisor', 'PUT', '/user/ms/counselor', { username, password, supervisors: ['x'] });
    expect((await stored(username))?.supervisors.map(String)).toEqual([people['supervisor']?.id]);
  });

  test.each([
    ['phoneNumber', '138x'],
    ['phoneNumber', '12'],
    ['phoneNumber', { $ne: null }],
    ['idNumber', '123'],
    ['idNumber', '43230019950616001Y'],
    ['email', 'nobody'],
    ['name', 'x'.repeat(65)],
    ['gender', ['男']],
  ])('%s = %j is refused', async (field, value) => {
    const json = { username: fresh(), password, [field]: value };
    expect((await call('admin', 'PUT', '/user/ms/counselor', json)).body.code).toBe(-2);
  });

  test('empty strings and null count as left out', async () => {
    const username = fresh();
    const json = {
      username,
      password,
      phoneNumber: '',
      idNumber: null,
      email: '',
      name: '',
      qualification: null,
    };
    expect((await call('admin', 'PUT', '/user/ms/counselor', json)).body).toEqual(OK);
  });
});

const KEYS_OF_6 =
  'id createdTime creator lastUpdateTime lastUpdater openId name username type dutyDate gender phoneNo idNo age state emergencyContact avatar isSubscribe activated activateTime roles authorities enabled accountNonExpired credentialsNonExpired accountNonLocked'.split(
    ' ',
  );
const KEYS_OF_16 =
  'id createdTime creator lastUpdateTime lastUpdater institutionCode openId name username avatarUrl type gender phoneNumber email idNumber department title age state avatar totalTime qualification qualificationCode supervisors activated activateTime roles emergencyContact emergencyPhone maxConsults authorities enabled accountNonLocked credentialsNonExpired accountNonExpired subscribe'.split(
    ' ',
  );

describe('sections 6 and 16', () => {
  let wechat: Person;
  let bound: Person;
  beforeAll(async () => {
    wechat = await makePerson(ctx, 'VISITOR', { name: '小雨', username: 'o92QK5j3', openId: 'o92QK5j3' });
    bound = await makeCounselor(ctx, 4, {
      name: '绑定的',
      supervisors: [people['supervisor']?.user._id ?? wechat.user._id],
    });
    await makePerson(ctx, 'VISITOR', { institution: 'other', name: '别家的' });
  });

  test('a bare call answers everyone of the scope, oldest first, with the keys of both sections', async () => {
    const { body } = await call('admin', 'GET', '/user/list?size=200');
    const rows = body.result as Record<string, unknown>[];
    expect(body).toMatchObject({ code: 0, message: 'OK', count: rows.length, next: null });
    for (const row of rows)
      expect(Object.keys(row)).toEqual(expect.arrayContaining([...KEYS_OF_6, ...KEYS_OF_16]));
    expect(new Set(rows.map((row) => row['institutionCode']))).toEqual(new Set(['ecnu']));
    expect(new Set(rows.map((row) => row['type'])).size).toBe(5);
    const times = rows.map((row) => row['createdTime'] as number);
    expect(times).toEqual([...times].sort((x, y) => x - y));
    expect(JSON.stringify(rows)).not.toMatch(/argon2|passwordHash|Index|version/);
    const all = await call('system', 'GET', '/user/list?size=200');
    expect(all.body.count).toBeGreaterThan(rows.length);
  });

  test('a visitor’s row is as in section 16, a counselor’s as in section 6', async () => {
    await ctx.models.Conversation.create(
      [120, 61].map((duration) => ({
        type: 'COUNSELING_SESSION' as const,
        status: 'FINISHED' as const,
        institution: 'ecnu',
        visitor: wechat.user._id,
        duration,
        key: wechat.user._id,
      })),
    );
    const { body } = await call('admin', 'GET', '/user/list?type=VISITOR&name=雨');
    expect(body.result).toMatchObject([
      {
        id: wechat.id,
        institutionCode: 'ecnu',
        openId: 'o92QK5j3',
        username: 'o92QK5j3',
        type: 'VISITOR',
        roles: 'ROLE_VISITOR',
        state: null,
        age: 0,
        totalTime: 181,
        emergencyContact: null,
        emergencyPhone: null,
        supervisors: null,
        maxConsults: 5,
        enabled: true,
        subscribe: false,
        isSubscribe: false,
        activated: false,
      },
    ]);
    const staff = await call('admin', 'GET', '/user/list?type=COUNSELOR&name=绑定的');
    expect(staff.body.result).toMatchObject([
      {
        openId: null,
        roles: ['ROLE_COUNSELOR'],
        state: 'online',
        maxConsults: 4,
        emergencyContact: { name: null, phoneNo: null },
        supervisors: [people['supervisor']?.id],
      },
    ]);
  });

  test('a supervisor finds visitors, and staff only by type', async () => {
    const bare = await call('supervisor', 'GET', '/user/list?size=200');
    expect(new Set((bare.body.result as { type: string }[]).map(({ type }) => type))).toEqual(
      new Set(['VISITOR']),
    );
    expect((await call('supervisor', 'GET', '/user/list?type=COUNSELOR')).body.code).toBe(0);
    expect((await call('supervisor', 'GET', '/user/list?type=SYSTEM_ADMINISTRATOR')).body.code).toBe(-5);
  });

  test('a supervisor sees what is private of those visitors only whose sessions they supervise', async () => {
    const mine = await makePerson(ctx, 'VISITOR', { name: '我的' });
    const others = await makePerson(ctx, 'VISITOR', { name: '他的' });
    for (const visitor of [mine, others])
      await update(visitor, {
        name: '',
        phoneNumber: '13800138000',
        emergencyContact: '妈妈',
        emergencyPhone: '',
      });
    await ctx.models.Conversation.create({
      type: 'COUNSELING_SESSION',
      status: 'FINISHED',
      institution: 'ecnu',
      visitor: mine.user._id,
      counselor: bound.user._id,
      key: mine.user._id,
    });
    const rows = (await call('supervisor', 'GET', '/user/list?size=200')).body.result as Record<
      string,
      unknown
    >[];
    const of = (person: Person) => rows.find((row) => row['id'] === person.id);
    expect(of(mine)).toMatchObject({ phoneNumber: '13800138000', emergencyContact: '妈妈', activated: true });
    expect(of(others)).toMatchObject({ phoneNumber: null, emergencyContact: null });
  });
  test.each([
    ['state=online', (row: Row) => row.state === 'online'],
    ['state=offline', (row: Row) => row.state === 'offline' && row.type !== 'VISITOR'],
    ['type=VISITOR&state=online', () => false],
    ['name=%E7%BB%91', (row: Row) => row.name === '绑定的'],
    ['name=.*', () => false],
    ['type=&state=&name=&page=', () => true],
    ['name[$ne]=x', () => true],
  ])('filtered by %s', async (query, fits) => {
    const all = (await call('admin', 'GET', '/user/list?size=200')).body.result as Row[];
    const { body } = await call('admin', 'GET', `/user/list?size=200&${query}`);
    expect((body.result as Row[]).map(({ id }) => id)).toEqual(all.filter(fits).map(({ id }) => id));
    expect(body.count).toBe((body.result as Row[]).length);
  });
  interface Row {
    id: string;
    type: string;
    state: string | null;
    name: string | null;
  }

  test('pages; an unknown type or state is refused', async () => {
    const { body } = await call('admin', 'GET', '/user/list?size=3');
    expect([(body.result as unknown[]).length, body.next]).toEqual([3, 2]);
    const first = await call('admin', 'GET', '/user/list?page=0&size=3');
    expect(first.body.result).toEqual(body.result);
    for (const bad of ['type=x', 'state=x', 'page=-1', 'size=x'])
      expect((await call('admin', 'GET', `/user/list?${bad}`)).body.code).toBe(-2);
  });
});

describe('section 18', () => {
  const row = async (visitor: Person) =>
    (
      (await call('admin', 'GET', '/user/list?type=VISITOR&size=200')).body.result as Record<
        string,
        unknown
      >[]
    ).find(({ id }) => id === visitor.id);

  test('the documented example empties everything and activates', async () => {
    const visitor = await makePerson(ctx, 'VISITOR');
    const example = { name: '', phoneNumber: '', emergencyContact: '', emergencyPhone: '' };
    expect((await update(visitor, example)).body).toEqual(OK);
    expect(await row(visitor)).toMatchObject({
      name: null,
      phoneNumber: null,
      emergencyContact: null,
      emergencyPhone: null,
      activated: true,
      activateTime: expect.any(Number),
    });
  });

  test.each([
    [{ emergencyContact: '妈妈', emergencyPhone: '13800138001' }, '妈妈', '13800138001'],
    [
      { emergencyContact: { name: '爸爸', phoneNo: '13800138002' }, emergencyPhone: '' },
      '爸爸',
      '13800138002',
    ],
    [{ emergencyContact: { name: '爸爸' }, emergencyPhone: 13800138003 }, '爸爸', '13800138003'],
    [{ emergencyContact: '妈妈', emergencyPhone: { phoneNo: 13800138004 } }, '妈妈', '13800138004'],
    [{ emergencyContact: null, emergencyPhone: null }, null, null],
  ])('contacts as strings or objects: %j', async (given, name, phone) => {
    const visitor = await makePerson(ctx, 'VISITOR');
    const json = {
      name: '小雪',
      phoneNumber: 18501799792,
      role: 'SYSTEM_ADMINISTRATOR',
      enabled: false,
      ...given,
    };
    expect((await update(visitor, json)).body).toEqual(OK);
    expect(await row(visitor)).toMatchObject({
      name: '小雪',
      phoneNumber: '18501799792',
      emergencyContact: name,
      emergencyPhone: phone,
      enabled: true,
      type: 'VISITOR',
    });
  });

  test.each([
    { phoneNumber: 'abc' },
    { emergencyPhone: '1' },
    { emergencyContact: ['x'] },
    { emergencyContact: { name: { $ne: 1 } } },
    { name: 5 },
    { name: 'x'.repeat(33) },
    { name: undefined },
  ])('refused: %j', async (wrong) => {
    const visitor = await makePerson(ctx, 'VISITOR');
    const json = { name: 'x', phoneNumber: '', emergencyContact: '', emergencyPhone: '', ...wrong };
    expect((await update(visitor, json)).body.code).toBe(-2);
  });

  test('a new name stands on the visitor’s conversations too; staff gets the 403 body', async () => {
    const visitor = await makePerson(ctx, 'VISITOR');
    const { _id } = await ctx.models.Conversation.create({
      type: 'COUNSELING_SESSION',
      status: 'FINISHED',
      institution: 'ecnu',
      visitor: visitor.user._id,
      visitorName: '旧名',
      key: visitor.user._id,
    });
    await update(visitor, { name: '新名', phoneNumber: '', emergencyContact: '', emergencyPhone: '' });
    expect((await ctx.models.Conversation.findById(_id).lean())?.visitorName).toBe('新名');
    expect((await call('counselor', 'POST', '/user/update', {})).status).toBe(403);
  });

  test('a conversation opened right after the name was given stands under it', async () => {
    const visitor = await makePerson(ctx, 'VISITOR', { name: null });
    // The session is known from before.
    await http(hotline.node.url, 'GET', '/auth/me', { token: visitor.token });
    await update(visitor, { name: '刚说的名字', phoneNumber: '', emergencyContact: '', emergencyPhone: '' });
    const opened = await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json: {} });
    expect(opened.body).toMatchObject({ code: 0 });
    const found = await call('admin', 'GET', '/conversation/consultlist?visitorName=%E5%88%9A%E8%AF%B4');
    expect(found.body).toMatchObject({ count: 1, result: [{ visitor: { id: visitor.id } }] });
  });
});
