/** Document sections 34 and 35, and what follows after: progress, download, cancelling, expiry. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ExportTask } from '../../contract/export.js';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, http } from '../support/clients.js';
import { testClock, type TestClock } from '../support/clock.js';
import { makePerson, type Person } from '../support/factories.js';
import { ask, ended, exported, fetchBytes, talk } from '../services/export/scene.js';

let hotline: Hotline;
let clock: TestClock;
let admin: Person;
beforeAll(async () => {
  clock = testClock();
  hotline = await startHotline({ clock });
  admin = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR', { name: '王主任' });
});
afterAll(() => hotline.stop());

const call = (method: string, path: string, token: string, json?: unknown) =>
  http(hotline.node.url, method, path, { token, ...(json === undefined ? {} : { json }) });
const audit = async (action: string, subject: string) =>
  hotline.node.ctx.models.AuditEntry.countDocuments({ action, subject });

test('a text export is built by the worker and comes whole, once, to the one who asked', async () => {
  const { id, counselor } = await talk(hotline, ['你好，我最近睡不好😢', '愿意多说一点吗？', '好的']);
  const socket = await connect(hotline.node.url, admin.token);
  const asked = await ask(hotline, admin.token, `/conversation/export/${id}?format=txt`);
  expect(asked.body).toMatchObject({ code: 0, result: { status: 'QUEUED', progress: 0 } });
  const { id: exportId } = asked.body.result as ExportTask;
  expect(asked.body.result.url).toBeUndefined();
  expect(await audit('export.request', `conversation:${id}`)).toBe(1);
  const done = await socket.hear('export:updated', (task) => task.id === exportId && task.status === 'DONE');
  expect(done).toMatchObject({ progress: 100, file: { messages: 5 } });
  socket.close();

  const file = await fetchBytes(hotline, admin.token, done.url ?? '');
  expect(file.status).toBe(200);
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; .*\.txt$/);
  expect(createHash('sha256').update(file.bytes).digest('hex')).toBe(done.file?.sha256);
  const text = file.bytes.toString();
  for (const words of [
    '小雨：你好，我最近睡不好😢',
    '林老师：愿意多说一点吗？',
    '咨询师林老师接入会谈',
    '会谈结束：咨询师结束了会谈',
    '由 王主任 于',
  ])
    expect(text).toContain(words);
  expect(await audit('export.download', `export:${exportId}`)).toBe(1);

  const colleague = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR');
  for (const token of [colleague.token, counselor.token]) {
    expect((await call('GET', `/api/v1/exports/${exportId}`, token)).status).toBe(404);
    expect((await fetchBytes(hotline, token, done.url ?? '')).status).toBe(404);
  }
  expect(await audit('export.download', `export:${exportId}`)).toBe(1);
});

test('parts of a file can be fetched, and what lies on the disk is never in clear', async () => {
  const words = '这句话不应该出现在磁盘上';
  const { id, counselor } = await talk(
    hotline,
    Array.from({ length: 100 }, (_, index) => `${words}${String(index)}${'长'.repeat(500)}`),
  );
  const { task, bytes } = await exported(hotline, counselor.token, `/conversation/export/${id}?format=json`);
  expect(bytes.length).toBeGreaterThan(2 * 64 * 1024);
  const ranges: [string, number, number][] = [
    ['bytes=0-0', 0, 1],
    ['bytes=65530-65545', 65_530, 65_546],
    [`bytes=${String(bytes.length - 5)}-`, bytes.length - 5, bytes.length],
    ['bytes=-70000', bytes.length - 70_000, bytes.length],
  ];
  for (const [range, from, to] of ranges) {
    const part = await fetchBytes(hotline, counselor.token, task.url ?? '', { range });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes ${String(from)}-${String(to - 1)}/${String(bytes.length)}`,
    ]);
    expect(part.bytes.equals(bytes.subarray(from, to))).toBe(true);
  }
  const beyond = await fetchBytes(hotline, counselor.token, task.url ?? '', {
    range: `bytes=${String(bytes.length)}-`,
  });
  expect(beyond.status).toBe(416);
  const folder = join(hotline.config.HOTLINE_DATA, 'exports');
  const files = readdirSync(folder);
  expect(files.some((name) => name.startsWith(task.id))).toBe(true);
  for (const name of files) expect(readFileSync(join(folder, name)).includes(words)).toBe(false);
});

test('who may export what, and how often a wrong id is told', async () => {
  const { ctx } = hotline.node;
  const mine = await talk(hotline, ['一']);
  const other = await talk(hotline, ['二']);
  const supervisor = await makePerson(ctx, 'SUPERVISOR');
  await ctx.models.User.updateOne(
    { _id: mine.counselor.id },
    { $set: { supervisors: [supervisor.user._id] } },
  );
  const foreign = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'other' });
  const one = (token: string, id: string) => ask(hotline, token, `/conversation/export/${id}?format=txt`);
  expect((await one(mine.visitor.token, mine.id)).status).toBe(403);
  expect((await one(other.counselor.token, mine.id)).body.code).toBe(-5);
  expect((await one(supervisor.token, other.id)).body.code).toBe(-5);
  expect((await one(supervisor.token, mine.id)).body.code).toBe(0);
  expect((await one(foreign.token, mine.id)).body.code).toBe(-4);
  expect((await one(admin.token, 'f'.repeat(24))).body.code).toBe(-4);
  expect((await ask(hotline, admin.token, `/conversation/export/${mine.id}?format=exe`)).body.code).toBe(-2);

  const batch = (token: string, ids: unknown) =>
    ask(hotline, token, '/conversation/batchexport?format=txt', ids);
  expect((await batch(admin.token, [])).body.code).toBe(-2);
  expect(
    (
      await batch(
        admin.token,
        Array.from({ length: 501 }, (_, index) => String(index)),
      )
    ).body.code,
  ).toBe(-2);
  expect((await batch(mine.counselor.token, [mine.id])).status).toBe(403);
  const before = await ctx.models.ExportTask.countDocuments({});
  for (const [token, wrong] of [
    [supervisor.token, other.id],
    [foreign.token, mine.id],
    [admin.token, 'nosuchconversation'],
  ] as const) {
    const refused = await batch(token, [mine.id, wrong]);
    expect(refused.body.code).toBe(-5);
    expect(refused.body.message).toContain(wrong);
  }
  expect(await ctx.models.ExportTask.countDocuments({})).toBe(before);
});

test('a right that was lost, an old log-in and an expired file all refuse', async () => {
  const { ctx } = hotline.node;
  const { id, counselor } = await talk(hotline, ['一']);
  const supervisor = await makePerson(ctx, 'SUPERVISOR');
  await ctx.models.User.updateOne({ _id: counselor.id }, { $set: { supervisors: [supervisor.user._id] } });
  const { task } = await exported(hotline, supervisor.token, `/conversation/export/${id}?format=txt`);
  await ctx.models.User.updateOne({ _id: counselor.id }, { $set: { supervisors: [] } });
  expect((await fetchBytes(hotline, supervisor.token, task.url ?? '')).status).toBe(403);
  await ctx.models.User.updateOne({ _id: counselor.id }, { $set: { supervisors: [supervisor.user._id] } });
  expect((await fetchBytes(hotline, supervisor.token, task.url ?? '')).status).toBe(200);

  await ctx.models.Session.updateMany(
    { user: supervisor.user._id },
    { $set: { createdAt: new Date(clock.now() - 13 * 3_600_000) } },
  );
  const stale = await ask(hotline, supervisor.token, `/conversation/export/${id}`);
  expect([stale.status, stale.body.error]).toEqual([403, 'Forbidden']);

  const stored = await ctx.models.ExportTask.findById(task.id).lean().orFail();
  await ctx.models.ExportTask.updateOne({ _id: task.id }, { $set: { expiresAt: new Date(clock.now() - 1) } });
  expect((await fetchBytes(hotline, supervisor.token, task.url ?? '')).status).toBe(404);
  await hotline.node.workers?.sweep();
  const swept = await ctx.models.ExportTask.findById(task.id).lean().orFail();
  expect([swept.key, swept.file]).toEqual([null, null]);
  expect(readdirSync(join(hotline.config.HOTLINE_DATA, 'exports'))).not.toContain(stored.file?.stored);
});

test('an unfinished export can be cancelled, a finished one not', async () => {
  const { ctx } = hotline.node;
  const { id } = await talk(
    hotline,
    Array.from({ length: 60 }, (_, index) => `第${String(index)}句`),
  );
  const asked = await ask(hotline, admin.token, `/conversation/export/${id}?format=txt`);
  const { id: exportId } = asked.body.result as ExportTask;
  const cancelled = await call('POST', `/api/v1/exports/${exportId}/cancel`, admin.token, {});
  if (cancelled.status === 200) {
    expect(cancelled.body.result.status).toBe('CANCELLED');
    expect((await call('POST', `/api/v1/exports/${exportId}/cancel`, admin.token, {})).status).toBe(200);
  }
  const { task } = await exported(hotline, admin.token, `/conversation/export/${id}?format=txt`);
  expect((await call('POST', `/api/v1/exports/${task.id}/cancel`, admin.token, {})).body.code).toBe(-2);
  expect((await ended(hotline, admin.token, exportId)).status).toBe(
    cancelled.status === 200 ? 'CANCELLED' : 'DONE',
  );
  const own = (await call('GET', '/api/v1/exports', admin.token)).body.result as ExportTask[];
  expect(own.map((each) => each.id)).toEqual(expect.arrayContaining([exportId, task.id]));
  expect(await ctx.models.ExportTask.countDocuments({ status: { $in: ['QUEUED', 'RUNNING'] } })).toBe(0);
});

test('an open conversation is exported as it stands, and says so', async () => {
  const { id, counselor } = await talk(hotline, ['还在说'], { open: true });
  const { bytes } = await exported(hotline, counselor.token, `/conversation/export/${id}?format=txt`);
  expect(bytes.toString()).toContain('导出时会谈尚未结束');
});
