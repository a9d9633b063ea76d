import { describe, expect, test } from '@jest/globals';
import { HotlineError } from '../../contract/client.js';
import type { PendingMessage } from '../../contract/client.js';
import type { Ack } from '../../contract/events.js';
import { conversation, CONVERSATION, createScript, ME, message, refusal } from './scripted.js';

const seqs = (rows: readonly { seq: number }[]) => rows.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('receiving', () => {
  test('a push in order is shown; a double is not shown twice', async () => {
    const script = createScript();
    await script.ready();
    script.push(message(1));
    script.tell('message:created', message(1));
    expect(seqs(script.view().messages)).toEqual([1]);
  });

  test('a lost push shows as a hole, and the hole is fetched', async () => {
    const script = createScript();
    await script.ready();
    script.push(message(1));
    script.server.messages.push(message(2));
    script.push(message(3));
    expect(seqs(script.view().messages)).toEqual([1]);
    await script.clock.settle();
    expect(script.asks('sync').at(-1)).toEqual({ conversations: [{ id: CONVERSATION, after: 1 }] });
    expect(seqs(script.view().messages)).toEqual([1, 2, 3]);
  });

  test('a lost last push is found by the beacon', async () => {
    const script = createScript();
    await script.ready();
    script.server.messages.push(message(1));
    script.tell('beacon', { conversations: [{ id: CONVERSATION, seq: 1, rev: 1 }] });
    await script.clock.settle();
    expect(seqs(script.view().messages)).toEqual([1]);
  });

  test('a lost change of state is found by its rev, a lost end by its absence', async () => {
    const script = createScript();
    await script.ready();
    script.server.conversation = conversation({ rev: 2, limitTime: 7 });
    script.tell('beacon', { conversations: [{ id: CONVERSATION, seq: 0, rev: 2 }] });
    await script.clock.settle();
    expect(script.view().conversation?.limitTime).toBe(7);
    script.server.conversation = conversation({ rev: 3, status: 'FINISHED' });
    script.tell('beacon', { conversations: [] });
    await script.clock.settle();
    expect(script.view().conversation?.status).toBe('FINISHED');
  });

  test('an older state never replaces a newer one', async () => {
    const script = createScript();
    await script.ready();
    script.tell('conversation:updated', conversation({ rev: 5, status: 'FINISHED' }));
    script.tell('conversation:updated', conversation({ rev: 4, status: 'IN_PROGRESS' }));
    expect(script.view().conversation?.status).toBe('FINISHED');
  });

  test('opens at the newest page and pages back without a double', async () => {
    const script = createScript();
    script.server.messages = range(1, 120).map((seq) => message(seq));
    await script.ready();
    expect(seqs(script.view().messages)).toEqual(range(71, 120));
    await Promise.all([script.client.older(CONVERSATION), script.client.older(CONVERSATION)]);
    expect(seqs(script.view().messages)).toEqual(range(21, 120));
    await script.client.older(CONVERSATION);
    expect(script.view().hasOlder).toBe(false);
    expect(seqs(script.view().messages)).toEqual(range(1, 120));
  });

  test('a snapshot is replaced, never changed', async () => {
    const script = createScript();
    await script.ready();
    const before = script.client.getState();
    script.push(message(1));
    expect(before.conversations[CONVERSATION]?.messages).toEqual([]);
    expect(script.client.getState()).not.toBe(before);
  });
});

