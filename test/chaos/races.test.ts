/**
 * T3 of the reliability plan: real calls at once over two nodes, round after round with the same people.
 * RACE_ROUNDS=500 is the long form (`npm run races`).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { assign } from '../../services/matchmaking/assign.js';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, http } from '../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { report } from '../support/history.js';
import { seeded, seedOf } from '../support/history-random.js';
import { until } from '../support/poll.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 3);
const LONG = 3_600_000;
const seed = seedOf();
const random = seeded(seed);

let hotline: Hotline;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
});
afterAll(() => hotline.stop());

const models = () => hotline.node.ctx.models;
const url = (index: number) => hotline.nodes[index % 2]?.url ?? '';
const open = (visitor: Person, index: number, counselor?: string) =>
  http(url(index), 'PUT', '/conversation', { token: visitor.token, json: counselor ? { counselor } : {} });
const end = (person: Person, id: string, index: number) =>
  http(url(index), 'POST', `/conversation/end/${id}`, { token: person.token });
const seatsOf = async (counselor: Person) =>
  (await models().Duty.findById(counselor.id).lean().orFail()).seats.length;
const visitors = (count: number) =>
  Promise.all(Array.from({ length: count }, () => makePerson(hotline.node.ctx, 'VISITOR')));
const idOf = (answer: Awaited<ReturnType<typeof open>>) => (answer.body.result as { id: string }).id;

/** Opens for a counselor with a free place; another node's round may be the one that assigns it. */
async function serve(visitor: Person, index: number, counselor: Person): Promise<string> {
  const id = idOf(await open(visitor, index, counselor.id));
  const served = async () =>
    (await models().Conversation.findById(id).lean().orFail()).status === 'IN_PROGRESS';
  await until(served, 'the visitor is served');
  return id;
}

/** Ends whatever these visitors have open, on both nodes by turns. */
async function clear(people: Person[]): Promise<void> {
  const rows = await models()
    .Conversation.find({ open: true, visitor: { $in: people.map(({ user }) => user._id) } })
    .lean();
  await Promise.all(
    rows.map(async (row, index) => {
      const owner = people.find(({ user }) => user._id.equals(row.visitor ?? ''));
      if (owner) await end(owner, row._id.toHexString(), index);
    }),
  );
}

/** Runs a race round after round; a round that goes wrong is a finding, and the next one is run all the same. */
async function race(name: string, round: (fault: (what: string) => void) => Promise<void>): Promise<void> {
  const violations: string[] = [];
  for (let number = 1; number <= ROUNDS; number += 1)
    await round((what) => violations.push(`round ${String(number)}: ${what}`)).catch((error: unknown) => {
      violations.push(`round ${String(number)}: ${String(error)}`);
    });
  report({ test: `T3-${name}`, seed, counts: { rounds: ROUNDS, wrong: violations.length }, violations });
  expect(violations).toEqual([]);
}

test(
  'twenty who want one counselor with three places: three are served, nobody is above the cap',
  async () => {
    const counselor = await makeCounselor(hotline.node.ctx, 3);
    const people = await visitors(20);
    await race('places', async (fault) => {
      const answers = await Promise.all(
        random.shuffle(people).map((person, index) => open(person, index, counselor.id)),
      );
      if (answers.some((answer) => answer.body.code !== 0)) fault('a call was refused');
      await until(async () => (await seatsOf(counselor)) === 3, 'three seats');
      const named = { requested: counselor.user._id, open: true } as const;
      const served = await models()
        .Conversation.find({ ...named, status: 'IN_PROGRESS' })
        .lean();
      if (served.length !== 3) fault(`${String(served.length)} are served`);
      // The line moves one by one, in the order of arrival, and never above the cap.
      const waiting = await models()
        .Conversation.find({ ...named, status: 'WAITING' })
        .sort({ queueScore: 1, _id: 1 })
        .lean();
      if (waiting.length !== 17) fault(`${String(waiting.length)} wait`);
      await Promise.all(served.map((row, index) => end(counselor, String(row._id), index)));
      await until(async () => (await seatsOf(counselor)) === 3, 'refilled at once', 10_000);
      const next = await models()
        .Conversation.find({ ...named, status: 'IN_PROGRESS' })
        .lean();
      const ids = (rows: { _id: unknown }[]) =>
        rows
          .map((row) => String(row._id))
          .sort()
          .join();
      if (ids(next) !== ids(waiting.slice(0, 3))) fault('not the first three of the line');
      await models().Duty.updateOne({ _id: counselor.user._id }, { $set: { maxConsults: 0 } });
      await clear(people);
      if ((await seatsOf(counselor)) !== 0) fault('seats are left');
      await models().Duty.updateOne({ _id: counselor.user._id }, { $set: { maxConsults: 3 } });
    });
  },
  LONG,
);

