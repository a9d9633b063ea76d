import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, http } from '../support/clients.js';
import { makeCounselor, makePerson } from '../support/factories.js';
import { until } from '../support/poll.js';

let hotline: Hotline;
let a: string;
let b: string;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
  [a, b] = hotline.nodes.map((node) => node.url) as [string, string];
});
afterAll(() => hotline.stop());

const clientMsgId = () => `c-${Math.random().toString(36).slice(2)}`;

/** A visitor on node A in conversation with a counselor on node B. */
async function pair() {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx);
  const visitor = await makePerson(ctx, 'VISITOR');
  const v = await connect(a, visitor.token);
  const c = await connect(b, counselor.token);
  const conversation = await v.must('conversation:open', { counselor: counselor.id });
  return { counselor, visitor, v, c, conversation };
}

test('a visitor and a counselor on two nodes hear each other in order', async () => {
  const { v, c, conversation, counselor } = await pair();
  expect(conversation).toMatchObject({
    status: 'IN_PROGRESS',
    position: null,
    counselor: { id: counselor.id },
  });
  await c.hear('conversation:updated', (told) => told.id === conversation.id);
  const receipts = [];
  for (const [from, text] of [
    [v, '你好，我最近睡不好'],
    [c, '愿意多说一点吗？'],
    [v, '好的'],
  ] as const) {
    receipts.push(
      await from.must('message:send', {
        conversationId: conversation.id,
        clientMsgId: clientMsgId(),
        kind: 'text',
        text,
      }),
    );
  }
  // 1 is the system's "assigned".
  expect(receipts.map((receipt) => receipt.seq)).toEqual([2, 3, 4]);
  for (const client of [v, c]) {
    await until(() => client.heard('message:created').length >= 4, 'all four');
    expect(client.heard('message:created').map((message) => [message.seq, message.text])).toEqual([
      [1, undefined],
      [2, '你好，我最近睡不好'],
      [3, '愿意多说一点吗？'],
      [4, '好的'],
    ]);
  }
});

test('the same clientMsgId at once on two nodes is one message with one seq', async () => {
  const { visitor, v, conversation } = await pair();
  const other = await connect(b, visitor.token);
  const input = {
    conversationId: conversation.id,
    clientMsgId: clientMsgId(),
    kind: 'text' as const,
    text: '一次',
  };
  const [first, second] = await Promise.all([
    v.must('message:send', input),
    other.must('message:send', { ...input, text: '别的内容' }),
  ]);
  expect(second).toEqual(first);
  const page = await http(a, 'GET', `/api/v1/conversations/${conversation.id}/messages?after=1`, {
    token: visitor.token,
  });
  expect(page.body.result).toHaveLength(1);
});

test('many messages from both sides on two nodes are numbered without a hole', async () => {
  const { visitor, v, c, conversation } = await pair();
  const send = (client: typeof v, index: number) =>
    client.must('message:send', {
      conversationId: conversation.id,
      clientMsgId: clientMsgId(),
      kind: 'text',
      text: String(index),
    });
  const receipts = await Promise.all(
    Array.from({ length: 40 }, (_, index) => send(index % 2 ? v : c, index)),
  );
  expect(receipts.map((receipt) => receipt.seq).sort((x, y) => x - y)).toEqual(
    Array.from({ length: 40 }, (_, index) => index + 2),
  );
  const page = await http(b, 'GET', `/api/v1/conversations/${conversation.id}/messages?after=0&limit=100`, {
    token: visitor.token,
  });
  const texts = (page.body.result as { text?: string; seq: number }[]).filter((row) => row.seq > 1);
  const ofVisitor = texts.map((row) => Number(row.text)).filter((index) => index % 2 === 1);
  expect(ofVisitor).toEqual([...ofVisitor].sort((x, y) => x - y));
});

test('after the answer to an end every send is refused, on the other node too', async () => {
  const { v, c, conversation } = await pair();
  const sent = {
    conversationId: conversation.id,
    clientMsgId: clientMsgId(),
    kind: 'text' as const,
    text: '最后',
  };
  const receipt = await c.must('message:send', sent);
  const ended = await v.must('conversation:end', { conversationId: conversation.id });
  expect(ended).toMatchObject({ status: 'FINISHED', endCause: 'VISITOR_ENDED' });
  const refused = await c.ask('message:send', { ...sent, clientMsgId: clientMsgId() });
  expect(refused).toMatchObject({ ok: false, error: { code: 'CONVERSATION_ENDED' } });
  // A retry of what was acknowledged before is still answered.
  expect(await c.must('message:send', sent)).toEqual(receipt);
  // Ending twice is harmless and adds no second marker.
  await c.must('conversation:end', { conversationId: conversation.id });
  const synced = await c.must('sync', { conversations: [{ id: conversation.id, after: 0 }] });
  expect(synced.conversations[0]?.messages.map((message) => message.event ?? message.kind)).toEqual([
    'assigned',
    'text',
    'ended',
  ]);
});

