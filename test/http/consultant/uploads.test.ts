/** Second document: case files and hours from workbooks, all or nothing. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { startHotline, type Hotline } from '../../support/app.js';
import { makeCounselor, type Person } from '../../support/factories.js';
import { ask } from './client.js';
import { excelish, fixture, HEAD, workbook } from './sheets.js';

let hotline: Hotline;
let me: Person;
beforeAll(async () => {
  hotline = await startHotline();
  me = await makeCounselor(hotline.node.ctx);
});
afterAll(() => hotline.stop());

const send = (path: string, bytes: Buffer, name: string, fields: Record<string, string> = {}) => {
  const form = new FormData();
  for (const [key, value] of Object.entries({ token: me.token, ...fields })) form.set(key, value);
  form.set('files', new Blob([new Uint8Array(bytes)]), name);
  return ask(hotline.node.url, `/api/consultant/${path}`, form);
};
const upload = (bytes: Buffer, name = '访谈.xlsx') => send('interview/upload/records', bytes, name);
const list = async (fields: Record<string, unknown> = {}) =>
  (
    await ask(hotline.node.url, '/api/consultant/interview/records', {
      userID: me.user.userID,
      token: me.token,
      page: 1,
      page_size: 200,
      ...fields,
    })
  ).body.data as { total: number; data: Record<string, string>[] };
const row = (name: unknown, more: unknown[] = []) => [
  name,
  '高一',
  '2班',
  '第一中学',
  1,
  '已完成',
  '初访',
  '良好',
  '无',
  ...more,
];

test('both formats by content, columns in any order, numbers as text, blank rows left out', async () => {
  expect((await upload(workbook([HEAD, row('甲'), [], row('=1+1')]))).body).toEqual({
    code: 0,
    message: 'OK',
  });
  const english = ['follow_up_plan', 'std_name', 'std_grade', 'std_class', 'std_school'];
  const rest = ['interview_count', 'interview_status', 'interview_type', 'doctor_evaluation', '备注'];
  const legacy = workbook(
    [
      [...english, ...rest],
      ['计划', '乙', '高二', '1班', '二中', 3, '', '', '', 'x'],
    ],
    'xls',
  );
  // The name says the other of the two formats; the content is what counts.
  expect((await upload(legacy, '访谈.XLSX')).body.code).toBe(0);
  const { data, total } = await list();
  expect([total, data.map((each) => each['std_name'])]).toEqual([3, ['乙', '=1+1', '甲']]);
  expect(data[0]).toMatchObject({ follow_up_plan: '计划', interview_count: '3', interview_type: '' });
});

const monthOf = async (year: number, month: number) =>
  (
    (
      await ask(hotline.node.url, '/api/consultant/schedule/work', {
        token: me.token,
        year,
        month,
        organization: '',
      })
    ).body.data as { schedules: { work_time: string }[] }[]
  ).map(({ schedules }) => schedules.map(({ work_time }) => work_time));

test('the blank sheets filled by LibreOffice, .xlsx and legacy .xls, and a workbook as Excel packs it', async () => {
  for (const kind of ['xlsx', 'xls']) {
    const before = (await list()).total;
    const name = `records-libreoffice.${kind}`;
    expect([name, (await upload(fixture(name), name)).body]).toEqual([name, { code: 0, message: 'OK' }]);
    const { data, total } = await list({ page_size: 3 });
    expect(total).toBe(before + 3);
    const [third, second, first] = data;
    expect(first).toMatchObject({ std_name: '王一', interview_count: '1', follow_up_plan: '两周后复访' });
    expect(second).toMatchObject({ interview_count: '12', doctor_evaluation: '第一行\n第二行 <b>&' });
    expect(third).toMatchObject({
      std_name: '=1+1',
      interview_count: '第3次',
      doctor_evaluation: '😀 表情',
    });
    const hours = `schedule-libreoffice.${kind}`;
    const sent = await send('schedule/upload', fixture(hours), hours, { user_id: String(me.user.userID) });
    expect([hours, sent.body]).toEqual([hours, { code: 0, message: 'OK' }]);
    expect((await monthOf(2033, 5)).slice(0, 4)).toEqual([
      ['09:00-10:00', '14:00-15:30'],
      ['09:00-12:00'],
      ['23:00-24:00'],
      [],
    ]);
  }
  const excel = await excelish([HEAD, ['周八', '初一', '', '', 7, { date: 48_700 }, '', '', '']]);
  expect((await upload(excel, '工作簿1.xlsx')).body).toEqual({ code: 0, message: 'OK' });
  expect((await list({ page_size: 1 })).data[0]).toMatchObject({
    std_name: '周八',
    interview_count: '7',
    interview_status: '2033-05-01',
  });
});

test('errors are listed by row and column, and nothing of the file is kept', async () => {
  const before = (await list()).total;
  const answer = await upload(workbook([HEAD, row('好'), row(''), row('长'.repeat(65)), row('好')]));
  expect(answer.status).toBe(200);
  expect(answer.body.code).toBe(400);
  expect(answer.body.message).toBe(
    '未导入任何数据，请改正后重新上传：第3行“姓名”：姓名不能为空；第4行“姓名”：不能超过64个字。',
  );
  expect(answer.body.details).toEqual([
    { path: '第3行 姓名', message: '姓名不能为空' },
    { path: '第4行 姓名', message: '不能超过64个字' },
  ]);
  expect((await list()).total).toBe(before);
});

test('what is no workbook is refused in words: renamed, broken, empty, headless, too large', async () => {
  const good = workbook([HEAD, row('甲')]);
  const wrong: [Buffer, string, number][] = [
    [workbook([HEAD, row('甲')], 'csv'), 'a.xlsx', 400],
    [Buffer.from('%PDF-1.7 xl/workbook'), 'a.xls', 400],
    [good, 'a.txt', 400],
    [good.subarray(0, good.length - 200), 'a.xlsx', 400],
    [Buffer.alloc(0), 'a.xlsx', 400],
    [workbook([HEAD]), 'a.xlsx', 400],
    [workbook([HEAD.slice(1), row('甲').slice(1)]), 'a.xlsx', 400],
    [workbook([[...HEAD, '姓名'], row('甲', ['乙'])]), 'a.xlsx', 400],
    [Buffer.concat([good, Buffer.alloc(10 * 1_048_576)]), 'a.xlsx', 413],
  ];
  const before = (await list()).total;
  for (const [bytes, name, code] of wrong) {
    const answer = await upload(bytes, name);
    expect([name, bytes.length, answer.body.code]).toEqual([name, bytes.length, code]);
    expect(answer.body.message).toMatch(/[\u4e00-\u9fff]/);
  }
  const bare = await ask(hotline.node.url, '/api/consultant/interview/upload/records', { token: me.token });
  expect(bare.body).toMatchObject({ code: 400, message: '请选择要上传的文件。' });
  const stranger = await send('interview/upload/records', good, 'a.xlsx', { token: 'wrong' });
  expect(stranger.body.code).toBe(401);
  expect((await list()).total).toBe(before);
});

test('5 000 rows while the event loop goes on, in little more time than the database takes for its writes', async () => {
  const { ctx } = hotline.node;
  const bytes = workbook([HEAD, ...Array.from({ length: 5_000 }, (_, index) => row(`学生${String(index)}`))]);
  const before = (await list()).total;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const began = performance.now();
  const cpu = process.cpuUsage();
  const answer = await upload(bytes);
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  expect(answer.body).toEqual({ code: 0, message: 'OK' });
  expect((await list({ page_size: 1 })).total).toBe(before + 5_000);
  expect((await list({ page_size: 1 })).data[0]!['std_name']).toBe('学生4999');
  // A fifth of the rows once more, nothing but written: what engine and machine of today cost in any case.
  const stored = await ctx.models.InterviewRecord.find({ consultant: me.user._id }).limit(1_000).lean();
  const plain = stored.map((each) => ({ ...each, _id: new Types.ObjectId(), person: 'again' }));
  const wrote = performance.now();
  for (let from = 0; from < plain.length; from += 250)
    await ctx.models.InterviewRecord.collection.insertMany(plain.slice(from, from + 250));
  const writing = 5 * (performance.now() - wrote);
  await ctx.models.InterviewRecord.deleteMany({ person: 'again' });
  // This process's own work, the reading thread and the test's own client included: under 5 s on any machine.
  expect((user + system) / 1_000).toBeLessThan(5_000);
  // Reading, checking and sealing cost less than twice that CPU time over again, however busy the machine is.
  expect(took).toBeLessThan(5_000 + 3 * writing);
  // Half of all turns are on time, none is held up for long: a computation in one go would take a second and more.
  expect(delay.percentile(50) / 1e6).toBeLessThan(50);
  expect(delay.max / 1e6).toBeLessThan(1_000);
});

test('hours: real dates and text, several rows a day, replaces only the days it names, all or nothing', async () => {
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  const schedule = (rows: unknown[][]) =>
    send('schedule/upload', workbook([['时间段', '日期'], ...rows]), '排班.xlsx', {
      user_id: String(me.user.userID),
    });
  const month = async () =>
    (
      (
        await ask(hotline.node.url, '/api/consultant/schedule/work', {
          token: me.token,
          year: 2033,
          month: 1,
          organization: '',
        })
      ).body.data as { schedules: { work_time: string }[] }[]
    ).map(({ schedules }) => schedules.map(({ work_time }) => work_time));
  await ask(hotline.node.url, '/api/consultant/schedule/work/update', {
    year: 2033,
    month: 1,
    date: 9,
    user_id: me.user.userID,
    token: me.token,
    work_schedules: ['08:00-09:00'],
  });
  const made = await schedule([
    ['09:00-10:00、14:00-15:00', '2033-01-01'],
    ['10:00-11:00', '2033/1/1'],
    ['9:00-12:00', day('2033-01-02')],
  ]);
  expect(made.body).toEqual({ code: 0, message: 'OK' });
  const days = await month();
  expect(days[0]).toEqual(['09:00-10:00', '10:00-11:00', '14:00-15:00']);
  expect([days[1], days[8]]).toEqual([['09:00-12:00'], ['08:00-09:00']]);
  const refused = await schedule([
    ['09:00-10:00', '2033-01-01'],
    ['10:00-09:00', '2033-01-03'],
    ['09:30-10:30', '2033-01-01'],
    ['09:00-10:00', '2033-02-30'],
  ]);
  expect(refused.body.code).toBe(400);
  expect(refused.body.details!.map(({ path }) => path)).toEqual([
    '第3行 时间段',
    '第4行 时间段',
    '第5行 日期',
  ]);
  expect(await month()).toEqual(days);
  expect((await schedule([['', '2033-01-01']])).body.code).toBe(0);
  expect((await month())[0]).toEqual([]);
});
