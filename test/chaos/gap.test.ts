/**
 * T6 of the reliability plan (I4): somebody writes without a pause, and the one who reads loses the line before,
 * between and after the steps of connecting, or loses only what comes down. Whatever happened, the reader ends up
 * with 1..n. GAP_RECONNECTIONS=200 is the long form (`npm run chaos`).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { Types } from 'mongoose';
import { startHotline, type Hotline } from '../support/app.js';
import { judgeTranscript, judgeView, type Line } from '../support/checker.js';
import { http } from '../support/clients.js';
import { makeCounselor, makePerson } from '../support/factories.js';
import { startDevice } from '../support/faults-crowd.js';
import { createHistory, report } from '../support/history.js';
import { seeded, seedOf } from '../support/history-random.js';
import { until } from '../support/poll.js';
import { startProxy, type Proxy } from '../support/proxy.js';

const RECONNECTIONS = Number(process.env['GAP_RECONNECTIONS'] ?? 6);
const PER_SECOND = Number(process.env['GAP_PER_SECOND'] ?? 25);
const MOMENTS = ['before', 'between', 'after', 'hole'] as const;
const seed = seedOf();
const random = seeded(seed);

let hotline: Hotline;
let proxies: Proxy[];
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
  proxies = await Promise.all(
    MOMENTS.map((_moment, index) =>
      startProxy('127.0.0.1', Number(new URL(hotline.nodes[index % 2]?.url ?? '').port)),
    ),
  );
});
afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await hotline.stop();
});

test('a fresh device that knows nothing of an ended conversation shows its newest page', async () => {
  const { ctx, url } = hotline.node;
  const counselor = await makeCounselor(ctx, 1);
  const visitor = await makePerson(ctx, 'VISITOR');
  const json = { counselor: counselor.id };
  const opened = await http(url, 'PUT', '/conversation', { token: visitor.token, json });
  const { id } = opened.body.result as { id: string };
  const messages = `/api/v1/conversations/${id}/messages`;
  for (const word of ['one', 'two', 'three'])
    await http(url, 'POST', messages, {
      token: visitor.token,
      json: { clientMsgId: word, kind: 'text', text: word },
    });
  await http(url, 'POST', `/conversation/end/${id}`, { token: visitor.token });
  const seqs = async (query: string) =>
    ((await http(url, 'GET', `${messages}?${query}`, { token: visitor.token })).body.result as Line[]).map(
      ({ seq }) => seq,
    );
  expect(await seqs('before=1000000000&limit=3')).toEqual([3, 4, 5]);
  expect(await seqs('before=4&limit=2')).toEqual([2, 3]);
  const fresh = startDevice(visitor, [url], createHistory(), 0);
  fresh.client.start();
  await fresh.client.load(id);
  expect(fresh.client.getState().conversations[id]?.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  fresh.stop();
});

test(`a reader who is cut off ${String(RECONNECTIONS)} times at each moment shows everything`, async () => {
  const { ctx } = hotline.node;
  const violations: string[] = [];
  const counts: Record<string, number> = { reconnections: 0, messages: 0, maxSeenMs: 0 };
  await Promise.all(
    MOMENTS.map(async (moment, index) => {
      const proxy = proxies[index] as Proxy;
      const counselor = await makeCounselor(ctx, 1);
      const visitor = await makePerson(ctx, 'VISITOR');
      const sender = hotline.nodes[(index + 1) % 2]?.url ?? '';
      const answer = await http(sender, 'PUT', '/conversation', {
        token: visitor.token,
        json: { counselor: counselor.id },
      });
      const { id } = answer.body.result as { id: string };
      const history = createHistory();
      const writer = startDevice(counselor, [sender], history, 0);
      writer.client.start();
      await until(() => writer.client.getState().connection === 'connected', 'the writer is there', 30_000);
      const state = { done: false };
      const writing = (async () => {
        for (let word = 1; !state.done; word += 1) {
          writer.client.send(id, `第 ${String(word)} 句`);
          await pause((1_000 / PER_SECOND) * MOMENTS.length * (0.5 + random.next()));
        }
      })();

      const reader = startDevice(visitor, [`http://127.0.0.1:${String(proxy.port)}`], createHistory(), 0, {
        // Cut off again and again is what this is about; plain HTTP is another test's.
        fallbackAfter: 600_000,
      });
      const { client } = reader;
      client.start();
      const load = async () => {
        await client.load(id);
        return true;
      };
      await until(load, 'the reader is there', 30_000, true);
      const isConnected = () => client.getState().connection === 'connected';
      for (let time = 0; time < RECONNECTIONS; time += 1) {
        await until(isConnected, `${moment} ${String(time)}: connected`, 60_000);
        if (moment === 'hole') {
          proxy.hole('down');
          await pause(random.between(50, 300));
          proxy.heal();
        }
        proxy.reset();
        await until(() => !isConnected(), 'the line is lost', 60_000);
        if (moment === 'before' || moment === 'between') {
          // As soon as there is a new line: before it says who it is, or before it has fetched.
          await until(() => proxy.open() > 0, 'a new line', 60_000);
          await pause(moment === 'before' ? random.between(0, 3) : random.between(3, 25));
          proxy.reset();
        }
        counts['reconnections'] = (counts['reconnections'] ?? 0) + 1;
      }
      await until(isConnected, `${moment}: connected at last`, 60_000);
      state.done = true;
      await writing;
      const isIdle = () =>
        !writer.client.getState().conversations[id]?.pending.some((row) => row.state === 'sending');
      await until(isIdle, 'everything is written', 60_000);
      const ended = performance.now();
      const rows = await ctx.models.Message.find({ conversation: new Types.ObjectId(id) }).lean();
      const lines: Line[] = rows.map((row) => ({
        id: row._id.toHexString(),
        seq: row.seq,
        sender: row.sender?.toHexString() ?? null,
        clientMsgId: row.clientMsgId,
      }));
      const verdict = judgeTranscript(id, lines, [...history.sends.values()]);
      violations.push(...verdict.faults);
      const unseen = () => judgeView(moment, client.getState().conversations[id]?.messages ?? [], lines);
      const all = async () => {
        if (client.getState().conversations[id]?.hasOlder) await client.older(id);
        return unseen().length === 0;
      };
      await until(all, 'everything is shown', 20_000).catch(() => violations.push(...unseen()));
      counts['maxSeenMs'] = Math.max(counts['maxSeenMs'] ?? 0, Math.round(performance.now() - ended));
      counts['messages'] = (counts['messages'] ?? 0) + lines.length;
      reader.stop();
      writer.stop();
    }),
  );
  report({ test: 'T6-gap', seed, counts, violations });
  expect(violations).toEqual([]);
}, 3_600_000);