test('what was missed while away comes with sync, from the seq that is held', async () => {
  const { visitor, v, c, conversation } = await pair();
  v.close();
  for (const text of ['一', '二', '三'])
    await c.must('message:send', {
      conversationId: conversation.id,
      clientMsgId: clientMsgId(),
      kind: 'text',
      text,
    });
  const back = await connect(b, visitor.token);
  const { conversations, gone } = await back.must('sync', {
    conversations: [
      { id: conversation.id, after: 2 },
      { id: '0'.repeat(24), after: 0 },
    ],
  });
  expect(conversations[0]?.messages.map((message) => message.text)).toEqual(['二', '三']);
  expect(gone).toEqual(['0'.repeat(24)]);
});

test('a waiting GET answers as soon as a message comes from the other node', async () => {
  const { visitor, c, conversation } = await pair();
  const began = performance.now();
  const waiting = http(a, 'GET', `/api/v1/conversations/${conversation.id}/messages?after=1&wait=25`, {
    token: visitor.token,
  });
  await c.must('message:send', {
    conversationId: conversation.id,
    clientMsgId: clientMsgId(),
    kind: 'text',
    text: '在吗',
  });
  const answer = await waiting;
  expect(answer.body.result).toMatchObject([{ text: '在吗', seq: 2 }]);
  // Far from the 25 s that it may be held, on a slow machine too.
  expect(performance.now() - began).toBeLessThan(12_000);
});

test('read marks, typing and recall reach the other side', async () => {
  const { v, c, conversation } = await pair();
  const receipt = await v.must('message:send', {
    conversationId: conversation.id,
    clientMsgId: clientMsgId(),
    kind: 'text',
    text: '说错了',
  });
  await c.must('typing:set', { conversationId: conversation.id, on: true });
  await v.hear('typing:changed', (typing) => typing.on);
  await c.must('message:read', { conversationId: conversation.id, seq: 99 });
  const mark = await v.hear('message:read', (told) => told.conversationId === conversation.id);
  expect(mark.seq).toBe(2);
  await v.must('message:recall', { id: receipt.id });
  await c.hear('message:recalled', (told) => told.seq === receipt.seq);
  const synced = await c.must('sync', { conversations: [{ id: conversation.id, after: 1 }] });
  expect(synced.conversations[0]?.messages).toMatchObject([
    { seq: 2, recalled: true },
    { seq: 3, kind: 'system', event: 'recalled', ref: 2 },
  ]);
  expect(synced.conversations[0]?.messages[0]).not.toHaveProperty('text');
});

test('bad frames get an error acknowledgement, and a stranger nothing', async () => {
  const { conversation, v } = await pair();
  const stranger = await connect(a, (await makePerson(hotline.node.ctx, 'VISITOR')).token);
  const input = {
    conversationId: conversation.id,
    clientMsgId: clientMsgId(),
    kind: 'text' as const,
    text: 'x',
  };
  expect(await stranger.ask('message:send', input)).toMatchObject({
    ok: false,
    error: { code: 'FORBIDDEN' },
  });
  for (const bad of [
    {},
    { ...input, extra: 1 },
    { ...input, text: '' },
    { ...input, text: 5 },
    null,
    'x',
    [],
  ])
    expect(await v.ask('message:send', bad as never)).toMatchObject({
      ok: false,
      error: { code: 'BAD_INPUT' },
    });
  // No acknowledgement function, unknown events: dropped, and the node goes on.
  v.socket.emit('message:send', input);
  v.socket.emit('__proto__', {}, () => undefined);
  v.socket.emit('constructor', {}, () => undefined);
  expect(await v.ask('sync', { conversations: [] })).toMatchObject({ ok: true });
  v.socket.emit('message:send', 'x'.repeat(70_000), () => undefined);
  await until(() => !v.socket.connected, 'closed for an oversized frame');
});

test('a dead or foreign token is refused at connect', async () => {
  for (const token of ['', 'x.y.z', 'null'])
    await expect(connect(a, token)).rejects.toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
});
