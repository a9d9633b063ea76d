import { Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Role } from '../../../contract/enums.js';
import type { User } from '../../../models/user.js';
import { normalPhone, sealField } from '../../../services/seal/fields.js';
import type { Ctx } from '../../../services/context.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';

const CARD = ['id', 'name', 'type', 'avatar', 'gender', 'department', 'title', 'qualification', 'state'];
const SEATS = ['online', 'activeCount', 'maxConsults', 'waiting'];

let hotline: Hotline;
let ctx: Ctx;
const people: Record<string, Person> = {};

async function counselor(name: string, phone: string, fields: Partial<User> = {}) {
  const _id = new Types.ObjectId();
  const institution = fields.institution ?? 'ecnu';
  const place = (field: string) => ['users', field, _id.toHexString()] as const;
  return makeCounselor(ctx, 3, {
    _id,
    name,
    phone: await sealField(ctx, institution, place('phone'), phone),
    idNumber: await sealField(ctx, institution, place('idNumber'), '310101199001011234'),
    email: await sealField(ctx, institution, place('email'), 'someone@example.org'),
    ...fields,
  });
}

beforeAll(async () => {
  hotline = await startHotline();
  ctx = hotline.node.ctx;
  const supervisor = await makePerson(ctx, 'SUPERVISOR', { name: '周督导' });
  people['supervisor'] = supervisor;
  people['visitor'] = await makePerson(ctx, 'VISITOR');
  people['admin'] = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  people['system'] = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR', { institution: 'other' });
  people['bound'] = await counselor('张敏', '13800138001', {
    gender: '女',
    department: '心理中心',
    supervisors: [supervisor.user._id],
  });
  people['unbound'] = await counselor('章明(Ming)', '13900139002', { gender: '男', department: '学工部' });
  people['banned'] = await counselor('李停', '13700137003', { enabled: false });
  await counselor('王删', '13600136004', { deleted: true });
  people['foreign'] = await counselor('外校张', '13800138005', { institution: 'other' });
});
afterAll(() => hotline.stop());

type Row = Record<string, unknown>;
async function list(
  as: string,
  query = '',
  of = 'counselor',
): Promise<{ rows: Row[]; count: unknown; next: unknown }> {
  const { token = '' } = people[as] ?? {};
  const { status, body } = await http(hotline.node.url, 'GET', `/user/ms/${of}/list?${query}`, { token });
  expect([status, body.code]).toEqual([200, 0]);
  return { rows: body.result as Row[], count: body.count, next: body.next };
}
const names = ({ rows }: { rows: Row[] }) => rows.map((row) => row['name']);
const rowOf = ({ rows }: { rows: Row[] }, name: string) => rows.find((row) => row['name'] === name) ?? {};