test(
  'one visitor who taps on both nodes at once has one conversation and one seat',
  async () => {
    const counselor = await makeCounselor(hotline.node.ctx, 5);
    const [visitor] = await visitors(1);
    if (!visitor) throw new Error('one visitor');
    await race('taps', async (fault) => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => open(visitor, index, counselor.id)),
      );
      const ids = new Set(answers.map(idOf));
      if (ids.size !== 1) fault(`${String(ids.size)} conversations`);
      const seats = await seatsOf(counselor);
      if (seats !== 1) fault(`${String(seats)} seats`);
      await clear([visitor]);
    });
  },
  LONG,
);

test(
  'ends racing with each other free one seat once and leave one end marker',
  async () => {
    const counselor = await makeCounselor(hotline.node.ctx, 1);
    const [visitor, next] = await visitors(2);
    if (!visitor || !next) throw new Error('two visitors');
    await race('ends', async (fault) => {
      const id = await serve(visitor, 0, counselor);
      await open(next, 1, counselor.id);
      await Promise.all(
        Array.from({ length: 6 }, (_, index) => end(index % 2 ? visitor : counselor, id, index)),
      );
      const markers = await models().Message.countDocuments({ conversation: id, event: 'ended' });
      if (markers !== 1) fault(`${String(markers)} end markers`);
      await until(async () => (await seatsOf(counselor)) === 1, 'the next visitor is served', 10_000);
      await clear([next]);
      if ((await seatsOf(counselor)) !== 0) fault('a seat is left');
    });
  },
  LONG,
);

test(
  'sends racing with the end stand before the marker or are refused',
  async () => {
    const counselor = await makeCounselor(hotline.node.ctx, 1);
    const [visitor] = await visitors(1);
    if (!visitor) throw new Error('one visitor');
    const sockets = [await connect(url(0), visitor.token), await connect(url(1), counselor.token)] as const;
    await race('end-and-send', async (fault) => {
      const id = await serve(visitor, 0, counselor);
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
      const rows = await models().Message.find({ conversation: id }).sort({ seq: 1 }).lean();
      if (rows.some((row, index) => row.seq !== index + 1)) fault('a gap or a double');
      if (rows.at(-1)?.event !== 'ended') fault('something stands after the end');
      const stored = new Set(rows.map((row) => row._id.toHexString()));
      for (const ack of acks) {
        if (ack.ok && !stored.has(ack.data.id)) fault(`lost: ${ack.data.id}`);
        if (!ack.ok && ack.error.code !== 'CONVERSATION_ENDED') fault(`refused by ${ack.error.code}`);
      }
    });
    for (const socket of sockets) socket.close();
  },
  LONG,
);

test(
  'one clientMsgId with other words on both nodes at once is one row and one answer',
  async () => {
    const counselor = await makeCounselor(hotline.node.ctx, 1);
    const [visitor] = await visitors(1);
    if (!visitor) throw new Error('one visitor');
    const id = await serve(visitor, 0, counselor);
    let serial = 0;
    await race('twins', async (fault) => {
      const clientMsgId = `twin-${String((serial += 1))}`;
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          http(url(index), 'POST', `/api/v1/conversations/${id}/messages`, {
            token: visitor.token,
            json: { clientMsgId, kind: 'text', text: `说法 ${String(index)}` },
          }),
        ),
      );
      const told = new Set(
        answers.map(({ body }) => {
          const receipt = body.result as { id: string; seq: number } | null;
          return `${receipt?.id ?? body.message} ${String(receipt?.seq)}`;
        }),
      );
      if (told.size !== 1) fault([...told].join(' / '));
      const rows = await models().Message.countDocuments({ conversation: id, clientMsgId });
      if (rows !== 1) fault(`${String(rows)} rows`);
    });
    await clear([visitor]);
  },
  LONG,
);

