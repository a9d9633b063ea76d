/** What the second document implies and gives no call for (contract-notes.md section 4): conversations of orders,
 * comments on orders, intake forms, corrections, one calendar. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dayOf } from '../../../services/roster/day.js';
import { sweepOrders } from '../../../services/order/follow.js';
import { momentOf } from '../../../services/time/moment.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { until } from '../../support/poll.js';
import { ask } from './client.js';
import { workbook } from './sheets.js';

let hotline: Hotline;
let me: Person;
let colleague: Person;
let visitor: Person;
const clock = testClock();
const DAY_MS = 86_400_000;
const tomorrow = () => dayOf(clock.now() + DAY_MS);
beforeAll(async () => {
  hotline = await startHotline({ clock, nodes: 2 });
  const { ctx } = hotline.node;
  me = await makeCounselor(ctx);
  colleague = await makeCounselor(ctx);
  visitor = await makePerson(ctx, 'VISITOR');
});
afterAll(() => hotline.stop());

const call = (who: Person, method: string, path: string, json?: Record<string, unknown>, node = 0) =>
  http(hotline.nodes[node]!.url, method, `/api/v1/${path}`, { token: who.token, ...(json ? { json } : {}) });
const say = (path: string, body: Record<string, unknown> = {}, who = me) =>
  ask(hotline.node.url, `/api/consultant/${path}`, { userID: who.user.userID, token: who.token, ...body });
const rate = (json: Record<string, unknown>, who = visitor) =>
  http(hotline.node.url, 'PUT', '/evaluate', { token: who.token, json });
const statusOf = async (id: number) =>
  ((await say('orders', { page: 1, pageSize: 200 })).body.data.data as { id: number; status: string }[]).find(
    (row) => row.id === id,
  )?.status;
const end = (conversationId: string) =>
  http(hotline.node.url, 'POST', `/conversation/end/${conversationId}`, { token: visitor.token });

let contact = 0;
async function booked(time: string, type = '在线咨询'): Promise<number> {
  contact += 1;
  const { ctx } = hotline.node;
  const [from = '', to = ''] = time.split('-');
  const where = { consultant: me.user._id, day: tomorrow() };
  if (!(await ctx.models.WorkDay.exists(where)))
    await ctx.models.WorkDay.create({ ...where, institution: 'ecnu', spans: [] });
  await ctx.models.WorkDay.updateOne(where, { $push: { spans: { id: contact, from, to } } });
  const answer = await call(visitor, 'POST', 'bookings', {
    consultant: me.user.userID,
    name: '李一',
    age: 21,
    gender: '男',
    type,
    date: tomorrow(),
    time,
    contact: `wx-${String(contact)}`,
  });
  expect([answer.status, answer.body.message]).toEqual([200, 'OK']);
  return answer.body.result.id as number;
}
/** Its time has come: sessions and presence would not outlive a clock that is moved by a day. */
const itIsTime = (id: number) =>
  hotline.node.ctx.models.Order.updateOne(
    { caseID: id },
    { $set: { startAt: new Date(clock.now() - 60_000), endAt: new Date(clock.now() + 3_600_000) } },
  );

test('an online order opens its conversation near its time, and its status follows it', async () => {
  const [id, offline] = [await booked('09:00-10:00'), await booked('11:00-12:00', '线下咨询')];
  const open = (booking = id, who = visitor, node = 0) =>
    call(who, 'POST', `bookings/${String(booking)}/conversation`, {}, node);
  expect((await open()).body.message).toContain('还没有接单');
  for (const order of [id, offline])
    expect((await call(me, 'POST', `orders/${String(order)}/accept`, {})).status).toBe(200);
  expect((await open(offline)).body.message).toContain('线下咨询');
  expect((await open()).body.message).toContain('起可以进入咨询');
  expect((await open(id, await makePerson(hotline.node.ctx, 'VISITOR'))).status).toBe(404);
  expect((await rate({ orderId: id, objectType: 'COUNSELOR', level: 5 })).body.code).toBe(-2);

  await itIsTime(id);
  await hotline.node.ctx.models.Duty.updateOne({ _id: me.user._id }, { $set: { presence: 'offline' } });
  const [one, two] = await Promise.all([open(id, visitor, 0), open(id, visitor, 1)]);
  expect([one.status, two.status]).toEqual([200, 200]);
  expect(two.body.result.id).toBe(one.body.result.id);
  expect(one.body.result).toMatchObject({ status: 'WAITING', requestedCounselor: { id: me.id } });
  // Nobody took it: the appointment stands and opens another.
  await end(one.body.result.id as string);
  await until(
    async () => (await hotline.node.ctx.models.Order.findOne({ caseID: id }).lean())?.conversation === null,
    'the order let go of it',
  );
  expect(await statusOf(id)).toBe('等待中');

  await hotline.node.ctx.models.Duty.updateOne({ _id: me.user._id }, { $set: { presence: 'online' } });
  const next = (await open()).body.result.id as string;
  expect(next).not.toBe(one.body.result.id);
  await until(async () => (await statusOf(id)) === '咨询中', 'the order begins with it');
  expect((await call(me, 'POST', `orders/${String(id)}/finish`, {})).body.message).toContain('还没有结束');
  await end(next);
  await until(async () => (await statusOf(id)) === '已结束', 'the order ends with it');
  expect((await open()).status).toBe(422);
  expect(await hotline.node.ctx.models.Order.countDocuments({ following: true })).toBe(0);
});