describe('coming back', () => {
  test('subscribes, syncs from the last seq, and merges pushes that came meanwhile', async () => {
    const script = createScript();
    script.server.messages = [message(1)];
    await script.ready();
    script.drop();
    expect(script.client.getState().connection).toBe('reconnecting');
    script.server.messages.push(message(2), message(3));
    let answer: (given: Ack<unknown>) => void = () => undefined;
    const standard = script.answers['sync'];
    script.answers['sync'] = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const heard: string[] = [];
    script.client.onPush((event) => heard.push(event));
    script.comeBack();
    await script.clock.settle();
    script.push(message(4));
    expect(seqs(script.view().messages)).toEqual([1]);
    expect(heard).toEqual([]);
    expect(script.client.getState().connection).toBe('reconnecting');
    expect(script.asks('sync').at(-1)).toEqual({ conversations: [{ id: CONVERSATION, after: 1 }] });
    const given = await standard?.({ conversations: [{ id: CONVERSATION, after: 1 }] } as never);
    answer(given as Ack<unknown>);
    await script.clock.settle();
    expect(seqs(script.view().messages)).toEqual([1, 2, 3, 4]);
    expect(heard).toEqual(['message:created']);
    expect(script.client.getState().connection).toBe('connected');
  });

  test('asks page after page until nothing is missing', async () => {
    const script = createScript();
    script.server.messages = [message(1)];
    await script.ready();
    script.drop();
    script.server.messages.push(...range(2, 450).map((seq) => message(seq)));
    script.comeBack();
    await script.clock.settle();
    expect(seqs(script.view().messages)).toEqual(range(1, 450));
  });

  test('a sync that fails is asked again before the state says connected', async () => {
    const script = createScript();
    await script.ready();
    script.drop();
    const standard = script.answers['sync'];
    script.answers['sync'] = () => refusal('UNAVAILABLE');
    script.comeBack();
    await script.clock.settle();
    expect(script.client.getState().connection).toBe('reconnecting');
    if (standard !== undefined) {
      script.answers['sync'] = standard;
    }
    await script.clock.pass(2000);
    expect(script.client.getState().connection).toBe('connected');
  });

  test('a closed session is told and not tried again', async () => {
    const script = createScript();
    await script.ready();
    script.tell('session:closed', { reason: '已在别处退出' });
    expect(script.client.getState()).toMatchObject({ closed: '已在别处退出', connection: 'offline' });
    await script.clock.pass(60_000);
    expect(script.socket.connected).toBe(false);
  });

  test('a refusal at connect ends the session, an overload is only waited out', async () => {
    const script = createScript();
    script.server.up = false;
    script.client.start();
    script.tell('connect_error', { data: { code: 'OVERLOADED' } });
    expect(script.client.getState().closed).toBeNull();
    script.server.up = true;
    await script.clock.pass(1500);
    expect(script.client.getState().connection).toBe('connected');
    script.tell('connect_error', { data: { code: 'BANNED' } });
    expect(script.client.getState().closed).toBe('BANNED');
  });
});

