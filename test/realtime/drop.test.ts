/** The drop drill: a party goes away in the middle, nobody loses a place, a session or a word. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { objectId } from '../../platform/mongo.js';
import { markAlive } from '../../services/time/uptime.js';
import { sweeps } from '../../workers/jobs/sweep.js';
import { startHotline, type Hotline } from '../support/app.js';
import { connect } from '../support/clients.js';
import { testClock, type TestClock } from '../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';
import { leaveNobody } from '../support/talk.js';

let hotline: Hotline;
let clock: TestClock;
let urls: [string, string];
beforeAll(async () => {
  clock = testClock();
  // Without the worker face nothing sweeps by itself: the test says when.
  hotline = await startHotline({ nodes: 2, clock, env: { FACES: 'server,realtime' } });
  urls = hotline.nodes.map(({ url }) => url) as [string, string];
  await markAlive(hotline.node.ctx);
});
afterAll(() => hotline.stop());

afterEach(() => leaveNobody(hotline.node.ctx));

const MINUTE = 60_000;
const sweepAll = async () => {
  for (const name of [
    'alive',
    'deadlines',
    'unsealed',
    'seats',
    'connections',
    'lost',
    'presence',
    'waiting',
  ])
    await sweeps[name]!(hotline.node.ctx);
};
/** Time goes by while the platform is up; the nodes' beats, which go by the wall, are given by hand. */
async function pass(ms: number) {
  const { Connection, Duty } = hotline.node.ctx.models;
  for (let left = ms; left > 0; left -= 10_000) {
    clock.advance(Math.min(left, 10_000));
    await markAlive(hotline.node.ctx);
    await Connection.updateMany({}, { $set: { until: new Date(clock.now() + 20_000) } });
    await Duty.updateMany(
      { connectedUntil: { $ne: null }, lostAt: null },
      { $set: { connectedUntil: new Date(clock.now() + 30_000) } },
    );
  }
}
const row = (id: string) => hotline.node.ctx.models.Conversation.findById(id).lean().orFail();
const duty = ({ id }: Person) => hotline.node.ctx.models.Duty.findById(id).lean().orFail();
const say = (text: string) => ({
  clientMsgId: `m${String(Math.random()).slice(2)}`,
  kind: 'text' as const,
  text,
});

async function session(counselor: Person) {
  const { ctx } = hotline.node;
  const visitor = await makePerson(ctx, 'VISITOR');
  const v = await connect(urls[0], visitor.token);
  const c = await connect(urls[1], counselor.token);
  await c.must('presence:set', { state: 'online' });
  const { id } = await v.must('conversation:open', { counselor: counselor.id });
  expect((await row(id)).status).toBe('IN_PROGRESS');
  return { visitor, v, c, id };
}

test('a counselor who does not come back: the visitor is told at once and waits in front, time and words are kept', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 2);
  const { v, c, id } = await session(counselor);
  await v.must('message:send', { conversationId: id, ...say('我有点难受') });
  await pass(5 * MINUTE);
  const others = await makePerson(ctx, 'VISITOR');
  c.close();
  const told = await v.hear('conversation:updated', (update) => update.counselorBackBy !== null, 5_000);
  expect(told.counselorBackBy! - clock.now()).toBeGreaterThan(25_000);
  expect(await duty(counselor)).toMatchObject({ lostAt: expect.any(Date) });
  // Nobody new is given to who is not there.
  const o = await connect(urls[0], others.token);
  const next = await o.must('conversation:open', { counselor: counselor.id });
  expect(next.status).toBe('WAITING');

  await pass(15_000);
  await sweepAll();
  expect((await row(id)).status).toBe('IN_PROGRESS');
  await pass(16_000);
  await Promise.all([sweepAll(), sweepAll()]);
  const back = await row(id);
  expect(back).toMatchObject({ status: 'WAITING', counselor: null, creditMs: 10 * MINUTE });
  expect(back.limitLeftMs).toBeGreaterThan(53 * MINUTE);
  expect(back.limitLeftMs).toBeLessThan(55 * MINUTE);
  expect(await duty(counselor)).toMatchObject({ seats: [], presence: 'offline' });

  // Still a conversation of the same numbers; somebody who came later does not come before it.
  await v.must('message:send', { conversationId: id, ...say('还在吗') });
  const rival = await makePerson(ctx, 'VISITOR');
  const r = await connect(urls[1], rival.token);
  await r.must('conversation:open', {});
  const second = await makeCounselor(ctx, 1);
  await ctx.admissions.admit('ecnu');
  const again = await v.hear('conversation:updated', (update) => update.counselor?.id === second.id);
  expect(again).toMatchObject({ id, status: 'IN_PROGRESS', counselorBackBy: null });
  expect(again.limitTime! - clock.now()).toBeLessThan(55 * MINUTE);
  const { conversations } = await v.must('sync', { conversations: [{ id, after: 0 }] });
  const events = conversations[0]!.messages.map((message) => message.event ?? message.kind);
  expect(events).toEqual(['assigned', 'text', 'requeued', 'text', 'assigned']);
  expect(conversations[0]!.messages[2]!.data).toEqual({ cause: 'COUNSELOR_DROPPED' });
  for (const client of [v, o, r]) client.close();
  await ctx.models.Duty.updateOne({ _id: second.id }, { $set: { presence: 'offline' } });
});

