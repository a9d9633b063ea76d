/** Document section 27: the thread between counselor and supervisor, and the three walls before the visitor. */
import { Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Conversation as Wire } from '../../contract/conversation.js';
import { listenersOf } from '../../realtime/rooms.js';
import { mayStandIn } from '../../models/message.js';
import { partiesOf } from '../../services/conversation/cache.js';
import { mayConversation, relationTo } from '../../services/policies/conversation.js';
import type { Ctx } from '../../services/context.js';
import { startHotline, type Hotline } from '../support/app.js';
import { connect, http } from '../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';

let hotline: Hotline;
let ctx: Ctx;
let a: string;
let b: string;
let supervisor: Person;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
  ctx = hotline.node.ctx;
  [a, b] = hotline.nodes.map((node) => node.url) as [string, string];
  supervisor = await makePerson(ctx, 'SUPERVISOR', { name: '周督导' });
});
afterAll(() => hotline.stop());

const call = (as: Person | null, method: string, path: string, json?: unknown) =>
  http(a, method, path, { ...(as ? { token: as.token } : {}), ...(json === undefined ? {} : { json }) });
const supervise = (as: Person, conversationId: string, of: Person = supervisor) =>
  call(as, 'PUT', `/conversation/supervise?supervise=${of.id}&conversationId=${conversationId}`);
const stored = (id: string) => ctx.models.Conversation.findById(id).lean().orFail();
let serial = 0;
const said = (conversationId: string, kind: 'text' | 'whisper', text: string) => ({
  conversationId,
  clientMsgId: `m${String((serial += 1))}`,
  kind,
  text,
});

async function running() {
  const counselor = await makeCounselor(ctx);
  const visitor = await makePerson(ctx, 'VISITOR');
  const { body } = await call(visitor, 'PUT', '/conversation', { counselor: counselor.id });
  return { counselor, visitor, id: (body.result as Wire).id };
}
async function thread() {
  const scene = await running();
  const { body } = await supervise(scene.counselor, scene.id);
  return { ...scene, thread: body.result as Wire };
}

test('the supervisor is called live on another node, accepts, and both talk', async () => {
  const { counselor, visitor, id } = await running();
  const s = await connect(b, supervisor.token);
  const c = await connect(b, counselor.token);
  const v = await connect(b, visitor.token);
  const heardBefore = v.heard('message:created').length;
  const { body } = await supervise(counselor, id);
  expect(body).toMatchObject({
    code: 0,
    message: 'OK',
    result: {
      conversationType: 'REQUEST_SUPERVISE',
      status: 'WAITING',
      session: id,
      position: null,
      visitor: null,
      counselor: { id: counselor.id },
      calls: [{ supervisor: { id: supervisor.id }, state: 'CALLED', reached: true }],
    },
  });
  const { id: threadId } = body.result as Wire;
  await s.hear('supervision:requested', (told) => told.conversationId === threadId && told.session === id);
  // What was said so far the supervisor reads at once.
  const transcript = await call(supervisor, 'GET', `/message/conversation/web?conversationId=${id}`);
  expect(transcript.body.code).toBe(0);
  const listed = await call(supervisor, 'GET', '/api/v1/supervisions');
  expect((listed.body.result as Wire[]).map((row) => row.id)).toContain(threadId);
  for (let twice = 0; twice < 2; twice += 1) {
    const accepted = await call(supervisor, 'POST', `/api/v1/supervisions/${threadId}/accept`, {});
    expect(accepted.body.result).toMatchObject({ status: 'IN_PROGRESS', calls: [{ state: 'ACCEPTED' }] });
  }
  await c.must('message:send', said(threadId, 'text', '他提到了自伤'));
  await s.must('message:send', said(threadId, 'whisper', '先问安全计划'));
  await c.hear('message:created', (message) => message.kind === 'whisper' && message.text === '先问安全计划');
  await s.hear('message:created', (message) => message.text === '他提到了自伤');
  const synced = await s.must('sync', { conversations: [{ id: threadId, after: 0 }] });
  expect(
    synced.conversations[0]?.messages.map((message) => [message.seq, message.event ?? message.text]),
  ).toEqual([
    [1, 'joined'],
    [2, '他提到了自伤'],
    [3, '先问安全计划'],
  ]);
  // The visitor's numbers go on without a gap, and nothing of it came to them.
  const { seq } = await v.must('message:send', said(id, 'text', '在吗'));
  expect(seq).toBe(2);
  await v.hear('message:created', (message) => message.text === '在吗');
  expect(v.heard('message:created').slice(heardBefore)).toHaveLength(1);
  expect(JSON.stringify([...v.heard('conversation:updated'), ...v.heard('message:created')])).not.toContain(
    threadId,
  );
  for (const client of [s, c, v]) client.close();
});