describe('sending', () => {
  test('shows at once, is sent when acknowledged, and its push takes its place', async () => {
    const script = createScript();
    await script.ready();
    script.client.send(CONVERSATION, '你好');
    expect(script.view().rows).toEqual([
      { key: 'id-1', pending: expect.objectContaining({ state: 'sending', text: '你好' }) as unknown },
    ]);
    await script.clock.settle();
    expect(script.view().pending[0]).toMatchObject({ state: 'sent', receipt: { seq: 1 } });
    script.tell('message:created', script.server.messages[0]);
    expect(script.view().pending).toEqual([]);
    expect(script.view().rows).toEqual([
      { key: 'id-1', message: expect.objectContaining({ seq: 1 }) as unknown },
    ]);
  });

  test('an acknowledged message whose push never comes is fetched', async () => {
    const script = createScript();
    await script.ready();
    script.client.send(CONVERSATION, '你好');
    await script.clock.pass(2000);
    expect(seqs(script.view().messages)).toEqual([1]);
    expect(script.view().pending).toEqual([]);
  });

  test('a push that is quicker than the acknowledgement leaves one line', async () => {
    const script = createScript();
    await script.ready();
    script.answers['message:send'] = (input) => {
      const receipt = script.store(input);
      script.tell('message:created', script.server.messages.at(-1));
      return { ok: true, data: receipt };
    };
    script.client.send(CONVERSATION, '你好');
    await script.clock.settle();
    expect(script.view().rows).toHaveLength(1);
    expect(script.view().pending).toEqual([]);
  });

  test('one in flight per conversation, in the order written', async () => {
    const script = createScript();
    await script.ready();
    const acks: (() => void)[] = [];
    script.answers['message:send'] = (input) =>
      new Promise((resolve) => {
        acks.push(() => {
          resolve({ ok: true, data: script.store(input) });
        });
      });
    ['a', 'b', 'c'].forEach((text) => script.client.send(CONVERSATION, text));
    for (const sent of [1, 2, 3]) {
      await script.clock.settle();
      expect(script.asks('message:send')).toHaveLength(sent);
      acks.at(-1)?.();
    }
    await script.clock.settle();
    expect(script.server.messages.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });

  test.each(['UNAVAILABLE', 'OVERLOADED', 'RATE_LIMITED'])(
    '%s is tried again with the same clientMsgId until acknowledged',
    async (code) => {
      const script = createScript();
      await script.ready();
      const standard = script.answers['message:send'];
      let failures = 4;
      script.answers['message:send'] = (input) => {
        failures -= 1;
        return failures >= 0 ? refusal(code) : (standard?.(input) ?? 'silence');
      };
      script.client.send(CONVERSATION, '你好');
      script.client.send(CONVERSATION, '在吗');
      await script.clock.pass(60_000);
      expect(script.asks('message:send').map(({ clientMsgId }) => clientMsgId)).toEqual([
        ...Array.from({ length: 5 }, () => 'id-1'),
        'id-2',
      ]);
      expect(script.server.messages).toHaveLength(2);
    },
  );

  test('the asked-for pause is kept', async () => {
    const script = createScript();
    await script.ready();
    script.answers['message:send'] = () => refusal('RATE_LIMITED', 20_000);
    script.client.send(CONVERSATION, '你好');
    await script.clock.pass(19_000);
    expect(script.asks('message:send')).toHaveLength(1);
    await script.clock.pass(2000);
    expect(script.asks('message:send')).toHaveLength(2);
  });

  test('an acknowledgement that got lost, then a reconnect: stored once', async () => {
    const script = createScript();
    await script.ready();
    const standard = script.answers['message:send'];
    script.answers['message:send'] = (input) => {
      void standard?.(input);
      return 'silence';
    };
    script.client.send(CONVERSATION, '你好');
    await script.clock.settle();
    script.drop();
    if (standard !== undefined) {
      script.answers['message:send'] = standard;
    }
    script.comeBack();
    await script.clock.pass(5000);
    expect(script.server.messages).toHaveLength(1);
    expect(script.view().pending).toEqual([]);
    expect(script.view().rows).toHaveLength(1);
  });

  test('a silent server is asked again after the time limit', async () => {
    const script = createScript({ askTimeout: 3000 });
    await script.ready();
    script.answers['message:send'] = () => 'silence';
    script.client.send(CONVERSATION, '你好');
    await script.clock.pass(10_000);
    expect(script.asks('message:send').length).toBeGreaterThan(1);
    expect(script.view().pending[0]?.state).toBe('sending');
  });

  test('a definite refusal stays on the screen until the person sends it again, with its old id', async () => {
    const script = createScript();
    await script.ready();
    const standard = script.answers['message:send'];
    script.answers['message:send'] = () => refusal('BAD_INPUT');
    script.client.send(CONVERSATION, '你好');
    await script.clock.pass(60_000);
    expect(script.asks('message:send')).toHaveLength(1);
    expect(script.view().pending[0]).toMatchObject({ state: 'failed', error: { code: 'BAD_INPUT' } });
    if (standard !== undefined) {
      script.answers['message:send'] = standard;
    }
    script.client.retry('id-1');
    await script.clock.settle();
    expect(script.asks('message:send').map(({ clientMsgId }) => clientMsgId)).toEqual(['id-1', 'id-1']);
    expect(script.view().pending[0]?.state).toBe('sent');
  });

  test('what a reload left unsent is sent, and the store is emptied once it is acknowledged', async () => {
    const left: PendingMessage = {
      clientMsgId: 'old-1',
      conversationId: CONVERSATION,
      kind: 'text',
      text: '刷新前写的',
      after: 0,
      time: 1,
      state: 'sending',
    };
    const saved: PendingMessage[][] = [];
    const script = createScript({ store: { load: () => [left], save: (rows) => saved.push(rows) } });
    expect(script.view().rows).toHaveLength(1);
    await script.ready();
    expect(script.server.messages).toMatchObject([{ clientMsgId: 'old-1' }]);
    expect(saved.at(-1)).toEqual([]);
  });
});

describe('without a socket', () => {
  test('plain HTTP takes over, carries both ways, and gives way when the socket is back', async () => {
    const script = createScript({ fallbackAfter: 5000 });
    await script.ready();
    script.drop();
    script.client.send(CONVERSATION, '断线时写的');
    await script.clock.pass(6000);
    expect(script.client.getState().connection).toBe('http');
    expect(script.server.messages).toMatchObject([{ text: '断线时写的' }]);
    script.server.messages.push(message(2));
    await script.clock.pass(26_000);
    expect(seqs(script.view().messages)).toEqual([1, 2]);
    expect(script.called.some(({ path }) => path.includes('wait=25'))).toBe(true);
    script.comeBack();
    await script.clock.settle();
    expect(script.client.getState().connection).toBe('connected');
    const calls = script.called.length;
    await script.clock.pass(60_000);
    expect(script.called.length).toBe(calls);
  });

  test('offline when neither works; nothing is lost, and it comes back by itself', async () => {
    const script = createScript({ fallbackAfter: 5000 });
    await script.ready();
    script.drop();
    script.server.http = false;
    script.client.send(CONVERSATION, '没有网');
    await script.clock.pass(20_000);
    expect(script.client.getState().connection).toBe('offline');
    expect(script.view().pending[0]?.state).toBe('sending');
    script.server.http = true;
    await script.clock.pass(20_000);
    expect(script.client.getState().connection).toBe('http');
    expect(script.server.messages).toHaveLength(1);
  });

  test('an HTTP refusal is an error with a word', async () => {
    const script = createScript({
      http: () => Promise.resolve({ status: 403, body: { status: 403, error: 'Forbidden' } }),
    });
    await expect(script.client.open()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(script.client.open()).rejects.toBeInstanceOf(HotlineError);
  });
});

describe('signals', () => {
  test('typing is told once, again after a while, and taken back by itself', async () => {
    const script = createScript();
    await script.ready();
    for (let key = 0; key < 8; key += 1) {
      script.client.typing(CONVERSATION, true);
      await script.clock.pass(500);
    }
    expect(script.asks('typing:set').map(({ on }) => on)).toEqual([true, true]);
    await script.clock.pass(6000);
    expect(script.asks('typing:set').map(({ on }) => on)).toEqual([true, true, false]);
  });

  test('the other side’s typing ends with its message, and at the latest after a few seconds', async () => {
    const script = createScript();
    await script.ready();
    const sign = { conversationId: CONVERSATION, userId: 'counselor-1', on: true };
    script.tell('typing:changed', sign);
    expect(script.view().typing).toEqual(['counselor-1']);
    script.push(message(1));
    expect(script.view().typing).toEqual([]);
    script.tell('typing:changed', sign);
    await script.clock.pass(8000);
    expect(script.view().typing).toEqual([]);
  });

  test('read marks only grow, and one that was lost is told after the reconnect', async () => {
    const script = createScript();
    await script.ready();
    script.client.markRead(CONVERSATION, 2);
    script.client.markRead(CONVERSATION, 1);
    await script.clock.settle();
    expect(script.asks('message:read').map(({ seq }) => seq)).toEqual([2]);
    expect(script.view().reads[ME]).toBe(2);
    script.drop();
    script.client.markRead(CONVERSATION, 5);
    script.comeBack();
    await script.clock.settle();
    expect(script.asks('message:read').map(({ seq }) => seq)).toEqual([2, 5]);
  });

  test('the place in the queue is live', async () => {
    const script = createScript();
    script.server.conversation = conversation({ status: 'WAITING', position: 3, wait: 240 });
    await script.ready();
    script.client.adopt(script.server.conversation);
    expect(script.view().place).toMatchObject({ position: 3 });
    script.tell('queue:updated', { conversationId: CONVERSATION, position: 1, wait: 120, waitLeast: 60 });
    expect(script.view().place).toMatchObject({ position: 1, wait: 120, waitLeast: 60 });
  });
});