test('what a crash swallowed the sweep finds', async () => {
  const { ctx } = hotline.node;
  const id = await booked('14:00-15:00');
  await call(me, 'POST', `orders/${String(id)}/accept`, {});
  const ended = await ctx.models.Conversation.findOne({
    visitor: visitor.user._id,
    startAt: { $ne: null },
  }).lean();
  await ctx.models.Order.updateMany({ conversation: ended!._id }, { $set: { conversation: null } });
  await ctx.models.Order.updateOne({ caseID: id }, { $set: { conversation: ended!._id, following: true } });
  await sweepOrders(ctx);
  expect(await statusOf(id)).toBe('已结束');
  await ctx.models.Order.updateOne({ caseID: id }, { $set: { conversation: null } });
});

test('a client comments on an order, in words that only its key opens; it stands among the comments', async () => {
  const { ctx } = hotline.node;
  const id = await booked('16:00-17:00', '线下咨询');
  for (const move of ['accept', 'start', 'finish'])
    expect((await call(me, 'POST', `orders/${String(id)}/${move}`, {})).status).toBe(200);
  const said = { orderId: id, objectType: 'COUNSELOR', level: 4, content: '很有帮助' };
  expect((await rate({ objectType: 'COUNSELOR' })).body.code).toBe(-2);
  expect((await rate(said, await makePerson(ctx, 'VISITOR'))).body.code).toBe(-4);
  expect((await rate({ ...said, content: '先写的' })).body.code).toBe(0);
  expect((await rate(said)).body.code).toBe(0);
  const comments = (await say('user/comments', { page: 1, pageSize: 10 })).body.data as {
    content: string;
    rating: string;
  }[];
  expect(comments[0]).toMatchObject({ content: '很有帮助', rating: '4' });
  expect(comments).toHaveLength(1);
  const stored = await ctx.models.Evaluation.findOne({ order: { $exists: true } }).lean();
  expect(stored!.content!.includes('很有帮助')).toBe(false);
});

test('the intake form fills what the consultant reads, and may take over into a case file', async () => {
  const { ctx } = hotline.node;
  const id = await booked('18:00-19:00');
  const path = `bookings/${String(id)}/intake`;
  const filled = await call(visitor, 'PUT', path, {
    complaint: '睡不好',
    id: '31010119900101123X',
    emergencyContact: { name: '李二', phone: '13900001111' },
  });
  expect(filled.body.result).toMatchObject({ name: '李一', age: '21', complaint: '睡不好' });
  await call(visitor, 'PUT', path, { goal: '睡好', emergencyContact: { relationship: '姐姐' } });
  expect((await call(await makePerson(ctx, 'VISITOR'), 'GET', path)).status).toBe(404);
  expect((await call(visitor, 'PUT', path, { order: id })).status).toBe(400);
  const profile = async (of: number, who = me) =>
    (await say('interview/records/personal-profile', { id: of }, who)).body;
  expect((await profile(id)).data).toMatchObject({
    complaint: '睡不好',
    goal: '睡好',
    emergencyContact: { name: '李二', relationship: '姐姐', phone: '13900001111' },
  });
  expect((await profile(id, colleague)).code).toBe(404);
  const row = await ctx.models.PersonalProfile.findOne({ caseID: id }).lean();
  for (const word of ['睡不好', '13900001111', '31010119900101123X'])
    expect(row!.body.includes(word)).toBe(false);

  await say('interview/records/create', { ...RECORD, std_name: '李一' });
  const record = Number((await say('interview/records', { page: 1, page_size: 1 })).body.data.data[0].id);
  const write = (json: Record<string, unknown>, who = me) =>
    call(who, 'PUT', `records/${String(record)}/personal-profile`, json);
  expect((await write({ name: '李' }, colleague)).status).toBe(404);
  const taken = await write({ order: id, goal: '早点睡' });
  expect(taken.body.result).toMatchObject({ name: '李一', complaint: '睡不好', goal: '早点睡' });
  expect((await write({ goal: '' })).body.result).toMatchObject({ complaint: '睡不好', goal: '' });
  await Promise.all(
    ['a', 'b', 'c'].map((referral, at) => write(at === 1 ? { education: 'x' } : { referral })),
  );
  expect((await profile(record)).data).toMatchObject({ education: 'x', complaint: '睡不好' });
});

const RECORD = {
  std_name: '赵六',
  std_grade: '高一',
  std_class: '1',
  std_school: '一中',
  interview_count: '1',
  interview_status: '',
  interview_type: '',
  doctor_evaluation: '情绪低落',
  follow_up_plan: '复访',
};

