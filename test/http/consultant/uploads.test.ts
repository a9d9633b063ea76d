/** Second document: case files and hours from workbooks, all or nothing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../../support/app.js';
import { makeCounselor, type Person } from '../../support/factories.js';
import { ask } from './client.js';
import { HEAD, workbook } from './sheets.js';

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

test('5 000 rows in under 5 s while the event loop goes on', async () => {
  const bytes = workbook([HEAD, ...Array.from({ length: 5_000 }, (_, index) => row(`学生${String(index)}`))]);
  const before = (await list()).total;
  let worst = 0;
  let last = performance.now();
  const pulse = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
  }, 5);
  const began = performance.now();
  const cpu = process.cpuUsage();
  const answer = await upload(bytes);
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(pulse);
  expect(answer.body).toEqual({ code: 0, message: 'OK' });
  // On a machine that does nothing else it takes as long as this process computes and the database writes.
  expect((user + system) / 1_000).toBeLessThan(5_000);
  expect(took).toBeLessThan(30_000);
  expect(worst).toBeLessThan(2_000);
  expect((await list({ page_size: 1 })).total).toBe(before + 5_000);
  expect((await list({ page_size: 1 })).data[0]!['std_name']).toBe('学生4999');
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
