/** Redis is expendable: cut off or emptied, nobody is lost, forgotten, or let in. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { raiseUser } from '../../services/account/cutoff.js';
import { placesOf } from '../../services/matchmaking/places.js';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, http } from '../support/clients.js';
import { makeCounselor, makePerson } from '../support/factories.js';
import { until } from '../support/poll.js';
import { startProxy, type Proxy } from '../support/proxy.js';

let hotline: Hotline;
let link: Proxy;
beforeAll(async () => {
  const redis = new URL(process.env.TEST_REDIS_URL ?? '');
  link = await startProxy(redis.hostname, Number(redis.port));
  hotline = await startHotline({ nodes: 2, env: { REDIS_URL: `redis://127.0.0.1:${link.port}` } });
});
afterEach(() => link.heal());
afterAll(async () => {
  await hotline.stop();
  await link.close();
});

const urls = () => hotline.nodes.map((node) => node.url) as [string, string];
const isCut = () => until(() => hotline.nodes.every((node) => node.ctx.redis.status !== 'ready'), 'cut off');

async function emptyOwnKeys(): Promise<void> {
  const { redis, config } = hotline.node.ctx;
  const keys = await redis.keys(`*${config.KEY_PREFIX}*`);
  if (keys.length > 0) await redis.del(...keys);
}

test('while Redis is away visitors are served, wait in order, and chat across nodes', async () => {
  const [a, b] = urls();
  const counselor = await makeCounselor(hotline.node.ctx, 1);
  const people = await Promise.all([1, 2, 3].map(() => makePerson(hotline.node.ctx, 'VISITOR')));
  link.cut();
  await isCut();
  const opened: { id: string; status: string; position: number | null }[] = [];
  for (const [index, person] of people.entries())
    opened.push(
      (
        await http(index % 2 ? a : b, 'PUT', '/conversation', {
          token: person.token,
          json: { counselor: counselor.id },
        })
      ).body.result as (typeof opened)[number],
    );
  expect(opened.map((row) => [row.status, row.position])).toEqual([
    ['IN_PROGRESS', null],
    ['WAITING', 1],
    ['WAITING', 2],
  ]);
  // No push crosses nodes now; what was said on one is read on the other.
  const v = await connect(a, people[0]!.token);
  const receipt = await v.must('message:send', {
    conversationId: opened[0]!.id,
    clientMsgId: 'away-1',
    kind: 'text',
    text: '听得到吗',
  });
  const c = await connect(b, counselor.token);
  const beacon = await c.hear(
    'beacon',
    (told) => told.conversations.some((line) => line.id === opened[0]!.id && line.seq >= receipt.seq),
    12_000,
  );
  expect(beacon.conversations).toHaveLength(1);
  const synced = await c.must('sync', { conversations: [{ id: opened[0]!.id, after: 0 }] });
  expect(synced.conversations[0]?.messages.at(-1)?.text).toBe('听得到吗');
  // An end on one node holds on the other, though nobody could tell it.
  await v.must('conversation:end', { conversationId: opened[0]!.id });
  const late = { conversationId: opened[0]!.id, clientMsgId: 'late', kind: 'text' as const, text: '晚了' };
  expect(await c.ask('message:send', late)).toMatchObject({
    ok: false,
    error: { code: 'CONVERSATION_ENDED' },
  });
  const next = await http(b, 'GET', '/conversation/current', { token: people[1]!.token });
  expect(next.body.result[0].status).toBe('IN_PROGRESS');
});

test('a cut-off holds within a second on every node while Redis is away', async () => {
  const [a, b] = urls();
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  const sockets = [await connect(a, visitor.token), await connect(b, visitor.token)];
  link.cut();
  await isCut();
  await raiseUser(hotline.node.ctx, visitor.id, 'BANNED');
  await until(() => sockets.every((each) => !each.socket.connected), 'both closed', 1_000);
});

test('a visitor whom a crash left out of the line is put into it', async () => {
  const [a] = urls();
  const { ctx } = hotline.node;
  await until(() => ctx.redis.status === 'ready', 'Redis is back');
  const counselor = await makeCounselor(ctx, 0);
  const visitor = await makePerson(ctx, 'VISITOR');
  const answer = await http(a, 'PUT', '/conversation', {
    token: visitor.token,
    json: { counselor: counselor.id },
  });
  const { id } = answer.body.result as { id: string };
  // Exactly what a crash between the insert and the queue leaves behind.
  const queueKey = `${ctx.config.KEY_PREFIX}:{ecnu}:queue:${counselor.id}`;
  await ctx.redis.zrem(queueKey, id);
  await until(async () => (await ctx.redis.zrank(queueKey, id)) === 0, 'back in line', 6_000);
});

test('an emptied Redis is filled again from the database within ten seconds', async () => {
  const [a] = urls();
  const { ctx } = hotline.node;
  await until(() => ctx.redis.status === 'ready', 'Redis is back');
  const counselor = await makeCounselor(ctx, 0);
  const people = await Promise.all([1, 2, 3].map(() => makePerson(ctx, 'VISITOR')));
  const ids: string[] = [];
  for (const person of people) {
    const answer = await http(a, 'PUT', '/conversation', {
      token: person.token,
      json: { counselor: counselor.id },
    });
    ids.push((answer.body.result as { id: string }).id);
  }
  await emptyOwnKeys();
  const queueKey = `${ctx.config.KEY_PREFIX}:{ecnu}:queue:${counselor.id}`;
  await until(async () => (await ctx.redis.zcard(queueKey)) === 3, 'the queue is rebuilt', 10_000);
  expect(await ctx.redis.zrange(queueKey, '0', '-1')).toEqual(ids);
  const rows = await ctx.models.Conversation.find({ requested: counselor.user._id }).lean();
  const places = await placesOf(ctx, rows);
  expect(ids.map((id) => places.get(id)?.position)).toEqual([1, 2, 3]);
});
