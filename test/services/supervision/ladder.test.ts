/** The supervisor ladder: watch, whisper, co-chat, take over, hand back; and the timer of a call. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Conversation as Wire } from '../../../contract/conversation.js';
import type { Ctx } from '../../../services/context.js';
import { releaseSupervisor } from '../../../services/supervision/release.js';
import { setPolicy } from '../../../services/policy/policy.js';
import { sweepDeadlines } from '../../../services/time/deadline.js';
import type { Hotline } from '../../support/app.js';
import { connect, http } from '../../support/clients.js';
import type { TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { startPair } from '../../support/pair.js';
import { until } from '../../support/poll.js';
import { said } from '../../support/talk.js';

let hotline: Hotline;
let clock: TestClock;
let ctx: Ctx;
let a: string;
let b: string;
beforeAll(async () => {
  ({ hotline, clock, ctx, a, b } = await startPair());
});
afterAll(() => hotline.stop());

const post = (as: Person, path: string, json: unknown = {}) =>
  http(a, 'POST', `/api/v1/${path}`, { token: as.token, json });
const step = (as: Person, id: string, to: string) => post(as, `conversations/${id}/step-in`, { step: to });
const stored = (id: string) => ctx.models.Conversation.findById(id).lean().orFail();
const seats = async (of: Person) => (await ctx.models.Duty.findById(of.id).lean().orFail()).seats.length;
const threadOf = (id: string) => ctx.models.Conversation.findOne({ session: id, openThread: true }).lean();
const actions = async (id: string) =>
  (
    await ctx.models.AuditEntry.find({ subject: `conversation:${id}` })
      .sort({ number: 1 })
      .lean()
  ).map(({ action }) => action);

let houses = 0;
/** A house of its own with a running session, whose counselor is bound to the first of its supervisors. */
async function house(supervisors = 1) {
  const institution = `ladder${String((houses += 1))}`;
  const overseers: Person[] = [];
  for (let each = 0; each < supervisors; each += 1)
    overseers.push(await makePerson(ctx, 'SUPERVISOR', { institution, name: `督导${String(each)}` }));
  const [first] = overseers as [Person];
  const counselor = await makeCounselor(ctx, 2, { institution, supervisors: [first.user._id] });
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  const { body } = await http(a, 'PUT', '/conversation', { token: visitor.token, json: {} });
  return { institution, overseers, supervisor: first, counselor, visitor, id: (body.result as Wire).id };
}

