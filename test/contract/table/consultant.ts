/** The second document: open calls by code or password, everything else the consultant's own. */
import { utils, write } from '@e965/xlsx';
import { accountOf } from '../../../services/account/contact.js';
import { sealPrivate } from '../../../services/account/private-fields.js';
import { md5OfClear } from '../../../services/account/password.js';
import { readOutbox } from '../../../services/code/outbox.js';
import { sendCode } from '../../../services/code/code.js';
import { createRecord } from '../../../services/record/create.js';
import { authenticatedActor, type Person } from '../../support/factories.js';
import { cells, consultant } from './principals.js';
import { row, type Row } from './row.js';
import { fresh, PASSWORD, person, type Scene } from './scene.js';

const EVERYBODY = cells('ok');
const CONSULTANTS = consultant(['ok', 'counselors']);

/** The smallest picture there is. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const address = () => `${fresh('contract')}@example.com`;

/** The code that was sent to an e-mail address, as a system admin reads it from the outbox. */
async function codeFor({ ctx, people }: Scene, email: string): Promise<string> {
  await sendCode(ctx, accountOf(ctx, 'email', email), null, fresh('10.0.0.'));
  const [newest] = await readOutbox(ctx, await authenticatedActor(ctx, people.systemAdmin.token), email);
  return newest?.code ?? '';
}

async function giveEmail({ ctx }: Scene, { user }: Person): Promise<string> {
  const email = address();
  await ctx.models.User.updateOne({ _id: user._id }, { $set: await sealPrivate(ctx, user, { email }) });
  return email;
}

const own = (path: string, json: Record<string, unknown> = {}, more: Partial<Row> = {}): Row =>
  row(`POST /api/${path}`, CONSULTANTS, () => ({ path: `/api/${path}`, json }), more);

export const consultantRows: Row[] = [
  row('POST /api/consultant/auth/login', EVERYBODY, async (scene) => {
    // Of the other institution: whoever signs in is told their own data.
    const account = await giveEmail(scene, await person(scene.ctx, 'COUNSELOR', 'other'));
    return {
      path: '/api/consultant/auth/login',
      json: { loginType: 'password', accountType: 'email', account, credential: PASSWORD },
    };
  }),
  row('POST /api/consultant/auth/register', EVERYBODY, async (scene) => {
    const account = address();
    const verificationCode = await codeFor(scene, account);
    return {
      path: '/api/consultant/auth/register',
      json: {
        userName: fresh('consultant'),
        account,
        accountType: 'email',
        password: 'pass-8620-x',
        verificationCode,
      },
    };
  }),
  row(
    'POST /api/consultant/auth/email',
    EVERYBODY,
    () => ({
      path: '/api/consultant/auth/email',
      json: { email: address() },
    }),
    { quiet: true },
  ),
  ...['/api/consult/auth/phone', '/api/consultant/auth/phone'].map((path) =>
    row(
      'POST /api/consult/auth/phone',
      EVERYBODY,
      () => ({ path, json: { phone: fresh('138001').padEnd(11, '0') } }),
      {
        of: path,
        quiet: true,
      },
    ),
  ),
  row('POST /api/consultant/auth/reset-password', EVERYBODY, async (scene) => {
    const account = await giveEmail(scene, await person(scene.ctx, 'COUNSELOR', 'ecnu'));
    const verificationCode = await codeFor(scene, account);
    const newPassword = md5OfClear(fresh('contract-new-'));
    return {
      path: '/api/consultant/auth/reset-password',
      json: { accountType: 'email', account, verificationCode, newPassword },
    };
  }),
  row(
    'POST /api/consultant/auth/deactivate',
    CONSULTANTS,
    async (scene, as) => {
      const account = as?.user.role === 'COUNSELOR' ? await giveEmail(scene, as) : address();
      const verificationCode = await codeFor(scene, account);
      return {
        path: '/api/consultant/auth/deactivate',
        json: { accountType: 'email', account, verificationCode },
      };
    },
    { consumes: 'person' },
  ),
  ...[
    'today-transactions',
    'category-data',
    'yearly-consultations',
    'time-slot-data',
    'gender-data',
    'age-data',
  ].map((name) => own(`consultant/dashboard/${name}`)),
  own('consultant/orders', {
    page: 1,
    pageSize: 50,
    name: '',
    date_start: '',
    date_end: '',
    type: '',
    status: '',
  }),
  row('POST /api/consultant/orders/create', CONSULTANTS, () => ({
    path: '/api/consultant/orders/create',
    json: {
      name: '张三',
      age: '19',
      gender: '女',
      type: '在线咨询',
      date: '2031-05-06',
      time: clockTime(),
      contact: '13812345678',
      key_word: ['人际关系'],
    },
  })),
  own('consuntant/user/comments', { page: 1, pageSize: 50 }),
  row(
    'POST /api/consuntant/user/comments',
    CONSULTANTS,
    {
      path: '/api/consultant/user/comments',
      json: { page: 1, page_size: 10 },
    },
    { of: 'the corrected spelling' },
  ),
  own('consultant/user/profile'),
  own('consultant/user/updateProfile', { profile: { introduction: '介绍' } }),
  row(
    'POST /api/consultant/updateAvatar',
    CONSULTANTS,
    () => {
      const form = new FormData();
      form.set('avatar', new Blob([PNG], { type: 'image/png' }), 'me.png');
      return { path: '/api/consultant/updateAvatar', form };
    },
    { consumes: 'person' },
  ),
];

