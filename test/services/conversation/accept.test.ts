/** What counselors do at the edges of a session: accept, extend, wrap up; and silence when somebody is in danger. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { setPolicy } from '../../../services/policy/policy.js';
import { DEFAULT_POLICY } from '../../../services/policy/rules.js';
import { markAlive } from '../../../services/time/uptime.js';
import { sweepDeadlines } from '../../../services/time/deadline.js';
import { sweepWrapUps } from '../../../services/matchmaking/wrap-up.js';
import { sweepSeats, sweepWaiting } from '../../../services/matchmaking/sweep.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { leaveNobody } from '../../support/talk.js';

let hotline: Hotline;
let clock: TestClock;
beforeAll(async () => {
  clock = testClock();
  hotline = await startHotline({ clock, env: { FACES: 'server' } });
  await markAlive(hotline.node.ctx);
});
afterAll(() => hotline.stop());
afterEach(async () => {
  await leaveNobody(hotline.node.ctx);
  const { acceptSeconds, wrapUpSeconds } = DEFAULT_POLICY;
  await setPolicy(hotline.node.ctx, 'ecnu', { acceptSeconds, wrapUpSeconds });
});

const MINUTE = 60_000;
async function pass(ms: number) {
  for (let left = ms; left > 0; left -= 20_000) {
    clock.advance(Math.min(left, 20_000));
    await markAlive(hotline.node.ctx);
  }
}
const call = (person: Person, method: string, path: string, json: unknown = {}) =>
  http(hotline.node.url, method, path, { token: person.token, ...(method === 'GET' ? {} : { json }) });
const row = (id: string) => hotline.node.ctx.models.Conversation.findById(id).lean().orFail();
const seats = async (person: Person) =>
  (await hotline.node.ctx.models.Duty.findById(person.id).lean().orFail()).seats.map(({ state }) => state);
async function open(json: object = {}) {
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  const { id, status } = (await call(visitor, 'PUT', '/conversation', json)).body.result;
  return { visitor, id: id as string, status: status as string };
}

test('an offer waits on the wire and holds a seat; not taken it goes to the next, each one once before anybody twice', async () => {
  const { ctx } = hotline.node;
  await setPolicy(ctx, 'ecnu', { acceptSeconds: 120 });
  const people = [await makeCounselor(ctx, 1), await makeCounselor(ctx, 1)];
  const { id, status, visitor } = await open();
  expect(status).toBe('WAITING');
  const holder = async () => {
    const { offer } = await row(id);
    return people.find((each) => offer?.counselor.equals(each.user._id));
  };
  const first = (await holder())!;
  const second = people.find((each) => each !== first)!;
  expect(await seats(first)).toEqual(['OFFERED']);
  expect((await call(first, 'GET', '/api/v1/me/offers')).body.result).toMatchObject([
    { conversation: { id, status: 'WAITING', position: 1 }, why: expect.stringContaining('空位') },
  ]);
  // Only who it is offered to may take it.
  expect((await call(second, 'POST', `/api/v1/conversations/${id}/accept`)).status).toBe(422);
  await pass(60_000);
  await sweepDeadlines(ctx);
  await sweepSeats(ctx);
  expect((await row(id)).offer?.counselor.toHexString()).toBe(first.id);
  await pass(61_000);
  await Promise.all([sweepDeadlines(ctx), sweepDeadlines(ctx)]);
  expect((await holder())!.id).toBe(second.id);
  expect([await seats(first), await seats(second)]).toEqual([[], ['OFFERED']]);
  // Everybody had it: it goes round once more.
  await call(second, 'POST', `/api/v1/conversations/${id}/decline`);
  const third = (await holder())!;
  const taken = await call(third, 'POST', `/api/v1/conversations/${id}/accept`);
  expect(taken.body.result).toMatchObject({ id, status: 'IN_PROGRESS', counselor: { id: third.id } });
  expect(await seats(third)).toEqual(['OPEN']);
  expect((await call(third, 'POST', `/api/v1/conversations/${id}/accept`)).status).toBe(200);
  await pass(30_000);
  await sweepDeadlines(ctx);
  expect((await row(id)).status).toBe('IN_PROGRESS');
  await call(visitor, 'POST', `/conversation/end/${id}`);
  expect(await seats(third)).toEqual([]);
});

test('a visitor who leaves while they are offered frees the seat; nobody is ever above the cap by offers', async () => {
  const { ctx } = hotline.node;
  await setPolicy(ctx, 'ecnu', { acceptSeconds: 60 });
  const counselor = await makeCounselor(ctx, 2);
  const people = await Promise.all([open(), open(), open()]);
  expect((await seats(counselor)).length).toBe(2);
  const offered = (await call(counselor, 'GET', '/api/v1/me/offers')).body.result as {
    conversation: { id: string };
  }[];
  const gone = people.find(({ id }) => id === offered[0]!.conversation.id)!;
  await call(gone.visitor, 'POST', `/conversation/end/${gone.id}`);
  await sweepWaiting(ctx);
  expect(await seats(counselor)).toEqual(['OFFERED', 'OFFERED']);
  // Stating that one is away gives back who was offered.
  await call(counselor, 'PUT', '/api/v1/me/presence', { state: 'away' });
  expect(await seats(counselor)).toEqual([]);
});

test('a session is extended once, for a reason; not while somebody in danger waits', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 1);
  const { id } = await open({ counselor: counselor.id });
  const limit = async () => (await row(id)).deadlines.find(({ kind }) => kind === 'limit')!.at.getTime();
  const before = await limit();
  const extend = (reason: unknown = 'UNFINISHED') =>
    call(counselor, 'POST', `/api/v1/conversations/${id}/extend`, { reason });
  expect((await extend('because')).status).toBe(400);
  const urgent = await open({ counselor: counselor.id });
  await ctx.models.Conversation.updateOne({ _id: urgent.id }, { $set: { urgency: 'high' } });
  expect((await extend()).body).toMatchObject({
    error: 'RULE_REFUSED',
    message: expect.stringContaining('紧急'),
  });
  await call(urgent.visitor, 'POST', `/conversation/end/${urgent.id}`);
  const [one, two] = await Promise.all([extend(), extend()]);
  expect([one.status, two.status].filter((status) => status === 200)).toHaveLength(1);
  expect((await extend()).status).toBe(422);
  expect((await limit()) - before).toBe(15 * MINUTE);
  const cues = (await row(id)).deadlines
    .filter(({ kind }) => kind === 'cue')
    .map(({ at }) => before + 15 * MINUTE - at.getTime());
  expect(cues.map((ms) => ms / MINUTE).sort((a, b) => a - b)).toEqual([1, 5, 10]);
  expect(await ctx.models.Message.countDocuments({ conversation: id, event: 'extended' })).toBe(1);
  expect(
    await ctx.models.AuditEntry.countDocuments({
      action: 'conversation.extend',
      subject: `conversation:${id}`,
    }),
  ).toBe(1);
});

test('silence never closes a high-risk session: its supervisors are called, once a silence', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 1);
  const supervisor = await makePerson(ctx, 'SUPERVISOR');
  await ctx.models.User.updateOne(
    { _id: counselor.user._id },
    { $set: { supervisors: [supervisor.user._id] } },
  );
  const { id } = await open({ counselor: counselor.id });
  await ctx.models.Conversation.updateOne({ _id: id }, { $set: { risk: 'high' } });
  ctx.conversations.drop(id);
  await markAlive(ctx);
  await pass(11 * MINUTE);
  await Promise.all([sweepDeadlines(ctx), sweepDeadlines(ctx)]);
  expect((await row(id)).status).toBe('IN_PROGRESS');
  const calls = (await call(supervisor, 'GET', '/api/v1/supervisions')).body.result as {
    id: string;
    session: string;
  }[];
  expect(calls).toMatchObject([{ session: id }]);
  await pass(11 * MINUTE);
  await sweepDeadlines(ctx);
  expect((await row(id)).status).toBe('IN_PROGRESS');
  const lines = { conversation: calls[0]!.id, event: 'silence-alarm' as const };
  expect(await ctx.models.Message.countDocuments(lines)).toBe(1);
  // Not a word of it in the session.
  expect(await ctx.models.Message.countDocuments({ conversation: id, event: 'silence-alarm' })).toBe(0);
});

test('a wrap-up keeps the seat until the record is saved or its time is over, and no longer', async () => {
  const { ctx } = hotline.node;
  await setPolicy(ctx, 'ecnu', { wrapUpSeconds: 120 });
  const counselor = await makeCounselor(ctx, 1);
  const one = await open({ counselor: counselor.id });
  const two = await open({ counselor: counselor.id });
  const three = await open({ counselor: counselor.id });
  await call(counselor, 'POST', `/conversation/end/${one.id}`);
  expect(await seats(counselor)).toEqual(['WRAP_UP']);
  await pass(119_000);
  await sweepWrapUps(ctx);
  await sweepSeats(ctx);
  expect((await row(two.id)).status).toBe('WAITING');
  await pass(2_000);
  await Promise.all([sweepWrapUps(ctx), sweepWrapUps(ctx)]);
  expect((await row(two.id)).status).toBe('IN_PROGRESS');
  await call(counselor, 'POST', `/conversation/end/${two.id}`);
  expect((await row(three.id)).status).toBe('WAITING');
  expect((await call(counselor, 'POST', `/api/v1/conversations/${two.id}/wrap-up`)).body.result).toBe('ok');
  expect((await row(three.id)).status).toBe('IN_PROGRESS');
  expect(await seats(counselor)).toEqual(['OPEN']);
});

test('whoever asked for one counselor takes anybody after the time that the policy says, in their place', async () => {
  const { ctx } = hotline.node;
  await setPolicy(ctx, 'ecnu', { namedFallbackMinutes: 5 });
  const full = await makeCounselor(ctx, 0);
  const { id } = await open({ counselor: full.id });
  const free = await makeCounselor(ctx, 1);
  await sweepWaiting(ctx);
  await pass(5 * MINUTE - 2_000);
  await sweepDeadlines(ctx);
  expect((await row(id)).status).toBe('WAITING');
  await pass(3_000);
  await sweepDeadlines(ctx);
  expect(await row(id)).toMatchObject({ status: 'IN_PROGRESS', counselor: free.user._id, requested: null });
  expect((await row(id)).assignedWhy).toContain('所指定的咨询师');
  await setPolicy(ctx, 'ecnu', { namedFallbackMinutes: 0 });
});