test('watch: hears everything, says nothing, and the visitor cannot tell; the counselor is told by the thread', async () => {
  const { supervisor, counselor, visitor, id } = await house();
  const [s, c, v] = await Promise.all(
    [supervisor, counselor, visitor].map((person) => connect(b, person.token)),
  );
  if (!s || !c || !v) throw new Error('three sockets');
  const before = await stored(id);
  expect((await step(supervisor, id, 'WATCH')).body.result).toMatchObject({ id, rev: before.rev });
  await c.hear(
    'message:created',
    (message) => message.event === 'joined' && message.data?.['mode'] === 'WATCH',
  );
  await v.must('message:send', said(id, '有人吗'));
  await s.hear('message:created', (message) => message.text === '有人吗');
  await expect(s.must('message:send', said(id, '我在看'))).rejects.toThrow();
  await expect(s.must('typing:set', { conversationId: id, on: true })).rejects.toThrow();
  await expect(s.must('message:read', { conversationId: id, seq: 2 })).rejects.toThrow();
  // Nothing of it on the visitor's wire: no number, no rev, no name.
  const state = await v.must('sync', { conversations: [{ id, after: 0 }] });
  expect(state.conversations[0]?.conversation.rev).toBe(before.rev);
  expect(state.conversations[0]?.messages.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(JSON.stringify(v.heard('message:created'))).not.toContain(supervisor.id);
  expect(v.heard('conversation:updated')).toEqual([]);

  await post(supervisor, `conversations/${id}/step-out`);
  // Stepped out on one node, spoken on the other, which is told a moment later: from then on nothing is heard.
  let line = 0;
  await until(async () => {
    const text = `还在吗 ${String((line += 1))}`;
    await v.must('message:send', said(id, text));
    await c.hear('message:created', (message) => message.text === text);
    // What was pushed to this socket too came before this answer.
    await s.must('sync', { conversations: [] });
    return !s.heard('message:created').some((message) => message.text === text);
  }, 'the other node knows that nobody watches');
  expect(await actions(id)).toEqual(['supervision.watch', 'supervision.step-out']);
  for (const client of [s, c, v]) client.close();
});

test('whisper makes the thread and stays in it; co-chat is seen, speaks as supervisor, and steps back', async () => {
  const { supervisor, counselor, visitor, id } = await house();
  const whispered = await post(supervisor, `conversations/${id}/whisper`, {
    clientMsgId: 'w1',
    text: '问问安全',
  });
  const again = await post(supervisor, `conversations/${id}/whisper`, {
    clientMsgId: 'w1',
    text: '问问安全',
  });
  expect(again.body.result.id).toBe(whispered.body.result.id);
  const thread = await threadOf(id);
  expect(thread).toMatchObject({ status: 'IN_PROGRESS', calls: [{ state: 'ACCEPTED' }] });
  expect(await ctx.models.Message.countDocuments({ conversation: id, kind: 'whisper' })).toBe(0);

  const v = await connect(b, visitor.token);
  const s = await connect(b, supervisor.token);
  await step(supervisor, id, 'CO_CHAT');
  await v.hear(
    'message:created',
    (message) => message.event === 'joined' && message.data?.['mode'] === 'CO_CHAT',
  );
  await s.must('message:send', said(id, '我是督导，一起陪你'));
  const heard = await v.hear('message:created', (message) => message.text === '我是督导，一起陪你');
  expect(heard.sender).toMatchObject({ id: supervisor.id, type: 'SUPERVISOR' });
  await step(supervisor, id, 'WATCH');
  await v.hear('message:created', (message) => message.event === 'left');
  await expect(s.must('message:send', said(id, '还能说吗'))).rejects.toThrow();
  expect((await stored(id)).counselor?.toHexString()).toBe(counselor.id);
  for (const client of [v, s]) client.close();
});

test('take over and hand back: one owner at any time, seats follow, everybody is told', async () => {
  const { supervisor, counselor, visitor, id } = await house();
  const v = await connect(b, visitor.token);
  for (let twice = 0; twice < 2; twice += 1)
    expect((await step(supervisor, id, 'TAKE_OVER')).body.result).toMatchObject({
      counselor: { id: supervisor.id },
    });
  await v.hear(
    'message:created',
    (message) => message.event === 'handed-over' && message.data?.['supervisor'] === true,
  );
  expect(await seats(counselor)).toBe(0);
  const refused = await http(a, 'POST', `/api/v1/conversations/${id}/messages`, {
    token: counselor.token,
    json: { clientMsgId: 'x', kind: 'text', text: '我还在吗' },
  });
  expect(refused.status).toBe(403);
  const s = await connect(b, supervisor.token);
  await s.must('message:send', said(id, '接下来由我陪你'));
  expect((await step(supervisor, id, 'WATCH')).status).toBe(422);

  await ctx.models.Duty.updateOne({ _id: counselor.user._id }, { $set: { presence: 'offline' } });
  expect((await post(supervisor, `conversations/${id}/hand-back`)).status).toBe(422);
  expect((await stored(id)).counselor?.toHexString()).toBe(supervisor.id);
  await ctx.models.Duty.updateOne({ _id: counselor.user._id }, { $set: { presence: 'online' } });
  expect((await post(supervisor, `conversations/${id}/hand-back`)).body.result).toMatchObject({
    counselor: { id: counselor.id },
    status: 'IN_PROGRESS',
  });
  expect(await seats(counselor)).toBe(1);
  expect((await post(supervisor, `conversations/${id}/hand-back`)).status).toBe(422);

  // A supervisor who is banned while they own it: back in the queue, and to the counselor who is free.
  await step(supervisor, id, 'TAKE_OVER');
  await releaseSupervisor(ctx, supervisor.user._id);
  await ctx.admissions.admit((await stored(id)).institution);
  await until(async () => (await stored(id)).counselor?.equals(counselor.user._id), 'somebody has it again');
  for (const client of [v, s]) client.close();
});

test('who is neither bound nor called stays out; a new owner shakes off whoever was bound to the old one', async () => {
  const { institution, overseers, supervisor, counselor, id } = await house(2);
  const [, stranger] = overseers as [Person, Person];
  for (const to of ['WATCH', 'CO_CHAT', 'TAKE_OVER']) expect((await step(stranger, id, to)).status).toBe(403);
  expect((await post(stranger, `conversations/${id}/whisper`, { clientMsgId: 'w', text: '嗨' })).status).toBe(
    403,
  );
  expect((await step(counselor, id, 'WATCH')).status).toBe(403);
  await step(supervisor, id, 'WATCH');
  const colleague = await makeCounselor(ctx, 2, { institution });
  await post(counselor, `conversations/${id}/transfer`, { counselor: colleague.id });
  expect((await stored(id)).watch).toEqual([]);
  // Called by name, the stranger may step in by the thread, and that accepts.
  const { body } = await http(
    a,
    'PUT',
    `/conversation/supervise?supervise=${stranger.id}&conversationId=${id}`,
    {
      token: colleague.token,
    },
  );
  const { id: thread } = body.result as Wire;
  expect(
    (await post(stranger, `supervisions/${thread}/step-in`, { step: 'CO_CHAT' })).body.result,
  ).toMatchObject({ id });
  expect((await stored(thread)).calls).toMatchObject([{ state: 'ACCEPTED' }]);
  await post(stranger, `supervisions/${thread}/leave`);
  expect((await stored(id)).watch).toEqual([]);
});

test('a call that nobody answers goes to the next, then to all; a late answer counts, a refusal hurries', async () => {
  const { institution, overseers, supervisor, counselor, id } = await house(4);
  await setPolicy(ctx, institution, { supervisorAnswerSeconds: 5 });
  const { body } = await http(
    a,
    'PUT',
    `/conversation/supervise?supervise=${supervisor.id}&conversationId=${id}`,
    {
      token: counselor.token,
    },
  );
  const { id: thread } = body.result as Wire;
  const states = async () => (await stored(thread)).calls?.map(({ state }) => state);
  await sweepDeadlines(ctx);
  expect(await states()).toEqual(['CALLED']);
  const next = await connect(b, (overseers[2] as Person).token);
  clock.advance(6_000);
  await sweepDeadlines(ctx);
  // The one who is connected comes before those who are not.
  await next.hear('supervision:requested', (told) => told.conversationId === thread);
  await sweepDeadlines(ctx);
  expect(await states()).toEqual(['ESCALATED', 'CALLED']);
  clock.advance(6_000);
  await sweepDeadlines(ctx);
  expect(await states()).toEqual(['ESCALATED', 'ESCALATED', 'CALLED', 'CALLED']);
  clock.advance(6_000);
  await sweepDeadlines(ctx);
  expect((await stored(thread)).deadlines).toEqual([]);
  expect((await post(supervisor, `supervisions/${thread}/accept`)).body.result).toMatchObject({
    status: 'IN_PROGRESS',
  });
  expect(await actions(thread)).toEqual(Array<string>(3).fill('supervision.escalate'));

  const other = await house(2);
  const asked = await http(
    a,
    'PUT',
    `/conversation/supervise?supervise=${other.supervisor.id}&conversationId=${other.id}`,
    { token: other.counselor.token },
  );
  await post(other.supervisor, `supervisions/${(asked.body.result as Wire).id}/decline`);
  await sweepDeadlines(ctx);
  expect((await threadOf(other.id))?.calls?.map(({ state }) => state)).toEqual(['DECLINED', 'CALLED']);
  next.close();
});

test('once somebody has come, nobody else stays called; who comes all the same is let in', async () => {
  const { overseers, counselor, id } = await house(2);
  const [first, second] = overseers as [Person, Person];
  let thread = '';
  for (const each of [first, second]) {
    const path = `/conversation/supervise?supervise=${each.id}&conversationId=${id}`;
    thread = ((await http(a, 'PUT', path, { token: counselor.token })).body.result as Wire).id;
  }
  const states = async () =>
    Object.fromEntries(
      (await stored(thread)).calls?.map(({ supervisor, state }) => [supervisor.toHexString(), state]) ?? [],
    );
  expect(await states()).toEqual({ [first.id]: 'CALLED', [second.id]: 'CALLED' });
  await post(first, `supervisions/${thread}/accept`);
  expect(await states()).toEqual({ [first.id]: 'ACCEPTED', [second.id]: 'ESCALATED' });
  expect((await post(second, `supervisions/${thread}/accept`)).status).toBe(200);
  expect(await states()).toEqual({ [first.id]: 'ACCEPTED', [second.id]: 'ACCEPTED' });
});