test(
  'fifty who take one waiting conversation at once: one gets it, one seat is held',
  async () => {
    const institution = `takers-${String(seed)}`;
    const { ctx } = hotline.node;
    await ctx.models.Institution.create({ _id: institution, name: institution });
    const counselors = await Promise.all(
      Array.from({ length: 50 }, () => makeCounselor(ctx, 1, { institution })),
    );
    const everyone = { institution };
    // Nobody is on line while they arrive, so that it waits; then all take it at once.
    await race('takers', async (fault) => {
      await ctx.models.Duty.updateMany(everyone, { $set: { presence: 'offline' } });
      const visitor = await makePerson(ctx, 'VISITOR', { institution });
      const answer = await open(visitor, 0);
      const conversation = idOf(answer);
      await ctx.models.Duty.updateMany(everyone, { $set: { presence: 'online' } });
      await Promise.all(
        random.shuffle(counselors).map(({ id }, index) =>
          assign((hotline.nodes[index % 2] ?? hotline.node).ctx, institution, {
            conversation,
            counselor: id,
            why: '测试',
          }),
        ),
      );
      const row = await ctx.models.Conversation.findById(conversation).lean().orFail();
      const holders = await ctx.models.Duty.find({ institution, 'seats.0': { $exists: true } }).lean();
      // The sweeper and its rounds may have been the fifty-first: what counts is one owner with one seat.
      if (row.status !== 'IN_PROGRESS') fault('nobody got it');
      if (holders.length !== 1 || !holders[0]?._id.equals(row.counselor ?? ''))
        fault(`owner ${String(row.counselor)}, seats of ${holders.map(({ _id }) => String(_id)).join()}`);
      const told = await ctx.models.Message.countDocuments({ conversation: row._id, event: 'assigned' });
      if (told !== 1) fault(`assigned ${String(told)} times`);
      await end(visitor, conversation, 1);
    });
  },
  LONG,
);

test(
  'caps changed while visitors arrive: no admission ever goes above the highest cap of its time',
  async () => {
    const counselor = await makeCounselor(hotline.node.ctx, 0);
    const people = await visitors(12);
    const setCap = (maxConsults: number, index: number) =>
      http(url(index), 'POST', '/user/maxconsults', { token: counselor.token, json: { maxConsults } });
    await race('caps', async (fault) => {
      const caps = Array.from({ length: 6 }, () => random.between(0, 5));
      await Promise.all([
        ...people.map((person, index) => open(person, index, counselor.id)),
        (async () => {
          for (const [index, cap] of caps.entries()) {
            const before = await seatsOf(counselor);
            await setCap(cap, index);
            const highest = Math.max(before, ...caps.slice(0, index + 1));
            const seats = await seatsOf(counselor);
            if (seats > highest) fault(`${String(seats)} seats under ${String(highest)}`);
          }
        })(),
      ]);
      const seats = await seatsOf(counselor);
      if (seats > Math.max(...caps)) fault(`${String(seats)} seats, caps ${caps.join()}`);
      const last = caps.at(-1) ?? 0;
      await until(async () => (await seatsOf(counselor)) >= last, 'the last cap is used', 15_000);
      await setCap(0, 0);
      await clear(people);
      if ((await seatsOf(counselor)) !== 0) fault('seats are left');
    });
  },
  LONG,
);

test('no two values are sealed under one nonce', async () => {
  const counselor = await makeCounselor(hotline.node.ctx, 1);
  const [visitor] = await visitors(1);
  if (!visitor) throw new Error('one visitor');
  const id = await serve(visitor, 0, counselor);
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      http(url(index), 'POST', `/api/v1/conversations/${id}/messages`, {
        token: visitor.token,
        json: { clientMsgId: `n${String(index)}`, kind: 'text', text: '同样的话' },
      }),
    ),
  );
  const rows = await models()
    .Message.collection.find({ conversation: new Types.ObjectId(id) })
    .toArray();
  // key id (12 bytes) ‖ nonce (12) ‖ tag ‖ ciphertext: platform/keyring.ts
  const nonces = rows.map((row) => (row['body'] as Buffer).subarray(0, 24).toString('hex'));
  expect(nonces.length).toBeGreaterThanOrEqual(50);
  expect(new Set(nonces).size).toBe(nonces.length);
});