const RECORD = {
  std_name: '张三',
  std_grade: '一',
  std_class: '',
  std_school: '',
  interview_count: '1',
  interview_status: '',
  interview_type: '',
  doctor_evaluation: '',
  follow_up_plan: '',
};

async function recordOf({ ctx, people }: Scene): Promise<number> {
  const actor = await authenticatedActor(ctx, people.counselorOwner.token);
  return createRecord(ctx, actor, RECORD);
}

function sheet(rows: string[][], name = 'rows.xlsx'): FormData {
  const book = utils.book_new(utils.aoa_to_sheet(rows));
  const bytes = write(book, { type: 'array', bookType: 'xlsx' }) as ArrayBuffer;
  const form = new FormData();
  form.set('files', new Blob([bytes]), name);
  return form;
}
function consultation(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
const HEADS = ['姓名', '年级', '班级', '学校', '访谈次数', '访谈状态', '访谈类型', '医生评定', '后续计划'];

consultantRows.push(
  own('consultant/interview/records', { page: 1, page_size: 50, std_name: '' }),
  own('consuntant/interview/records/create', RECORD),
  row(
    'POST /api/consuntant/interview/records/create',
    CONSULTANTS,
    {
      path: '/api/consultant/interview/records/create',
      json: RECORD,
    },
    { of: 'the corrected spelling' },
  ),
  row(
    'POST /api/consultant/interview/records/delete',
    // Another's case file does not exist.
    consultant(['ok', 'counselorOwner'], [404, 'counselorColleague', 'counselorForeign']),
    async (scene) => ({
      path: '/api/consultant/interview/records/delete',
      json: { id: await recordOf(scene) },
    }),
  ),
  row('POST /api/consultant/interview/upload/records', CONSULTANTS, () => ({
    path: '/api/consultant/interview/upload/records',
    form: sheet([HEADS, ['李四', '二', '3', '一中', '1', '', '', '', '']]),
  })),
  row('POST /api/consultant/interview/upload/template', CONSULTANTS, () => ({
    path: '/api/consultant/interview/upload/template',
    // Another name each time: a colleague's own is a conflict, by rule.
    form: sheet([['访谈提纲']], `${fresh('template')}.xlsx`),
  })),
  row(
    'POST /api/consultant/interview/download',
    // Bytes are the answer where the name is known: templates.test.ts. An unknown one is a clear error to all.
    consultant([404, 'counselorOwner', 'counselorColleague', 'counselorForeign']),
    { path: '/api/consultant/interview/download', json: { fileNames: ['没有这个文件.xlsx'] } },
    { quiet: true },
  ),
  own('consultant/interview/template/list'),
  row(
    'POST /api/consultant/interview/records/profile',
    consultant(['ok', 'counselorOwner'], [404, 'counselorColleague', 'counselorForeign']),
    async (scene) => ({
      path: '/api/consultant/interview/records/profile',
      json: { id: await recordOf(scene) },
    }),
  ),
  row('POST /api/consultant/interview/records/profile/create', CONSULTANTS, () => ({
    path: '/api/consultant/interview/records/profile/create',
    form: consultation({ studentId: '20260001', name: '李四' }),
  })),
  row(
    'POST /api/consultant/interview/records/profile/update',
    // Neither the owner nor anybody else has a consultation record of this number.
    consultant([404, 'counselorOwner', 'counselorColleague', 'counselorForeign']),
    () => ({
      path: '/api/consultant/interview/records/profile/update',
      form: consultation({ id: '999999999', visitStatus: '已完成' }),
    }),
  ),
  row(
    'POST /api/consultant/interview/records/personal-profile',
    consultant(['ok', 'counselorOwner'], [404, 'counselorColleague', 'counselorForeign']),
    async (scene) => ({
      path: '/api/consultant/interview/records/personal-profile',
      json: { id: await recordOf(scene) },
    }),
  ),
  own('consultant/schedule/work', { year: 2031, month: 5, organization: '' }),
  own('consultant/schedule/work/update', { year: 2031, month: 6, date: 2, work_schedules: ['09:00-10:00'] }),
  row('POST /api/consultant/schedule/upload', CONSULTANTS, () => ({
    path: '/api/consultant/schedule/upload',
    form: sheet([
      ['日期', '时间段'],
      ['2031-07-01', '09:00-10:00'],
    ]),
  })),
  own('consultant/schedule/stop'),
  own('consultant/schedule/stop/update', { stop_schedules: [] }),
);

let minute = 0;
/** Another minute each time: a slot is taken once. */
function clockTime(): string {
  const text = (at: number) =>
    `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
  minute += 1;
  return `${text(minute)}-${text(minute + 1)}`;
}