describe('the list of counselors (10b)', () => {
  test.each([
    ['admin', ['张敏', '章明(Ming)', '李停']],
    ['supervisor', ['张敏', '章明(Ming)', '李停']],
    ['bound', ['张敏', '章明(Ming)', '李停']],
    ['visitor', ['张敏', '章明(Ming)']],
    ['system', ['张敏', '章明(Ming)', '李停', '外校张']],
    ['foreign', ['外校张']],
  ])('for %s: own institution, oldest first, %j', async (as, expected) => {
    const answer = await list(as);
    expect(names(answer)).toEqual(expected);
    expect(answer).toMatchObject({ count: expected.length, next: null });
  });

  test('is an institution’s own for somebody who is not signed in: the documented 403', async () => {
    const { status, body } = await http(hotline.node.url, 'GET', '/user/ms/counselor/list');
    expect([status, body.path]).toEqual([403, '/user/ms/counselor/list']);
  });

  test('has the documented keys, state and seats', async () => {
    const row = rowOf(await list('admin'), '张敏');
    expect(row).toMatchObject({
      type: 'COUNSELOR',
      roles: ['ROLE_COUNSELOR'],
      authorities: null,
      phoneNo: '13800138001',
      phoneNumber: '13800138001',
      idNo: '310101199001011234',
      email: 'someone@example.org',
      emergencyContact: { name: null, phoneNo: null },
      openId: null,
      creator: null,
      enabled: true,
      accountNonExpired: true,
      supervisors: [people['supervisor']?.id],
      state: 'online',
      online: true,
      activeCount: 0,
      maxConsults: 3,
      waiting: 0,
    });
    expect(JSON.stringify(row)).not.toMatch(/argon2|passwordHash|phoneIndex/);
  });

  test.each([
    ['admin', ['张敏', '章明(Ming)', '李停']],
    ['system', ['张敏', '章明(Ming)', '李停', '外校张']],
    ['supervisor', ['张敏']],
    ['bound', []],
    ['unbound', []],
    ['visitor', []],
  ])('%s sees phone and ID number of %j only', async (as, expected) => {
    const { rows } = await list(as);
    const seen = rows.filter((row) => row['phoneNumber'] !== null);
    expect(names({ rows: seen })).toEqual(expected);
    for (const key of ['phoneNo', 'idNo', 'idNumber', 'email'])
      expect(rows.filter((row) => row[key] !== null)).toHaveLength(expected.length);
  });

  test('shows a visitor a public card, every other key null', async () => {
    const row = rowOf(await list('visitor'), '张敏');
    const full = rowOf(await list('admin'), '张敏');
    expect(Object.keys(row).sort()).toEqual(Object.keys(full).sort());
    for (const key of [...CARD, ...SEATS]) expect([key, row[key]]).toEqual([key, full[key]]);
    for (const key of Object.keys(row).filter((each) => ![...CARD, ...SEATS].includes(each)))
      expect([key, row[key]]).toEqual([key, null]);
  });

  test.each([
    ['name=张', ['张敏']],
    ['name=(ming)', ['章明(Ming)']],
    ['name=.*', []],
    ['name=', ['张敏', '章明(Ming)', '李停']],
    ['department=中心', ['张敏']],
    ['gender=女', ['张敏']],
    ['gender=%', []],
    ['name=明&gender=女', []],
    ['phoneNumber=138', ['张敏']],
    ['phoneNumber=1390-0139', ['章明(Ming)']],
    ['phoneNumber=00', ['张敏', '章明(Ming)', '李停']],
    ['phoneNumber=abc', []],
    ['name[$ne]=x', ['张敏', '章明(Ming)', '李停']],
  ])('filtered by %s: %j', async (query, expected) => {
    expect(names(await list('admin', encodeURI(query)))).toEqual(expected);
  });

  test.each([
    ['supervisor', 'phoneNumber=139', []],
    ['supervisor', 'phoneNumber=138', ['张敏']],
    ['unbound', 'phoneNumber=138', []],
    ['visitor', 'phoneNumber=138', []],
  ])('%s learns no phone by %s', async (as, query, expected) => {
    expect(await list(as, query)).toMatchObject({ count: expected.length, next: null });
    expect(names(await list(as, query))).toEqual(expected);
  });

  test('pages; 0, 1 and nothing are the first', async () => {
    expect(await list('admin', 'page=0&size=2')).toMatchObject({ count: 3, next: 2 });
    expect(names(await list('admin', 'page=&size=2'))).toEqual(['张敏', '章明(Ming)']);
    const second = await list('admin', 'page=2&size=2');
    expect([names(second), second.next]).toEqual([['李停'], null]);
    expect(names(await list('admin', 'page=2&size=1&phoneNumber=00'))).toEqual(['章明(Ming)']);
  });

  test('counts who waits for a counselor by name', async () => {
    const requested = people['unbound']?.user._id ?? null;
    await ctx.models.Conversation.create({
      type: 'COUNSELING_SESSION',
      status: 'WAITING',
      open: true,
      institution: 'ecnu',
      visitor: people['visitor']?.user._id ?? null,
      requested,
      key: new Types.ObjectId(),
    });
    const answer = await list('visitor');
    expect([rowOf(answer, '章明(Ming)')['waiting'], rowOf(answer, '张敏')['waiting']]).toEqual([1, 0]);
  });
});

describe('the list of supervisors (10a)', () => {
  test('has supervisors only, without a counselor’s seats', async () => {
    const { rows, count } = await list('admin', '', 'supervisor');
    expect([count, names({ rows })]).toEqual([1, ['周督导']]);
    expect(Object.keys(rows[0] ?? {})).not.toContain('online');
    expect(rows[0]).toMatchObject({ type: 'SUPERVISOR' satisfies Role, state: 'offline', maxConsults: null });
  });
});

test.each([
  ['+86 138-0013-8000', '13800138000'],
  ['8613800138000', '13800138000'],
  ['008613800138000', '13800138000'],
  ['１３８００１３８０００', '13800138000'],
  ['021-6223 3333', '02162233333'],
  ['86123456', '86123456'],
])('one spelling of a phone: %s', (text, expected) => {
  expect(normalPhone(text)).toBe(expected);
});
