/** T3 of the reliability plan in its short form: real calls at once over two nodes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, http } from '../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';

const ROUNDS = Number(process.env.RACE_ROUNDS ?? 3);

let hotline: Hotline;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
});
afterAll(() => hotline.stop());

const url = (index: number) => hotline.nodes[index % 2]?.url ?? '';
const open = (visitor: Person, index: number, counselor?: string) =>
  http(url(index), 'PUT', '/conversation', { token: visitor.token, json: counselor ? { counselor } : {} });
const end = (person: Person, id: string, index: number) =>
  http(url(index), 'POST', `/conversation/end/${id}`, { token: person.token });
const seatsOf = async (counselor: Person) =>
  (await hotline.node.ctx.models.Duty.findById(counselor.id).lean().orFail()).seats.length;
const visitors = (count: number) =>
  Promise.all(Array.from({ length: count }, () => makePerson(hotline.node.ctx, 'VISITOR')));

test('twenty who want one counselor with three places: three are served, nobody is above the cap', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const counselor = await makeCounselor(hotline.node.ctx, 3);
    const people = await visitors(20);
    const answers = await Promise.all(people.map((person, index) => open(person, index, counselor.id)));
    expect(answers.every((answer) => answer.body.code === 0)).toBe(true);
    const { models } = hotline.node.ctx;
    await until(async () => (await seatsOf(counselor)) === 3, 'three seats');
    expect(
      await models.Conversation.countDocuments({ counselor: counselor.user._id, status: 'IN_PROGRESS' }),
    ).toBe(3);
    // The line moves one by one, in the order of arrival, and never above the cap.
    const served = await models.Conversation.find({
      requested: counselor.user._id,
      status: 'IN_PROGRESS',
    }).lean();
    const waiting = await models.Conversation.find({ requested: counselor.user._id, status: 'WAITING' })
      .sort({ queueScore: 1, _id: 1 })
      .lean();
    expect(waiting).toHaveLength(17);
    await Promise.all(served.map((row, index) => end(counselor, row._id.toHexString(), index)));
    await until(async () => (await seatsOf(counselor)) === 3, 'refilled at once', 2_000);
    const next = await models.Conversation.find({
      requested: counselor.user._id,
      status: 'IN_PROGRESS',
    }).lean();
    expect(next.map((row) => row._id.toHexString()).sort()).toEqual(
      waiting
        .slice(0, 3)
        .map((row) => row._id.toHexString())
        .sort(),
    );
  }
});

test('one visitor who taps on both nodes at once has one conversation and one seat', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const counselor = await makeCounselor(hotline.node.ctx, 5);
    const [visitor] = await visitors(1);
    if (!visitor) throw new Error('one visitor');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => open(visitor, index, counselor.id)),
    );
    expect(new Set(answers.map((answer) => (answer.body.result as { id: string }).id)).size).toBe(1);
    expect(await seatsOf(counselor)).toBe(1);
  }
});

test('ends racing with each other free one seat once and leave one end marker', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const counselor = await makeCounselor(hotline.node.ctx, 1);
    const [visitor, next] = await visitors(2);
    if (!visitor || !next) throw new Error('two visitors');
    const { id } = (await open(visitor, 0, counselor.id)).body.result as { id: string };
    await open(next, 1, counselor.id);
    await Promise.all(
      Array.from({ length: 6 }, (_, index) => end(index % 2 ? visitor : counselor, id, index)),
    );
    const markers = await hotline.node.ctx.models.Message.find({ conversation: id, event: 'ended' }).lean();
    expect(markers).toHaveLength(1);
    await until(async () => (await seatsOf(counselor)) === 1, 'the next visitor is served', 2_000);
  }
});

test('sends racing with the end stand before the marker or are refused', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const counselor = await makeCounselor(hotline.node.ctx, 1);
    const [visitor] = await visitors(1);
    if (!visitor) throw new Error('one visitor');
    const { id } = (await open(visitor, 0, counselor.id)).body.result as { id: string };
    const sockets = [await connect(url(0), visitor.token), await connect(url(1), counselor.token)] as const;
    const sends = Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? sockets[0] : sockets[1]).ask('message:send', {
        conversationId: id,
        clientMsgId: `r${String(index)}`,
        kind: 'text',
        text: String(index),
      }),
    );
    const ended = end(counselor, id, 1);
    const acks = await Promise.all(sends);
    await ended;
    const rows = await hotline.node.ctx.models.Message.find({ conversation: id }).sort({ seq: 1 }).lean();
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_row, index) => index + 1));
    expect(rows.at(-1)?.event).toBe('ended');
    const acked = acks.flatMap((ack) => (ack.ok ? [ack.data.id] : []));
    const stored = new Set(rows.map((row) => row._id.toHexString()));
    expect(acked.every((each) => stored.has(each))).toBe(true);
    for (const ack of acks) if (!ack.ok) expect(ack.error.code).toBe('CONVERSATION_ENDED');
    for (const socket of sockets) socket.close();
  }
});

test('caps changed while visitors arrive: no admission ever goes above the cap of its moment', async () => {
  const counselor = await makeCounselor(hotline.node.ctx, 0);
  const people = await visitors(12);
  const caps = [2, 0, 4, 1, 5, 3];
  await Promise.all([
    ...people.map((person, index) => open(person, index, counselor.id)),
    (async () => {
      for (const [index, maxConsults] of caps.entries()) {
        const before = await seatsOf(counselor);
        await http(url(index), 'POST', '/user/maxconsults', {
          token: counselor.token,
          json: { maxConsults },
        });
        expect(await seatsOf(counselor)).toBeLessThanOrEqual(Math.max(before, ...caps.slice(0, index + 1)));
      }
    })(),
  ]);
  // The seat update judged cap and seats together: five were the most that any cap allowed.
  expect(await seatsOf(counselor)).toBeLessThanOrEqual(5);
  await until(async () => (await seatsOf(counselor)) >= 3, 'the last cap is used', 4_000);
});
