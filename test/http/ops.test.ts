/** What operators see, and nobody else: metrics, the queue board, statistics. A failed job is tried again by hand. */
import { Queue } from 'bullmq';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Health } from '../../contract/health.js';
import { JOB_NAMES } from '../../contract/jobs.js';
import type { Comparison, Report } from '../../contract/report.js';
import type { Ctx } from '../../services/context.js';
import { hiddenOf } from '../../services/statistics/report.js';
import { queuePrefix } from '../../workers/queues.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { makePerson, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';
import { talk } from '../services/export/scene.js';

const METRICS_TOKEN = 'metrics-token-of-this-test';
let hotline: Hotline;
let ctx: Ctx;
let system: Person;
let admin: Person;
beforeAll(async () => {
  hotline = await startHotline({ env: { METRICS_TOKEN } });
  ctx = hotline.node.ctx;
  system = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR');
  admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
});
afterAll(() => hotline.stop());

const get = (path: string, token?: string, cookie?: string, method = 'GET', origin?: string) =>
  fetch(`${hotline.node.url}${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(cookie ? { cookie: `hotline=${cookie}` } : {}),
      ...(origin ? { origin } : {}),
    },
  });

test('metrics: the token or a system admin; queues, outbox, sockets, messages, event loop, and nobody’s name', async () => {
  const { visitor } = await talk(hotline, ['一句只属于我们的话']);
  for (const token of [undefined, 'wrong', admin.token, visitor.token])
    expect((await get('/metrics', token)).status).toBe(404);
  for (const token of [METRICS_TOKEN, system.token]) expect((await get('/metrics', token)).status).toBe(200);
  const text = await (await get('/metrics', METRICS_TOKEN)).text();
  for (const name of [
    'hotline_nodejs_eventloop_lag_p99_seconds',
    'hotline_sockets ',
    'hotline_messages_total ',
    'hotline_queue_jobs{queue="export",state="failed"} 0',
    'hotline_queue_oldest_seconds{queue="notice"}',
    'hotline_outbox_rows{channel="webhook",state="DEAD"} 0',
    'hotline_rollups_behind',
  ])
    expect(text).toContain(name);
  expect(Number(/hotline_messages_total (\d+)/.exec(text)?.[1])).toBeGreaterThan(0);
  for (const secret of ['只属于', String(visitor.user.name), visitor.id]) expect(text).not.toContain(secret);
});

test('the board: system admins only, its files ours, a failed job is explained and tried again', async () => {
  for (const token of [undefined, admin.token]) expect((await get('/ops/queues/', token)).status).toBe(404);
  expect((await get('/ops/queues/', undefined, system.token, 'GET', 'https://evil.example')).status).toBe(
    404,
  );
  const page = await get('/ops/queues/', undefined, system.token);
  const html = await page.text();
  expect([page.status, page.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringContaining("base-uri 'self'"),
  ]);
  expect(html).not.toMatch(/(src|href)="https?:/);
  const scripts = [...html.matchAll(/src="(static\/[^"]+)"/g)].map((match) => match[1] ?? '');
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) {
    const file = await get(`/ops/queues/${script}`, undefined, system.token);
    expect([script, file.status]).toEqual([script, 200]);
    expect(file.headers.get('content-type')).toContain('javascript');
  }
  // A payload that no code of ours makes: the handler throws.
  const queue = new Queue('export', {
    connection: { url: ctx.config.REDIS_URL },
    prefix: queuePrefix(ctx.config.KEY_PREFIX),
  });
  try {
    const job = await queue.add('export', null, { jobId: 'broken' });
    await until(async () => (await job.getState()) === 'failed', 'it failed');
    const list = await get(
      '/ops/queues/api/queues?activeQueue=export&status=failed&page=1',
      undefined,
      system.token,
    );
    expect(await list.text()).toContain('broken');
    const retried = () => get('/ops/queues/api/queues/export/broken/retry', undefined, system.token, 'PUT');
    const before = (await queue.getJob('broken'))?.attemptsMade ?? 0;
    expect((await retried()).ok).toBe(true);
    await until(async () => ((await queue.getJob('broken'))?.attemptsMade ?? 0) > before, 'tried again');
    const text = await (await get('/metrics', METRICS_TOKEN)).text();
    expect(Number(/hotline_jobs_failed_total\{queue="export"\} (\d+)/.exec(text)?.[1])).toBeGreaterThan(1);
  } finally {
    await queue.close();
  }
});

test('health: an institution’s admin sees its own, a system admin the whole, and what was given up is red', async () => {
  const seen = async (token: string) => {
    const { status, body } = await http(hotline.node.url, 'GET', '/api/v1/health', { token });
    expect(status).toBe(200);
    const health = body.result as Health;
    return { health, of: Object.fromEntries(health.checks.map(({ id, ...rest }) => [id, rest])) };
  };
  const before = await seen(admin.token);
  expect(before.health.whole).toBeNull();
  expect(Object.keys(before.of)).toEqual(['database', 'redis', 'cutoffs']);
  const at = new Date(ctx.clock.now());
  const [hook] = await ctx.models.Webhook.create([
    {
      ...{ institution: 'ecnu', url: 'https://hooks.example.com', events: ['conversation.ended'] },
      ...{ secret: Buffer.from('x'), createdBy: admin.user._id, createdAt: at },
    },
  ]);
  await ctx.models.Outbox.create({
    ...{ channel: 'webhook', receiver: hook?._id.toHexString(), institution: 'ecnu', createdAt: at },
    ...{ template: 'conversation.ended', state: 'DEAD', attempts: 9, dueAt: at },
  });
  expect((await seen(admin.token)).of).toMatchObject({
    webhooks: { ok: true, value: 0 },
    webhooksDead: { ok: false, value: 1 },
  });
  const { health, of } = await seen(system.token);
  expect(of).toMatchObject({
    outboxDead: { ok: false, value: 1 },
    deadLetters: { ok: true, value: 0 },
  });
  expect(of['backup']).toEqual({ ok: false, value: null });
  const hours = (count: number) => new Date(ctx.clock.now() - count * 3_600_000);
  const made = { documents: 7, files: 1, bytes: 4_096 };
  await ctx.models.Backup.create({ _id: 'keys', at: hours(3), ...made });
  // Keys alone restore nothing.
  expect((await seen(system.token)).of['backup']).toEqual({ ok: false, value: null });
  await ctx.models.Backup.create({ _id: 'data', at: hours(20), ...made });
  const backedUp = await seen(system.token);
  expect(backedUp.of['backup']).toEqual({ ok: true, value: 20 });
  expect(backedUp.health.whole?.backups.map(({ part, bytes }) => [part, bytes]).sort()).toEqual([
    ['data', 4_096],
    ['keys', 4_096],
  ]);
  await ctx.models.Backup.updateOne({ _id: 'data' }, { at: hours(30) });
  expect((await seen(system.token)).of['backup']).toEqual({ ok: false, value: 30 });
  expect((await seen(admin.token)).of).not.toHaveProperty('backup');
  expect(health.version).toMatch(/^\d+\.\d+/);
  expect(health.whole?.outbox.find(({ channel }) => channel === 'webhook')).toMatchObject({ dead: 1 });
  expect(health.whole?.queues.map(({ name }) => name)).toEqual([...JOB_NAMES]);
  expect(health.whole?.nodes.map(({ node }) => node)).toContain(ctx.node);
});

test('statistics: a range in steps, everybody’s own reach, institutions with small cells hidden', async () => {
  const now = Date.now();
  const range = `from=${String(now - 86_400_000)}&to=${String(now + 3_600_000)}`;
  const { counselor } = await talk(hotline, ['二', '我在']);
  const read = async (query: string, token: string) =>
    http(hotline.node.url, 'GET', `/api/v1/statistics${query}`, { token });
  const report = (await read(`?${range}&grain=hour`, admin.token)).body.result as Report;
  expect(report.totals).toMatchObject({ arrivals: 2, begun: 2, ended: 2, abandoned: 0, abandonRate: 0 });
  expect(report.totals.replyAverage).not.toBeNull();
  expect(report.series.reduce((sum, step) => sum + step.begun, 0)).toBe(2);
  expect(report.counselors.map(({ begun }) => begun)).toEqual([1, 1]);
  const own = (await read(`?${range}`, counselor.token)).body.result as Report;
  expect([own.totals.begun, own.counselors.map((row) => row.counselor)]).toEqual([1, [counselor.id]]);
  expect((await read(`?${range}&institution=other`, admin.token)).status).toBe(404);
  expect((await read(`?${range}&counselor=${admin.id}`, counselor.token)).status).toBe(404);
  expect((await read('?from=5&to=4', admin.token)).status).toBe(400);
  const beside = (await read(`/institutions?${range}`, system.token)).body.result as Comparison[];
  expect(beside).toMatchObject([
    { institution: 'ecnu', arrivals: null, begun: null, waitAverage: null },
    { institution: 'other', arrivals: 0 },
  ]);
  expect([...hiddenOf([3, 9, 7, 0])].sort()).toEqual([0, 2]);
  expect([...hiddenOf([3, 2, 7])].sort()).toEqual([0, 1]);
});