test('a counselor who comes back in time, or holds another device, keeps the session', async () => {
  const counselor = await makeCounselor(hotline.node.ctx, 1);
  const { v, c, id } = await session(counselor);
  const phone = await connect(urls[0], counselor.token);
  c.close();
  await until(
    async () => (await hotline.node.ctx.models.Connection.countDocuments({ user: counselor.id })) === 1,
    'one left',
  );
  expect((await duty(counselor)).lostAt).toBeNull();
  phone.close();
  await v.hear('conversation:updated', (update) => update.counselorBackBy !== null, 5_000);
  await pass(20_000);
  const again = await connect(urls[0], counselor.token);
  const before = v.heard('conversation:updated').length;
  await until(async () => (await duty(counselor)).lostAt === null, 'noticed as back');
  await until(
    () => v.heard('conversation:updated').slice(-1)[0]?.counselorBackBy === null && before > 0,
    'the visitor is told',
  );
  await pass(60_000);
  await sweepAll();
  expect(await row(id)).toMatchObject({ status: 'IN_PROGRESS' });
  expect((await row(id)).deadlines.map(({ kind }) => kind)).not.toContain('dropped');
  again.close();
  v.close();
});

test('the whole platform was down: the grace begins anew at boot, and only then', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 1);
  const { v, c, id } = await session(counselor);
  await markAlive(ctx);
  // What a killed platform leaves: rows of connections that nobody renews, no mark of life.
  v.close();
  c.close();
  await until(async () => (await duty(counselor)).lostAt !== null, 'noticed');
  clock.advance(10 * MINUTE);
  await sweepAll();
  expect(await row(id)).toMatchObject({ status: 'IN_PROGRESS' });
  await pass(25_000);
  await sweepAll();
  expect(await row(id)).toMatchObject({ status: 'IN_PROGRESS' });
  await pass(10_000);
  await sweepAll();
  expect(await row(id)).toMatchObject({ status: 'WAITING' });
});

test('a node that died is noticed when its rows run out; a visitor who is gone is shown to the counselor', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 1);
  const { visitor, v, c, id } = await session(counselor);
  v.close();
  const told = await c.hear('conversation:updated', (update) => update.visitorLostTime !== null, 5_000);
  expect(told.status).toBe('IN_PROGRESS');
  const again = await connect(urls[1], visitor.token);
  await until(async () => (await row(id)).visitorLostAt === null, 'the visitor is back');
  // What a node killed with its sockets leaves behind: a row that nobody renews. It bears no living
  // node's name, for a beat of that node would take the counselor for back.
  const { Connection } = ctx.models;
  const killed = { _id: `killed:${counselor.id}`, node: 'killed', user: objectId(counselor.id)! };
  const now = clock.now();
  await Connection.create({ ...killed, role: 'COUNSELOR', since: now, until: now + 20_000 });
  c.close();
  await until(
    async () => (await Connection.countDocuments({ user: counselor.id })) === 1,
    'that row is left',
  );
  expect((await duty(counselor)).lostAt).toBeNull();
  await Connection.updateOne({ _id: killed._id }, { until: new Date(clock.now() - 1) });
  await sweepAll();
  expect(await duty(counselor)).toMatchObject({ lostAt: expect.any(Date), presence: 'online' });
  expect((await row(id)).deadlines.map(({ kind }) => kind)).toContain('dropped');
  again.close();
});

