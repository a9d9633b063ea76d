/** The subscribe message "somebody is ready for you": outbox row, sweep, job, WeChat's stand-in. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Ctx } from '../../../services/context.js';
import { deliverTo, sweepNotices } from '../../../services/notice/deliver.js';
import { noteReady } from '../../../services/wechat/ready-notice.js';
import { setMaxConsults } from '../../../services/presence/duty.js';
import { startWechatStandIn, type WechatStandIn } from '../../../stand-ins/wechat.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { authenticatedActor, makeCounselor, type Person } from '../../support/factories.js';
import { until } from '../../support/poll.js';

const APPID = 'wxdemo0000000000';
let standIn: WechatStandIn;
let hotline: Hotline;
let clock: TestClock;
let ctx: Ctx;
beforeAll(async () => {
  standIn = await startWechatStandIn();
  clock = testClock();
  hotline = await startHotline({
    clock,
    env: {
      WECHAT_URL: standIn.url,
      DEMO: '1',
      WECHAT_READY_TEMPLATES: `${APPID}:T1`,
      WECHAT_READY_PAGE: 'pages/chat',
    },
  });
  ctx = hotline.node.ctx;
});
afterAll(async () => {
  await hotline.stop();
  await standIn.close();
});
beforeEach(async () => {
  standIn.sent.length = 0;
  standIn.refusing.clear();
  await ctx.models.Outbox.deleteMany({});
});

let serial = 0;
/** A WeChat visitor who waits for one counselor that has no place yet. */
async function waiting(subscribe = true) {
  serial += 1;
  const logIn = await http(hotline.node.url, 'POST', `/auth/wx/${APPID}/login?code=demo:v${String(serial)}`);
  const token = (logIn.headers.get('authorization') ?? '').replace('Bearer ', '');
  const { id, username: openid } = (await http(hotline.node.url, 'GET', '/auth/me', { token })).body.result;
  await ctx.models.User.updateOne({ _id: id }, { $set: { subscribe } });
  const counselor = await makeCounselor(ctx, 0);
  const json = { counselor: counselor.id };
  const opened = await http(hotline.node.url, 'PUT', '/conversation', { token, json });
  return { id: String(opened.body.result.id), visitor: String(id), openid: String(openid), token, counselor };
}
const admit = async (counselor: Person) =>
  setMaxConsults(ctx, await authenticatedActor(ctx, counselor.token), 1);
const rowOf = (visitor: string) => ctx.models.Outbox.findOne({ receiver: visitor }).lean();

test('a visitor who waited and asked for it is told once, neutrally', async () => {
  const { visitor, openid, counselor } = await waiting();
  clock.advance(15_000);
  await admit(counselor);
  await until(async () => (await rowOf(visitor))?.state === 'DONE', 'the notice left');
  expect(standIn.sent).toHaveLength(1);
  const [notice] = standIn.sent;
  expect(notice).toMatchObject({ touser: openid, template_id: 'T1', page: 'pages/chat' });
  expect(notice?.data.time2?.value).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  expect(JSON.stringify(notice?.data)).not.toMatch(/咨询|心理|会谈/);
  await sweepNotices(ctx);
  await deliverTo(ctx, visitor);
  expect(standIn.sent).toHaveLength(1);
});

test('who did not ask, and who did not wait, is not told', async () => {
  const silent = await waiting(false);
  const quick = await waiting();
  await admit(quick.counselor);
  clock.advance(15_000);
  await admit(silent.counselor);
  await hotline.node.workers?.sweep();
  expect(await ctx.models.Outbox.countDocuments()).toBe(0);
});

test('a row whose assignment did not happen sends nothing, and serves the one that does', async () => {
  const { id, visitor, counselor } = await waiting();
  clock.advance(15_000);
  // A crash, or a lost race, between the row and the assignment.
  await noteReady(ctx, await ctx.models.Conversation.findById(id).lean().orFail());
  await until(async () => (await rowOf(visitor))?.attempts !== 0, 'looked at');
  clock.advance(40_000);
  await until(async () => {
    await deliverTo(ctx, visitor);
    return (await rowOf(visitor))?.error === 'not-assigned';
  }, 'written off');
  expect(standIn.sent).toHaveLength(0);
  await admit(counselor);
  await until(() => standIn.sent.length === 1, 'told after all');
  expect(await ctx.models.Outbox.countDocuments({ receiver: visitor })).toBe(1);
});

test('WeChat in trouble is tried again; a refusal ends it and the subscription', async () => {
  const busy = await waiting();
  clock.advance(15_000);
  standIn.busy.calls = 2;
  await admit(busy.counselor);
  await until(async () => (await rowOf(busy.visitor))?.error === '-1', 'failed once');
  await until(async () => {
    clock.advance(1_000);
    await deliverTo(ctx, busy.visitor);
    return standIn.sent.length === 1;
  }, `sent at last`);
  expect((await rowOf(busy.visitor))?.attempts).toBe(3);

  const refuser = await waiting();
  standIn.refusing.add(refuser.openid);
  clock.advance(15_000);
  await admit(refuser.counselor);
  await until(async () => (await rowOf(refuser.visitor))?.state === 'DEAD', 'given up');
  expect((await rowOf(refuser.visitor))?.error).toBe('43101');
  expect((await ctx.models.User.findById(refuser.visitor).lean())?.subscribe).toBe(false);
});

test('what is over by then is not told', async () => {
  const { id, visitor, counselor, token } = await waiting();
  clock.advance(15_000);
  await noteReady(ctx, await ctx.models.Conversation.findById(id).lean().orFail());
  await http(hotline.node.url, 'POST', `/conversation/end/${id}`, { token });
  await admit(counselor);
  await until(async () => {
    clock.advance(2_000);
    await deliverTo(ctx, visitor);
    return (await rowOf(visitor))?.state === 'DONE';
  }, 'closed');
  expect(standIn.sent).toHaveLength(0);
});