test('asking again answers the same thread; nobody there: the answer says so; no seat is taken', async () => {
  const { counselor, id } = await running();
  const absent = await makePerson(ctx, 'SUPERVISOR');
  const began = performance.now();
  const first = await supervise(counselor, id, absent);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(first.body.result.calls).toMatchObject([{ state: 'CALLED', reached: false }]);
  const again = await Promise.all([1, 2, 3].map(() => supervise(counselor, id, absent)));
  expect(new Set(again.map(({ body }) => body.result.id))).toEqual(new Set([first.body.result.id]));
  const json = await call(counselor, 'PUT', '/conversation/supervise', {
    supervise: supervisor.id,
    conversationId: id,
  });
  expect(json.body.result).toMatchObject({ id: first.body.result.id });
  expect(json.body.result.calls).toHaveLength(2);
  expect((await ctx.models.Duty.findById(counselor.id).lean())?.seats).toHaveLength(1);
  expect(await ctx.models.Conversation.countDocuments({ type: 'REQUEST_SUPERVISE', session: id })).toBe(1);
});

test('two first calls at once on two nodes make one thread', async () => {
  const { counselor, id } = await running();
  const others = await Promise.all([1, 2, 3, 4].map(() => makePerson(ctx, 'SUPERVISOR')));
  const answers = await Promise.all(
    others.map((other, index) =>
      http(index % 2 ? a : b, 'PUT', '/conversation/supervise', {
        token: counselor.token,
        json: { supervise: other.id, conversationId: id },
      }),
    ),
  );
  expect(new Set(answers.map(({ body }) => body.result.id)).size).toBe(1);
  expect((await stored(String(answers[0]?.body.result.id))).calls).toHaveLength(4);
});

describe('refused', () => {
  test.each(['4'.repeat(24), '2c93189d7b53e68e017b53e69bb70025'])('unknown ids: -4 (%s)', async (unknown) => {
    const { counselor, id } = await running();
    expect((await supervise(counselor, unknown)).body.code).toBe(-4);
    expect((await supervise(counselor, id, { ...supervisor, id: unknown })).body.code).toBe(-4);
  });

  test('a colleague’s session -5, another institution’s -4, one that is over -2, no supervisor -4', async () => {
    const { counselor, visitor, id } = await running();
    expect((await supervise(await makeCounselor(ctx), id)).body.code).toBe(-5);
    expect((await supervise(await makeCounselor(ctx, 1, { institution: 'other' }), id)).body.code).toBe(-4);
    for (const wrong of [
      counselor,
      await makePerson(ctx, 'SUPERVISOR', { institution: 'other' }),
      await makePerson(ctx, 'SUPERVISOR', { enabled: false }),
    ])
      expect((await supervise(counselor, id, wrong)).body.code).toBe(-4);
    for (const as of [visitor, supervisor, null]) {
      const { status, body } = await call(as, 'PUT', '/conversation/supervise?supervise=x&conversationId=y');
      expect([status, body.path]).toEqual([403, '/conversation/supervise']);
    }
    expect(
      (await call(counselor, 'PUT', '/conversation/supervise', { supervise: supervisor.id })).body.code,
    ).toBe(-2);
    await call(visitor, 'POST', `/conversation/end/${id}`);
    expect((await supervise(counselor, id)).body.code).toBe(-2);
  });

  test('a supervisor who was not called knows of nothing', async () => {
    const { id, thread: made } = await thread();
    const stranger = await makePerson(ctx, 'SUPERVISOR');
    for (const verb of ['accept', 'decline', 'leave'])
      expect((await call(stranger, 'POST', `/api/v1/supervisions/${made.id}/${verb}`, {})).status).toBe(404);
    for (const conversation of [id, made.id])
      expect((await call(stranger, 'GET', `/api/v1/conversations/${conversation}`)).status).toBe(403);
  });
});

