/** The live wall: what each of the staff sees of what runs, and that it moves by itself. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Conversation as Wire } from '../../../contract/conversation.js';
import type { Wall } from '../../../contract/wall.js';
import type { Ctx } from '../../../services/context.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { connect, http } from '../../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { until } from '../../support/poll.js';

let hotline: Hotline;
let ctx: Ctx;
let a: string;
let b: string;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2, env: { FACES: 'server,realtime' } });
  ctx = hotline.node.ctx;
  [a, b] = hotline.nodes.map((node) => node.url) as [string, string];
});
afterAll(() => hotline.stop());

const open = async (visitor: Person, counselor?: Person): Promise<Wire> =>
  (
    await http(a, 'PUT', '/conversation', {
      token: visitor.token,
      json: counselor ? { counselor: counselor.id } : {},
    })
  ).body.result;
let serial = 0;
const say = (as: Person, id: string, text: string) =>
  http(a, 'POST', `/api/v1/conversations/${id}/messages`, {
    token: as.token,
    json: { clientMsgId: `m${String((serial += 1))}`, kind: 'text', text },
  });
const read = async (as: Person, query = '') =>
  (await http(a, 'GET', `/api/v1/wall${query}`, { token: as.token })).body.result as Wall;

test('who runs, waits and is there; each in their reach; the oldest unanswered word first', async () => {
  const house = { institution: 'wall1' };
  const supervisor = await makePerson(ctx, 'SUPERVISOR', house);
  const stranger = await makePerson(ctx, 'SUPERVISOR', house);
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', house);
  const bound = await makeCounselor(ctx, 1, { ...house, supervisors: [supervisor.user._id] });
  const free = await makeCounselor(ctx, 1, house);
  const [v1, v2, v3] = await Promise.all([1, 2, 3].map(() => makePerson(ctx, 'VISITOR', house)));
  if (!v1 || !v2 || !v3) throw new Error('three visitors');
  const first = await open(v1, bound);
  const second = await open(v2, free);
  const third = await open(v3, bound);
  await ctx.models.Conversation.updateOne({ _id: third.id }, { $set: { risk: 'high' } });
  await say(v2, second.id, '我先说');
  await say(v1, first.id, '有人吗');
  await say(v1, first.id, '在吗');

  const socket = await connect(b, supervisor.token);
  const watched = await socket.must('wall:watch', {});
  expect(watched?.sessions.map(({ conversationId }) => conversationId)).toEqual([first.id]);
  const full = await until(async () => {
    const wall = await read(admin);
    return wall.sessions.every(({ unansweredSince }) => unansweredSince !== null) && wall;
  }, 'both wait for an answer');
  expect(full.sessions.map(({ conversationId }) => conversationId)).toEqual([second.id, first.id]);
  expect(full.waiting).toMatchObject([{ conversationId: third.id, risk: 'high', requested: bound.id }]);
  expect(full.counselors).toEqual({ online: 2, seats: 2, taken: 2 });
  expect(full.supervisors).toMatchObject([{ id: supervisor.id }]);
  expect(full.lights).toMatchObject({
    load: { value: 1, light: 'green' },
    longWaiting: { value: 0, light: 'green' },
    supervisors: { value: 1, light: 'amber' },
    highRisk: { value: 1, light: 'amber' },
  });
  expect(full.sessions[0]).toMatchObject({ counselor: { id: free.id }, visitor: { id: v2.id } });
  expect(full.sessions[0]?.limitTime).toBeGreaterThan(Date.now());

  // A counselor sees the lights and their own; a supervisor who is bound to nobody only what they are called to.
  const own = await read(free);
  expect([own.sessions.map(({ conversationId }) => conversationId), own.waiting, own.supervisors]).toEqual([
    [second.id],
    [],
    [],
  ]);
  expect((await read(stranger)).sessions).toEqual([]);
  await http(a, 'PUT', `/conversation/supervise?supervise=${stranger.id}&conversationId=${second.id}`, {
    token: free.token,
  });
  const called = await until(async () => (await read(stranger)).sessions[0], 'the call shows');
  expect(called).toMatchObject({ conversationId: second.id });
  expect(called.calledSince).not.toBeNull();

  // It is told without being asked: the answer takes the mark away, and nothing more comes after `on: false`.
  await say(bound, first.id, '我在');
  await socket.hear('wall:changed', (wall) => wall.sessions[0]?.unansweredSince === null, 30_000);
  const [last] = socket.heard('wall:changed').slice(-1);
  await socket.hear('wall:changed', (wall) => wall.time > (last?.time ?? 0), 30_000);
  expect(await socket.must('wall:watch', { on: false })).toBeNull();
  socket.close();
});

test('no institution sees the wall of another, and no visitor any', async () => {
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'wall2' });
  const system = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR');
  const visitor = await makePerson(ctx, 'VISITOR', { institution: 'wall1' });
  expect((await read(admin)).sessions).toEqual([]);
  const foreign = await http(a, 'GET', '/api/v1/wall?institution=wall1', { token: admin.token });
  expect(foreign.status).toBe(404);
  expect((await read(system, '?institution=wall1')).sessions).toHaveLength(2);
  const socket = await connect(b, visitor.token);
  expect(await socket.ask('wall:watch', {})).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
  socket.close();
});