test('a planned restart moves the sockets; nobody loses a place', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 1);
  const { v, c, id } = await session(counselor);
  const waiting = await makePerson(ctx, 'VISITOR');
  const w = await connect(urls[0], waiting.token);
  const place = await w.must('conversation:open', { counselor: counselor.id });
  expect(place.position).toBe(1);
  // The second node goes: its socket breaks like a bad line, so clients come again by themselves.
  const reasons: string[] = [];
  c.socket.on('disconnect', (reason) => reasons.push(reason));
  await hotline.nodes[1]!.close();
  await until(() => reasons.length === 1, 'the counselor is moved');
  expect(reasons).toEqual(['transport close']);
  const moved = await connect(urls[0], counselor.token);
  await until(async () => (await duty(counselor)).lostAt === null, 'found again');
  await pass(60_000);
  await sweepAll();
  expect(await row(id)).toMatchObject({ status: 'IN_PROGRESS' });
  const { conversations } = await w.must('sync', { conversations: [{ id: place.id, after: 0 }] });
  expect(conversations[0]!.conversation).toMatchObject({ status: 'WAITING', position: 1 });
  for (const client of [v, w, moved]) client.close();
  hotline.nodes.pop();
});

test('a counselor’s time is stored as stretches that lie end to end', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 3);
  const c = await connect(urls[0], counselor.token);
  /** A step and the clock around it: on a slow machine a step takes seconds. */
  const step = async (work: Promise<unknown>) => {
    const from = clock.now();
    await work;
    return { from, to: clock.now() };
  };
  type Step = Awaited<ReturnType<typeof step>>;
  const online = await step(c.must('presence:set', { state: 'online' }));
  await pass(60_000);
  const visitor = await connect(urls[0], (await makePerson(ctx, 'VISITOR')).token);
  const place = visitor.must('conversation:open', { counselor: counselor.id });
  const opened = await step(place);
  await pass(120_000);
  const ended = await step(visitor.must('conversation:end', { conversationId: (await place).id }));
  const away = await step(c.must('presence:set', { state: 'away' }));
  await pass(30_000);
  const offline = await step(c.must('presence:set', { state: 'offline' }));
  const rows = await ctx.models.PresenceInterval.find({ counselor: counselor.id })
    .sort({ from: 1, _id: 1 })
    .lean();
  expect(rows.every(({ to }) => to !== null)).toBe(true);
  for (const [index, each] of rows.slice(1).entries()) expect(each.from).toEqual(rows[index]!.to);
  const time = (fits: (each: (typeof rows)[number]) => boolean) =>
    rows.filter(fits).reduce((sum, { from, to }) => sum + to!.getTime() - from.getTime(), 0);
  const lies = (value: number, ...between: [Step, Step][]) => {
    const least = between.reduce((sum, [a, b]) => sum + b.from - a.to, 0);
    const most = between.reduce((sum, [a, b]) => sum + b.to - a.from, 0);
    expect(value).toBeGreaterThanOrEqual(least - 2_000);
    expect(value).toBeLessThanOrEqual(most + 2_000);
  };
  lies(
    time(({ state, taken }) => state === 'online' && taken === 0),
    [online, opened],
    [ended, away],
  );
  lies(
    time(({ state, taken }) => state === 'online' && taken === 1),
    [opened, ended],
  );
  lies(
    time(({ state }) => state === 'away'),
    [away, offline],
  );
  c.close();
  visitor.close();
});