test('decline: no longer sees the session; called anew they do; leave: reads on, hears nothing', async () => {
  const { counselor, id, thread: made } = await thread();
  const act = (verb: string) => call(supervisor, 'POST', `/api/v1/supervisions/${made.id}/${verb}`, {});
  const session = () => call(supervisor, 'GET', `/api/v1/conversations/${id}`);
  const inRecords = async () =>
    ((await call(supervisor, 'GET', '/conversation/consultlist?size=200')).body.result as Wire[]).some(
      (row) => row.id === id,
    );
  expect([(await session()).status, await inRecords()]).toEqual([200, true]);
  expect((await act('leave')).body.code).toBe(-2);
  expect((await act('decline')).body.result.calls).toMatchObject([{ state: 'DECLINED' }]);
  expect((await act('decline')).status).toBe(200);
  expect((await act('accept')).body.code).toBe(-2);
  expect([(await session()).status, await inRecords()]).toEqual([403, false]);
  await supervise(counselor, id);
  expect((await act('accept')).body.result).toMatchObject({ status: 'IN_PROGRESS' });
  // The refusal called the next on duty, who may still be named beside them.
  expect((await act('leave')).body.result.calls).toContainEqual(
    expect.objectContaining({
      state: 'ACCEPTED',
      left: true,
      supervisor: expect.objectContaining({ id: supervisor.id }),
    }),
  );
  expect([(await session()).status, await inRecords()]).toEqual([200, true]);
  const refused = await call(supervisor, 'POST', `/api/v1/conversations/${made.id}/messages`, {
    clientMsgId: 'late',
    kind: 'text',
    text: 'x',
  });
  expect(refused.status).toBe(403);
});

test('the thread ends with its session, and can be ended alone', async () => {
  const { counselor, visitor, id, thread: made } = await thread();
  await call(supervisor, 'POST', `/api/v1/supervisions/${made.id}/accept`, {});
  expect((await call(supervisor, 'POST', `/conversation/end/${made.id}`)).body.code).toBe(0);
  expect(await stored(made.id)).toMatchObject({
    status: 'FINISHED',
    endCause: 'SUPERVISOR_ENDED',
    sealed: true,
  });
  expect((await stored(id)).status).toBe('IN_PROGRESS');
  const second = (await supervise(counselor, id)).body.result as Wire;
  expect(second.id).not.toBe(made.id);
  await call(visitor, 'POST', `/conversation/end/${id}`);
  expect(await stored(second.id)).toMatchObject({ status: 'CANCELLED', endCause: 'SESSION_ENDED' });
  expect((await ctx.models.Duty.findById(counselor.id).lean())?.seats).toEqual([]);
});

test('a call racing with the end leaves no open thread', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { counselor, visitor, id } = await running();
    await Promise.all([
      supervise(counselor, id),
      http(b, 'POST', `/conversation/end/${id}`, { token: visitor.token }),
    ]);
    await until(
      async () => (await ctx.models.Conversation.countDocuments({ session: id, openThread: true })) === 0,
      'no open thread',
    );
  }
});

test('a banned supervisor leaves their threads', async () => {
  const { counselor, id } = await running();
  const leaving = await makePerson(ctx, 'SUPERVISOR');
  const made = (await supervise(counselor, id, leaving)).body.result as Wire;
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  const path = `/user/ms/supervisor/${leaving.user.username}`;
  expect((await call(admin, 'DELETE', path)).body).toMatchObject({ code: -2 });
  expect((await call(admin, 'POST', `/user/ban/${leaving.id}`)).body.code).toBe(0);
  const thread = await stored(made.id);
  expect(thread.supervisors.map(String)).not.toContain(leaving.id);
  // Whoever is on duty next is called in their place.
  expect(thread.calls?.find((each) => each.supervisor.equals(leaving.user._id))).toMatchObject({
    state: 'DECLINED',
  });
});

