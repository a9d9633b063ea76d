/** Second document, 咨询记录: under the right case file, with pictures, gone with it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { startHotline, type Hotline } from '../../support/app.js';
import { testClock } from '../../support/clock.js';
import { makeCounselor, type Person } from '../../support/factories.js';
import { ask } from './client.js';

let hotline: Hotline;
let me: Person;
let other: Person;
const clock = testClock();
beforeAll(async () => {
  hotline = await startHotline({ clock });
  me = await makeCounselor(hotline.node.ctx);
  other = await makeCounselor(hotline.node.ctx);
});
afterAll(() => hotline.stop());

const base = '/api/consultant/interview';
const say = (who: Person, path: string, body: Record<string, unknown> = {}) =>
  ask(hotline.node.url, `${base}/${path}`, { userID: who.user.userID, token: who.token, ...body });
const form = (who: Person, path: string, fields: Record<string, string>, files: [string, Buffer][] = []) => {
  const body = new FormData();
  for (const [key, value] of Object.entries({ token: who.token, ...fields })) body.set(key, value);
  for (const [field, bytes] of files) body.append(field, new Blob([new Uint8Array(bytes)]), `${field}.png`);
  return ask(hotline.node.url, `${base}/${path}`, body);
};
interface Row extends Record<string, unknown> {
  id: number;
  signatureImage: string;
  attachImage: string;
}
const records = async (who = me) =>
  (await say(who, 'records', { page: 1, page_size: 50 })).body.data.data as Record<string, string>[];
const read = async (id: unknown, who = me) => (await say(who, 'records/profile', { id })).body.data as Row[];
const png = (color: string) =>
  sharp({ create: { width: 40, height: 20, channels: 3, background: color } })
    .png()
    .toBuffer();
const see = async (address: string) =>
  fetch(
    address.startsWith('http')
      ? hotline.node.url + new URL(address).pathname + new URL(address).search
      : hotline.node.url + address,
  );
const STUDENT = { name: '赵一', school: '一中', grade: '高一', class: '1班', studentId: 'G2030001' };

test('a form without id makes the case file, the next finds it; pictures are drawn anew and shown for an hour', async () => {
  const files: [string, Buffer][] = [
    ['signatureImage', await png('red')],
    ['attachImages', await png('green')],
    ['attachImages', await png('blue')],
  ];
  const texts = {
    description: '自述失眠',
    crisisStatus: '无',
    isThirdPartyEvaluation: '是',
    visitStatus: '进行中',
  };
  const made = await form(me, 'records/profile/create', { ...STUDENT, ...texts }, files);
  expect(made.body).toEqual({ code: 0, message: 'OK' });
  await form(me, 'records/profile/create', { studentId: STUDENT.studentId, isThirdPartyEvaluation: '0' });
  const [record, ...more] = await records();
  expect([more.length, record]).toMatchObject([0, { std_name: '赵一', interview_count: '2' }]);
  const rows = await read(record!['id']);
  expect(rows.map(({ count }) => count)).toEqual(['1', '2']);
  expect(rows[0]).toMatchObject({ ...STUDENT, ...texts, isThirdPartyEvaluation: true, gender: '', date: '' });
  expect(rows[1]).toMatchObject({ isThirdPartyEvaluation: false, signatureImage: '', attachImage: '' });
  const addresses = [rows[0]!.signatureImage, ...rows[0]!.attachImage.split(',')];
  expect(addresses).toHaveLength(3);
  for (const address of addresses) {
    const shown = await see(address);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect((await sharp(Buffer.from(await shown.arrayBuffer())).metadata()).width).toBe(40);
  }
  expect((await see(addresses[0]!.replace(/signature=./, 'signature=_'))).status).toBe(404);
  expect((await see(addresses[0]!.replace(/expires=\d/, 'expires=9'))).status).toBe(404);
  clock.advance(3_600_001);
  expect((await see(addresses[0]!)).status).toBe(404);
  const stored = await hotline.node.ctx.models.Consultation.find().lean();
  const text = JSON.stringify(stored.map((row) => Object.values(row).map(String)));
  for (const canary of ['赵一', 'G2030001', '失眠']) expect(text).not.toContain(canary);
  expect((await say(other, 'records/profile', { id: record!['id'] })).body.code).toBe(404);
});

test('a namesake with another student id is somebody else; nothing named is 400', async () => {
  await form(me, 'records/profile/create', { ...STUDENT, studentId: 'G2030002' });
  expect(await records()).toHaveLength(2);
  expect((await form(me, 'records/profile/create', { description: 'x' })).body.code).toBe(400);
  expect((await form(other, 'records/profile/create', { id: (await records())[0]!['id']! })).body.code).toBe(
    404,
  );
  const broken: [string, Buffer][] = [['signatureImage', Buffer.from('<svg/>')]];
  expect((await form(me, 'records/profile/create', STUDENT, broken)).body.code).toBe(400);
  expect(await read((await records())[1]!['id'])).toHaveLength(2);
});

test('six at once of a new student make one case file and count on', async () => {
  const tries = Array.from({ length: 6 }, () =>
    form(other, 'records/profile/create', { ...STUDENT, studentId: 'N1' }),
  );
  const answers = await Promise.all(tries);
  expect(answers.map(({ body }) => body.code)).toEqual(Array.from({ length: 6 }, () => 0));
  const made = await records(other);
  expect(made.map((row) => row['interview_count'])).toEqual(['6']);
  const rows = await read(made[0]!['id'], other);
  expect(rows.map(({ count }) => Number(count)).sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('an update by id, or by student and count; basic fields and left out ones stay', async () => {
  const record = (await records()).find((row) => row['interview_count'] === '2')!;
  const [first] = await read(record['id']);
  const { id, signatureImage, attachImage } = first!;
  const change = { description: '改后', name: '别人', count: '9', signatureImage, attachImages: attachImage };
  expect((await say(me, 'records/profile/update', { id, ...change })).body).toEqual({
    code: 0,
    message: 'OK',
  });
  const [after] = await read(record['id']);
  expect(after).toMatchObject({ ...STUDENT, description: '改后', count: '1', crisisStatus: '无' });
  expect(after!.attachImage.split(',')).toHaveLength(2);
  const byCount = { studentId: STUDENT.studentId, count: '2', visitStatus: '结束' };
  expect(
    (await form(me, 'records/profile/update', byCount, [['signatureImage', await png('red')]])).body.code,
  ).toBe(0);
  const rows = await read(record['id']);
  expect(rows[1]).toMatchObject({ visitStatus: '结束' });
  expect((await see(rows[1]!.signatureImage)).status).toBe(200);
  for (const [body, code] of [
    [{ description: 'x' }, 400],
    [{ id, signatureImage: 'http://elsewhere/x.png' }, 400],
    [{ id: 99_999_999, description: 'x' }, 404],
    [{ studentId: 'nobody', count: 1 }, 404],
  ] as const)
    expect((await say(me, 'records/profile/update', body)).body.code).toBe(code);
  expect((await say(other, 'records/profile/update', { id, description: 'x' })).body.code).toBe(404);
});

test('a personal profile has every key, by the id of a case file or of a consultation', async () => {
  const record = (await records())[0]!;
  const rows = await read(record['id']);
  for (const id of [record['id'], rows[0]!.id]) {
    const { body } = await say(me, 'records/personal-profile', { id });
    expect(body.data).toEqual({
      name: '',
      id: '',
      gender: '',
      age: '',
      education: '',
      occupation: '',
      maritalStatus: '',
      contact: '',
      emergencyContact: { name: '', relationship: '', phone: '' },
      referral: '',
      complaint: '',
      goal: '',
    });
  }
  expect((await say(me, 'records/personal-profile', { id: 99_999_999 })).body.code).toBe(404);
  expect((await say(other, 'records/personal-profile', { id: record['id'] })).body.code).toBe(404);
});

test('a deleted case file takes its consultations and pictures with it', async () => {
  const record = (await records()).find((row) => row['interview_count'] === '2')!;
  const rows = await read(record['id']);
  const count = () => hotline.node.ctx.models.Consultation.countDocuments();
  const before = await count();
  expect((await say(me, 'records/delete', { id: record['id'] })).body.code).toBe(0);
  expect(await count()).toBe(before - 2);
  expect((await see(rows[0]!.signatureImage)).status).toBe(404);
  expect((await say(me, 'records/profile', { id: record['id'] })).body.code).toBe(404);
});