test('a case file is corrected; a consultation and a template are removed; what is deleted cannot be opened', async () => {
  const { ctx } = hotline.node;
  await say('interview/records/create', { ...RECORD, follow_up_plan: '两周后见' });
  const { data } = (await say('interview/records', { page: 1, page_size: 1, std_name: '赵六' })).body.data;
  const id = data[0].id as string;
  const patch = (json: Record<string, unknown>, who = me) => call(who, 'PATCH', `records/${id}`, json);
  expect((await patch({ std_name: '' })).status).toBe(400);
  expect((await patch({ std_grade: 'x' }, colleague)).status).toBe(404);
  expect((await patch({ std_grade: '高二', doctor_evaluation: '好转' })).body.result).toEqual({
    ...RECORD,
    follow_up_plan: '两周后见',
    id,
    std_grade: '高二',
    doctor_evaluation: '好转',
    create_time: expect.any(String),
  });
  for (const filter of [{ doctor_evaluation: '好' }, { follow_up_plan: '两周' }, { std_name: '赵' }])
    expect((await say('interview/records', { page: 1, page_size: 9, ...filter })).body.data.total).toBe(1);

  const form = new FormData();
  for (const [name, value] of Object.entries({ token: me.token, id, description: '谈了睡眠' }))
    form.set(name, value);
  await ask(hotline.node.url, '/api/consultant/interview/records/profile/create', form);
  const [row] = (await say('interview/records/profile', { id })).body.data as { id: number }[];
  const remove = (who = me) => call(who, 'DELETE', `records/${id}/consultations/${String(row!.id)}`);
  expect((await remove(colleague)).status).toBe(404);
  expect([(await remove()).status, (await remove()).status]).toEqual([200, 404]);
  expect((await say('interview/records/profile', { id })).body.data).toEqual([]);

  const stored = await ctx.models.InterviewRecord.findOne({ caseID: Number(id) }).lean();
  expect((await say('interview/records/delete', { id })).body.code).toBe(0);
  expect((await ctx.models.DataKey.findById(stored!.key).lean())!.wrapped).toBeNull();

  const sheet = new FormData();
  sheet.set('token', me.token);
  sheet.set('files', new Blob([new Uint8Array(workbook([['绝密']]))]), '量表.xlsx');
  await ask(hotline.node.url, '/api/consultant/interview/upload/template', sheet);
  const template = await ctx.models.Template.findOne({ fileName: '量表.xlsx' }).lean();
  expect((await ctx.files.get(`templates/${template!.file}`))!.subarray(0, 2).toString()).not.toBe('PK');
  const drop = (who: Person, name = '量表.xlsx') =>
    call(who, 'DELETE', `templates/${encodeURIComponent(name)}`);
  expect((await drop(colleague)).status).toBe(403);
  expect((await drop(me, '排班模板.xlsx')).status).toBe(403);
  expect([(await drop(me)).status, (await drop(me)).status]).toEqual([200, 404]);
  expect(await ctx.files.get(`templates/${template!.file}`)).toBeNull();
});

test('one calendar shows hours, duty and stops of the institution, and warns where they collide', async () => {
  const { ctx } = hotline.node;
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  const other = await makeCounselor(ctx, 5, { institution: 'other' });
  const [first, second] = ['2035-05-01', '2035-05-02'];
  for (const [consultant, institution] of [
    [colleague, 'ecnu'],
    [other, 'other'],
  ] as const)
    await ctx.models.WorkDay.create({
      consultant: consultant.user._id,
      institution,
      day: first,
      spans: [{ id: 1, from: '09:00', to: '12:00' }],
    });
  const put = await http(hotline.node.url, 'PUT', '/arrange', {
    token: admin.token,
    json: { timestamp: momentOf(first, 0).getTime(), users: [colleague.id] },
  });
  expect(put.body.code).toBe(0);
  await say(
    'schedule/stop/update',
    { stop_schedules: [{ start_time: `${first} 11:00`, end_time: second }] },
    colleague,
  );
  const read = (who: Person, from = first, to = second) => call(who, 'GET', `calendar?from=${from}&to=${to}`);
  const rows = (await read(admin)).body.result as { clashes: { kind: string }[] }[];
  expect(rows).toMatchObject([
    {
      day: first,
      userID: colleague.user.userID,
      onDuty: true,
      hours: ['09:00-12:00'],
      orders: [],
      stops: ['11:00-24:00'],
    },
    {
      day: second,
      userID: colleague.user.userID,
      onDuty: false,
      hours: [],
      stops: ['00:00-24:00'],
      clashes: [],
    },
  ]);
  expect(rows[0]!.clashes.map(({ kind }) => kind)).toEqual([
    'DUTY_AND_HOURS',
    'STOP_AND_DUTY',
    'STOP_AND_HOURS',
  ]);
  expect((await read(me)).body.result).toEqual(rows);
  expect((await read(other)).body.result).toMatchObject([{ userID: other.user.userID, clashes: [] }]);
  expect((await read(visitor)).status).toBe(403);
  for (const [from, to] of [
    [second, first],
    ['2035-02-30', '2035-03-01'],
    ['2035-01-01', '2035-12-31'],
    ['x', 'y'],
  ] as const)
    expect((await read(me, from, to)).status).toBe(400);
});
