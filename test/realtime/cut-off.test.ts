/** T10 in its short form: a cut-off stops both directions on every node within a second. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, http } from '../support/clients.js';
import { makeCounselor, makePerson } from '../support/factories.js';
import { until } from '../support/poll.js';
import { raiseUser } from '../../services/account/cutoff.js';

let hotline: Hotline;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
});
afterAll(() => hotline.stop());

const urls = () => hotline.nodes.map((node) => node.url) as [string, string];

test('log-out closes the session’s sockets on both nodes within a second; other sessions stay', async () => {
  const [a, b] = urls();
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  const other = await makePerson(hotline.node.ctx, 'VISITOR');
  const sockets = [await connect(a, visitor.token), await connect(b, visitor.token)];
  const stays = await connect(b, other.token);
  const answer = await http(a, 'POST', '/logout', { token: visitor.token });
  expect(answer.status).toBe(403);
  expect(answer.body).toMatchObject({
    status: 403,
    error: 'Forbidden',
    message: 'Access Denied',
    path: '/login',
  });
  await until(() => sockets.every((each) => !each.socket.connected), 'both closed', 1_000);
  expect(sockets[1]?.heard('session:closed')).toHaveLength(1);
  expect(stays.socket.connected).toBe(true);
  expect((await http(b, 'GET', '/auth/me', { token: visitor.token })).status).toBe(403);
  await expect(connect(b, visitor.token)).rejects.toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
});

test('a user who is cut off while talking is neither heard nor told anything a second later', async () => {
  const [a, b] = urls();
  const counselor = await makeCounselor(hotline.node.ctx);
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  const v = await connect(b, visitor.token);
  const c = await connect(a, counselor.token);
  const { id } = await v.must('conversation:open', { counselor: counselor.id });
  let number = 0;
  const accepted: number[] = [];
  const send = async () => {
    const answer = await v.ask('message:send', {
      conversationId: id,
      clientMsgId: `n${String((number += 1))}`,
      kind: 'text',
      text: '在',
    });
    if (answer.ok) accepted.push(performance.now());
  };
  await send();
  await raiseUser(hotline.node.ctx, visitor.id, 'BANNED');
  const cutAt = performance.now();
  await until(() => !v.socket.connected, 'closed', 1_000);
  const heardUntilClosed = v.heard('message:created').length;
  await c.must('message:send', { conversationId: id, clientMsgId: 'after', kind: 'text', text: '还在吗' });
  expect(v.heard('message:created')).toHaveLength(heardUntilClosed);
  expect(accepted.every((at) => at < cutAt + 1_000)).toBe(true);
});
