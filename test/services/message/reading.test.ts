/** I15: who reads a transcript that is not theirs is written down before it leaves, once a reading. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Conversation as Wire } from '../../../contract/conversation.js';
import type { Models } from '../../../models/index.js';
import { createAuditLog } from '../../../services/audit/audit.js';
import type { Ctx } from '../../../services/context.js';
import type { Hotline } from '../../support/app.js';
import { connect, http } from '../../support/clients.js';
import type { TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { startPair } from '../../support/pair.js';

let hotline: Hotline;
let clock: TestClock;
let ctx: Ctx;
let a: string;
let b: string;
beforeAll(async () => {
  ({ hotline, clock, ctx, a, b } = await startPair());
  // Well inside an hour, so that no test crosses its end by chance.
  clock.advance(3_600_000 - (clock.now() % 3_600_000) + 60_000);
});
afterAll(() => hotline.stop());

async function house() {
  const supervisor = await makePerson(ctx, 'SUPERVISOR');
  const counselor = await makeCounselor(ctx, 1, { supervisors: [supervisor.user._id] });
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  const visitor = await makePerson(ctx, 'VISITOR');
  const { body } = await http(a, 'PUT', '/conversation', {
    token: visitor.token,
    json: { counselor: counselor.id },
  });
  const { id } = body.result as Wire;
  for (const text of ['一', '二', '三'])
    await http(a, 'POST', `/api/v1/conversations/${id}/messages`, {
      token: visitor.token,
      json: { clientMsgId: `m${text.charCodeAt(0)}`, kind: 'text', text },
    });
  return { supervisor, counselor, admin, visitor, id };
}
const page = (url: string, as: Person, id: string, query = '') =>
  http(url, 'GET', `/api/v1/conversations/${id}/messages?limit=2${query}`, { token: as.token });
const readings = (id: string) =>
  ctx.models.AuditEntry.find({ subject: `conversation:${id}`, action: 'transcript.read' })
    .sort({ number: 1 })
    .lean();

test('one entry a reading, over pages, doors and nodes; a new hour or another reason is another one', async () => {
  const { supervisor, id } = await house();
  // Both nodes at once: the id of the event decides, not the node's memory.
  await Promise.all([page(a, supervisor, id), page(b, supervisor, id), page(a, supervisor, id, '&after=2')]);
  const socket = await connect(b, supervisor.token);
  const synced = await socket.must('sync', { conversations: [{ id, after: 0 }] });
  expect(synced.conversations[0]?.messages).not.toEqual([]);
  await http(b, 'GET', `/message/conversation/web?conversationId=${id}&page=1&size=2`, {
    token: supervisor.token,
  });
  expect(await readings(id)).toMatchObject([{ actor: supervisor.user._id, reason: '未说明' }]);
  expect((await page(a, supervisor, id, '&reason=RISK')).status).toBe(200);
  clock.advance(3_600_000);
  await page(b, supervisor, id);
  expect((await readings(id)).map(({ reason }) => reason)).toEqual(['未说明', 'RISK', '未说明']);
  expect(await ctx.audit.verify('ecnu')).toMatchObject({ ok: true });
  socket.close();
});

test('its parties are not written down, nor who asks for its state alone, nor a watch beyond its own entry', async () => {
  const { supervisor, counselor, admin, visitor, id } = await house();
  for (const party of [visitor, counselor]) {
    const socket = await connect(a, party.token);
    await socket.must('sync', { conversations: [{ id, after: 0 }] });
    await page(b, party, id);
    socket.close();
  }
  const known = (await ctx.models.Message.countDocuments({ conversation: id })) + 1;
  const onlooker = await connect(a, admin.token);
  await onlooker.must('sync', { conversations: [{ id, after: known }] });
  onlooker.close();
  await http(a, 'POST', `/api/v1/conversations/${id}/step-in`, {
    token: supervisor.token,
    json: { step: 'WATCH' },
  });
  await page(a, supervisor, id);
  expect(await readings(id)).toEqual([]);
});

test('no entry, no data', async () => {
  const { admin, id } = await house();
  const real = ctx.models.AuditEntry.collection;
  const broken = new Proxy(real, {
    get(target, name) {
      if (name === 'insertMany') return () => Promise.reject(new Error('disk full'));
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  const kept = ctx.audit;
  ctx.audit = createAuditLog({ models: { AuditEntry: { collection: broken } } as unknown as Models, clock });
  const refused = await page(a, admin, id);
  const socket = await connect(a, admin.token);
  const synced = await socket.ask('sync', { conversations: [{ id, after: 0 }] });
  ctx.audit = kept;
  expect([refused.status, refused.body.result]).toEqual([503, null]);
  expect(synced).toMatchObject({ ok: false, error: { code: 'UNAVAILABLE' } });
  expect((await page(a, admin, id)).body.result).toHaveLength(2);
  expect(await readings(id)).toHaveLength(1);
  socket.close();
});
