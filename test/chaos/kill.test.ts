/** kill -9 of each part, then of everything, during a chat: what was acknowledged is there once and in order. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { md5OfClear } from '../../services/account/password.js';
import type { Message } from '../../contract/message.js';
import { http } from '../support/clients.js';
import { kill, startPlatform, type Platform } from '../support/platform.js';
import { until } from '../support/poll.js';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
}, 270_000);
afterAll(() => platform.stop(), 90_000);

const call = (method: string, path: string, token?: string, json?: unknown) =>
  http(platform.run().url, method, path, {
    ...(token ? { token } : {}),
    ...(json === undefined ? {} : { json }),
    signal: AbortSignal.timeout(15_000),
  });

interface Acked {
  clientMsgId: string;
  seq: number;
}

/** Sends one message after the other, each again with the same id until it is acknowledged. */
function talker(name: string, token: string, conversation: string) {
  const acked: Acked[] = [];
  const state = { stopped: false };
  const done = (async () => {
    for (let number = 1; !state.stopped; number += 1) {
      const json = { clientMsgId: `${name}-${number}`, kind: 'text', text: `${name} ${number}` };
      const seq = await until(
        async () => {
          const answer = await call('POST', `/api/v1/conversations/${conversation}/messages`, token, json);
          return answer.body.code === 0 && (answer.body.result as { seq: number }).seq;
        },
        `${json.clientMsgId} acknowledged`,
        60_000,
        true,
      );
      acked.push({ clientMsgId: json.clientMsgId, seq });
    }
  })();
  return {
    acked,
    async stop() {
      state.stopped = true;
      await done;
    },
  };
}

async function transcript(token: string, conversation: string): Promise<Message[]> {
  const rows: Message[] = [];
  for (;;) {
    const after = rows.at(-1)?.seq ?? 0;
    const page = await call(
      'GET',
      `/api/v1/conversations/${conversation}/messages?after=${after}&limit=200`,
      token,
    );
    const next = page.body.result as Message[];
    if (next.length === 0) return rows;
    rows.push(...next);
  }
}

test('a chat outlives the kill of its server, Redis and database, and of everything at once', async () => {
  const login = platform.run().demo.counselors[0]!;
  const signedIn = await call('POST', '/auth/login', undefined, {
    username: login.username,
    password: md5OfClear(login.password),
  });
  const counselor = (signedIn.headers.get('authorization') ?? '').replace('Bearer ', '');
  await call('PUT', '/api/v1/me/presence', counselor, { state: 'online' });
  const { id: counselorId } = (await call('GET', '/auth/me', counselor)).body.result as { id: string };
  const guest = await call('POST', '/api/v1/guest', undefined, { device: 'kill-test-device-0001' });
  const visitor = (guest.body.result as { token: string }).token;
  const opened = await call('PUT', '/conversation', visitor, { counselor: counselorId });
  const { id, status } = opened.body.result as { id: string; status: string };
  expect(status).toBe('IN_PROGRESS');

  const talkers = [talker('v', visitor, id), talker('c', counselor, id)];
  const goesOn = async (what: string) => {
    const before = talkers.map((each) => each.acked.length);
    await until(() => talkers.every((each, index) => each.acked.length > before[index]! + 3), what, 45_000);
  };
  await goesOn('the chat runs');
  kill(await platform.appPid());
  await goesOn('after the kill of the server');
  kill(platform.run().redis.pid!);
  await goesOn('after the kill of Redis');
  kill(platform.run().mongo.pid!);
  await goesOn('after the kill of the database');
  await platform.killAll();
  await platform.start();
  await goesOn('after the kill of everything');
  await Promise.all(talkers.map((each) => each.stop()));

  const rows = await transcript(visitor, id);
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_row, index) => index + 1));
  for (const each of talkers) {
    for (const { clientMsgId, seq } of each.acked) {
      const found = rows.filter((row) => row.clientMsgId === clientMsgId);
      expect([clientMsgId, found.map((row) => row.seq)]).toEqual([clientMsgId, [seq]]);
    }
    const seqs = each.acked.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((x, y) => x - y));
  }
  const end = await call('POST', `/conversation/end/${id}`, visitor);
  expect(end.body.result).toBe('ok');
  const rated = await call('PUT', '/evaluate', visitor, {
    conversationId: id,
    objectType: 'CONVERSATION',
    level: 5,
  });
  expect(rated.body.code).toBe(0);
}, 240_000);