describe('three walls, each on its own', () => {
  test('1, the model: a whisper never stands in a session, whoever asks', async () => {
    const { counselor, visitor, id } = await running();
    const c = await connect(a, counselor.token);
    for (const kind of ['whisper', 'note'] as const) {
      expect(mayStandIn(kind, 'COUNSELING_SESSION')).toBe(false);
      expect((await c.ask('message:send', said(id, kind as 'whisper', 'x'))).ok).toBe(false);
      // Below every check of the services: the journal itself.
      const session = await stored(id);
      await expect(
        ctx.journal.append({
          parties: partiesOf(session),
          lastSeq: session.lastSeq,
          key: await ctx.keys.conversation(session.key.toHexString()),
          kind,
          sender: counselor.user._id,
          senderType: 'COUNSELOR',
          senderName: null,
          clientMsgId: kind,
          body: { text: 'x' },
        }),
      ).rejects.toThrow(kind);
    }
    expect(await ctx.models.Message.countDocuments({ conversation: id, kind: { $ne: 'system' } })).toBe(0);
    expect(visitor.id).toBeTruthy();
    c.close();
  });

  /** A thread that names the visitor everywhere it must not. */
  async function forged() {
    const scene = await thread();
    await ctx.models.Conversation.updateOne(
      { _id: scene.thread.id },
      { $set: { visitor: scene.visitor.user._id } },
    );
    for (const node of hotline.nodes) node.ctx.conversations.drop(scene.thread.id);
    return scene;
  }

  test('2, the policy: a visitor has no right in a thread, even one that names them', async () => {
    const { visitor, thread: made } = await forged();
    const row = await stored(made.id);
    const actor = await ctx.sessions.authenticate(visitor.token);
    expect(await relationTo(ctx, actor, row)).toBe('visitor');
    for (const action of [
      'read',
      'send',
      'end',
      'mark-read',
      'delete',
      'export',
      'hand-over',
      'call',
    ] as const)
      expect([action, mayConversation(action, 'visitor', row)]).toEqual([action, false]);
    for (const [method, path] of [
      ['GET', `/api/v1/conversations/${made.id}`],
      ['GET', `/api/v1/conversations/${made.id}/messages`],
    ] as const)
      expect((await call(visitor, method, path)).status).toBe(403);
    expect(
      (await call(visitor, 'GET', `/message/conversation/web?conversationId=${made.id}`)).body.code,
    ).toBe(-5);
    expect((await call(visitor, 'POST', `/conversation/end/${made.id}`)).body.code).toBe(-5);
    const mine = (await call(visitor, 'GET', '/conversation/current')).body.result as Wire[];
    expect(mine.map((each) => each.id)).not.toContain(made.id);
    const previews = (await call(visitor, 'GET', '/api/v1/previews')).body.result as {
      conversationId: string;
    }[];
    expect(previews.map((each) => each.conversationId)).not.toContain(made.id);
  });

  test('3, the rooms: what is published of a thread never goes to a visitor’s room', async () => {
    const { visitor, counselor, thread: made } = await forged();
    const parties = partiesOf(await stored(made.id));
    expect(parties.visitor).toBe(visitor.id);
    expect(listenersOf(parties)).toEqual([`user:${counselor.id}`, `user:${supervisor.id}`]);
    const v = await connect(b, visitor.token);
    const c = await connect(b, counselor.token);
    await c.must('message:send', said(made.id, 'whisper', '请看一下'));
    await c.must('typing:set', { conversationId: made.id, on: true });
    await c.must('message:read', { conversationId: made.id, seq: 1 });
    await c.hear('message:read', (mark) => mark.conversationId === made.id);
    const synced = await v.must('sync', { conversations: [{ id: made.id, after: 0 }] });
    expect(synced).toMatchObject({ conversations: [], gone: [made.id] });
    for (const event of [
      'message:created',
      'typing:changed',
      'message:read',
      'conversation:updated',
    ] as const)
      expect(JSON.stringify(v.heard(event))).not.toContain(made.id);
    v.close();
    c.close();
  });
});

test('a call tells the session’s visitor nothing, not even a higher rev', async () => {
  const { counselor, visitor, id } = await running();
  const v = await connect(b, visitor.token);
  const before = await stored(id);
  await supervise(counselor, id);
  const after = await stored(id);
  expect([
    after.rev,
    after.supervisors,
    await ctx.models.Message.countDocuments({ conversation: id }),
  ]).toEqual([before.rev, [], 1]);
  expect(v.heard('conversation:updated')).toEqual([]);
  expect(new Types.ObjectId(id).equals(after._id)).toBe(true);
  v.close();
});
