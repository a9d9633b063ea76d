/** Notices by text message: a called supervisor whom no device told; Tencent's stand-in checks the signature. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { User } from '../../../models/user.js';
import { sealPrivate } from '../../../services/account/private-fields.js';
import type { Ctx } from '../../../services/context.js';
import { noteCalls } from '../../../services/notice/calls.js';
import { deliverTo } from '../../../services/notice/deliver.js';
import { markReached } from '../../../services/supervision/call.js';
import { startTencentSmsStandIn } from '../../../stand-ins/tencent-sms.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';

let sms: Awaited<ReturnType<typeof startTencentSmsStandIn>>;
let hotline: Hotline;
let clock: TestClock;
let ctx: Ctx;
beforeAll(async () => {
  sms = await startTencentSmsStandIn({ AKIDtest: 'sms-secret' });
  clock = testClock();
  const account = { SMS_SECRET_ID: 'AKIDtest', SMS_SECRET_KEY: 'sms-secret', SMS_URL: sms.url };
  const app = { SMS_APP_ID: '1400000000', SMS_SIGN: '心院热线', SMS_TEMPLATE: '449739' };
  const env = { FACES: 'server,realtime', SMS_NOTICES: 'supervisor-called:550001', ...account, ...app };
  hotline = await startHotline({ clock, env });
  ctx = hotline.node.ctx;
});
afterAll(async () => {
  await hotline.stop();
  await sms.close();
});
beforeEach(() => void sms.sent.splice(0));

/** A running session whose counselor calls a supervisor with these ways to be reached. */
async function call(ways: Partial<Record<'phone' | 'email', string>>) {
  const supervisor = await makePerson(ctx, 'SUPERVISOR');
  const fields: Partial<User> = await sealPrivate(ctx, supervisor.user, ways);
  await ctx.models.User.updateOne({ _id: supervisor.id }, { $set: fields });
  const counselor = await makeCounselor(ctx, 1);
  const visitor = await makePerson(ctx, 'VISITOR');
  const json = { counselor: counselor.id };
  const opened = await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json });
  const conversationId = String(opened.body.result.id);
  const asked = await http(hotline.node.url, 'PUT', '/conversation/supervise', {
    token: counselor.token,
    json: { conversationId, supervise: supervisor.id },
  });
  expect(asked.body.code).toBe(0);
  return { supervisor, thread: String(asked.body.result.id) };
}
const rowOf = ({ id }: Person) => ctx.models.Outbox.findOne({ receiver: id }).lean();

test('a supervisor whom no screen told is sent one text message, which names nobody', async () => {
  const { supervisor, thread } = await call({ phone: '13811113333' });
  clock.advance(10_000);
  await noteCalls(ctx);
  // Time to be told by a screen.
  expect(await rowOf(supervisor)).toBeNull();
  clock.advance(6_000);
  await Promise.all([noteCalls(ctx), noteCalls(ctx)]);
  await noteCalls(ctx);
  await Promise.all([deliverTo(ctx, supervisor.id), deliverTo(ctx, supervisor.id)]);
  expect(sms.sent).toEqual([{ phone: '+8613811113333', template: '550001', parameters: [] }]);
  const row = await rowOf(supervisor);
  expect(row).toMatchObject({ channel: 'sms', state: 'DONE', error: null, data: { thread } });
  expect(JSON.stringify(row)).not.toContain('13811113333');
});

test('nobody is sent what they know by then, and nothing without a phone', async () => {
  const told = await call({ phone: '13811114444' });
  const other = await call({ email: 'du@example.edu' });
  clock.advance(16_000);
  await noteCalls(ctx);
  await markReached(ctx, told.thread, told.supervisor.id);
  await deliverTo(ctx, told.supervisor.id);
  expect(await rowOf(told.supervisor)).toMatchObject({ state: 'DONE', error: 'over' });
  // Without a phone the e-mail is the next best.
  expect(await rowOf(other.supervisor)).toMatchObject({ channel: 'mail', template: 'supervisor-called' });
  expect(sms.sent).toEqual([]);
});

test('a carrier that refuses is asked again, later and later, and then a person can see it', async () => {
  const { supervisor } = await call({ phone: '13811110000' });
  clock.advance(16_000);
  await noteCalls(ctx);
  const waits: number[] = [];
  for (let tries = 1; tries < 6; tries += 1) {
    await deliverTo(ctx, supervisor.id);
    const row = await rowOf(supervisor);
    expect(row).toMatchObject({ state: 'PENDING', attempts: tries, error: 'no-answer' });
    waits.push((row?.dueAt.getTime() ?? 0) - clock.now());
    clock.advance((row?.dueAt.getTime() ?? 0) - clock.now() + 1_000);
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  await deliverTo(ctx, supervisor.id);
  expect(await rowOf(supervisor)).toMatchObject({ state: 'DEAD', error: 'no-answer' });
  expect(sms.sent).toEqual([]);
});

test('a foreign number keeps its country code', async () => {
  const { supervisor } = await call({ phone: '+1 415 555 1234' });
  clock.advance(16_000);
  await noteCalls(ctx);
  await deliverTo(ctx, supervisor.id);
  expect(sms.sent.map(({ phone }) => phone)).toEqual(['+14155551234']);
});
