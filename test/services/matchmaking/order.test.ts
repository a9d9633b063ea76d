/** The line moves in its order (I7), on two nodes at once, with a seat less than was thought, and after a death. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seatInOrder } from '../../../services/matchmaking/admit.js';
import { turnOf } from '../../../services/matchmaking/keys.js';
import { inTurn } from '../../../services/matchmaking/turn.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { until } from '../../support/poll.js';

let hotline: Hotline;
beforeAll(async () => {
  // No worker: no sweep mends what a round did wrong.
  hotline = await startHotline({ nodes: 2, env: { FACES: 'server' } });
});
afterAll(() => hotline.stop());

const models = () => hotline.node.ctx.models;
const open = (visitor: Person, counselor: Person, node = 0) =>
  http(hotline.nodes[node]?.url ?? '', 'PUT', '/conversation', {
    token: visitor.token,
    json: { counselor: counselor.id },
  });
const visit = async (counselor: Person, node = 0) => {
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  const { id, status } = (await open(visitor, counselor, node)).body.result as { id: string; status: string };
  return { visitor, id, status };
};
const statusOf = async (id: string) => (await models().Conversation.findById(id).lean().orFail()).status;
const seatsOf = async (counselor: Person) =>
  (await models().Duty.findById(counselor.id).lean().orFail()).seats.map(({ conversation }) =>
    conversation.toHexString(),
  );
const setPresence = (counselor: Person, state: string) =>
  http(hotline.node.url, 'PUT', '/api/v1/me/presence', { token: counselor.token, json: { state } });

test('a seat that is gone by now is missed by the last of the line, never by the first', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 0);
  const line = [await visit(counselor), await visit(counselor), await visit(counselor)];
  // A round that thought of three seats, and there is one.
  await models().Duty.updateOne({ _id: counselor.user._id }, { $set: { maxConsults: 1 } });
  const choices = line.map(({ id }) => ({ waiter: id, chair: counselor.id, why: '测试' }));
  const tells = await seatInOrder(ctx, 'ecnu', choices, { isHeld: () => true });
  for (const tell of tells) await tell();
  expect(await Promise.all(line.map(({ id }) => statusOf(id)))).toEqual([
    'IN_PROGRESS',
    'WAITING',
    'WAITING',
  ]);
  expect(await seatsOf(counselor)).toEqual([line[0]?.id]);
});

test('a node waits until the other one has seated its people', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 1);
  const visitor = await makePerson(ctx, 'VISITOR');
  const key = turnOf(ctx, 'ecnu');
  await ctx.redis.set(key, 'another node', 'PX', 60_000);
  const begun = performance.now();
  const opened = open(visitor, counselor, 1);
  const row = await until(
    () => models().Conversation.findOne({ visitor: visitor.user._id }).lean(),
    'they wait',
    30_000,
  );
  await pause(2_000);
  const { status } = await models().Conversation.findById(row._id).lean().orFail();
  // On a machine so slow that its patience was over by then, this says nothing.
  if (performance.now() - begun < 5_000) expect(status).toBe('WAITING');
  await ctx.redis.del(key);
  expect((await opened).body.result).toMatchObject({ status: 'IN_PROGRESS' });
  // It gave its own turn back.
  expect(await ctx.redis.exists(key)).toBe(0);
});

test('turns of two nodes never overlap, and each is held while it runs', async () => {
  const state = { inside: 0, most: 0, held: 0 };
  const turns = Array.from({ length: 8 }, (_, index) =>
    inTurn((hotline.nodes[index % 2] ?? hotline.node).ctx, 'ecnu', async (turn) => {
      state.inside += 1;
      state.most = Math.max(state.most, state.inside);
      await pause(10);
      if (turn.isHeld()) state.held += 1;
      state.inside -= 1;
    }),
  );
  await Promise.all(turns);
  expect(state).toEqual({ inside: 0, most: 1, held: 8 });
});

test('the turn of a node that died is over by itself', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 1);
  await ctx.redis.set(turnOf(ctx, 'ecnu'), 'a dead node', 'PX', 1_000);
  expect((await visit(counselor)).status).toBe('IN_PROGRESS');
});

test('a seat that a dead node took for somebody who still waits is settled in the next round', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 2);
  await setPresence(counselor, 'offline');
  const { id, visitor } = await visit(counselor);
  const { attempt, _id } = await models().Conversation.findById(id).lean().orFail();
  const left = { conversation: _id, state: 'OPEN' as const, attempt, at: new Date() };
  await models().Duty.updateOne({ _id: counselor.user._id }, { $push: { seats: left } });
  await setPresence(counselor, 'online');
  expect(await statusOf(id)).toBe('IN_PROGRESS');
  expect(await seatsOf(counselor)).toEqual([id]);
  const told = await models().Message.countDocuments({ conversation: _id, event: 'assigned' });
  expect(told).toBe(1);
  await http(hotline.node.url, 'POST', `/conversation/end/${id}`, { token: visitor.token });
  expect(await seatsOf(counselor)).toEqual([]);
});

test('freed on both nodes at once, seats go to the first of the line', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx, 3);
  const served = [];
  for (let index = 0; index < 3; index += 1) served.push(await visit(counselor, index % 2));
  expect(served.map(({ status }) => status)).toEqual(Array(3).fill('IN_PROGRESS'));
  const line: string[] = [];
  for (let index = 0; index < 9; index += 1) line.push((await visit(counselor, index % 2)).id);
  let holders = served.map(({ id }) => id);
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(
      holders.map((id, index) =>
        http(hotline.nodes[index % 2]?.url ?? '', 'POST', `/conversation/end/${id}`, {
          token: counselor.token,
        }),
      ),
    );
    holders = await seatsOf(counselor);
    expect(holders.toSorted()).toEqual(line.splice(0, 3).toSorted());
  }
});
