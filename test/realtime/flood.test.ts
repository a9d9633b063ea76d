/** A flood is answered fast and clearly; whoever floods harms nobody else (I19, I20). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../support/app.js';
import { connect } from '../support/clients.js';
import { makeCounselor, makePerson } from '../support/factories.js';

let hotline: Hotline;
beforeAll(async () => {
  hotline = await startHotline({ env: { SOCKET_EVENTS_PER_10S: '20', FACES: 'server,realtime' } });
});
afterAll(() => hotline.stop());

test('past its budget a socket is told when to come back, and what was acknowledged is there', async () => {
  const { ctx } = hotline.node;
  const counselor = await makeCounselor(ctx);
  const visitor = await makePerson(ctx, 'VISITOR');
  const v = await connect(hotline.node.url, visitor.token);
  const c = await connect(hotline.node.url, counselor.token);
  const { id } = await v.must('conversation:open', { counselor: counselor.id });
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      v.ask('message:send', {
        conversationId: id,
        clientMsgId: `f${index}`,
        kind: 'text',
        text: String(index),
      }),
    ),
  );
  const refused = answers.filter((answer) => !answer.ok);
  expect(refused.length).toBeGreaterThan(150);
  for (const answer of refused)
    expect(answer).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED', retry: expect.any(Number) } });
  const acked = answers.flatMap((answer) => (answer.ok ? [answer.data.seq] : []));
  expect(acked.length).toBeGreaterThan(5);
  expect(v.socket.connected).toBe(true);
  const synced = await c.must('sync', { conversations: [{ id, after: 0 }] });
  expect(synced.conversations[0]?.messages.map((message) => message.seq)).toEqual([1, ...acked]);
});
