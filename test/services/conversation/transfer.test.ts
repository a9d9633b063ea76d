/** Giving a session away: asked and accepted by name with an overlap, or back to the queue with a note. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Transfer } from '../../../contract/transfer.js';
import type { Ctx } from '../../../services/context.js';
import { sweepDeadlines } from '../../../services/time/deadline.js';
import type { Hotline } from '../../support/app.js';
import { connect, http } from '../../support/clients.js';
import type { TestClock } from '../../support/clock.js';
import { makeCounselor, type Person } from '../../support/factories.js';
import { startPair } from '../../support/pair.js';
import { openSession, said } from '../../support/talk.js';

let hotline: Hotline;
let clock: TestClock;
let ctx: Ctx;
let a: string;
let b: string;
beforeAll(async () => {
  ({ hotline, clock, ctx, a, b } = await startPair());
});
afterAll(() => hotline.stop());

const post = (as: Person, id: string, verb: string, json: unknown = {}) =>
  http(a, 'POST', `/api/v1/conversations/${id}/${verb}`, { token: as.token, json });
const stored = (id: string) => ctx.models.Conversation.findById(id).lean().orFail();
const ownerOf = async (id: string) => (await stored(id)).counselor?.toHexString() ?? null;
const seats = async (of: Person) => (await ctx.models.Duty.findById(of.id).lean().orFail()).seats.length;

let houses = 0;
async function house() {
  const institution = `transfer${String((houses += 1))}`;
  const colleague = await makeCounselor(ctx, 1, { institution });
  return { institution, colleague, ...(await openSession(ctx, a, { cap: 1, institution })) };
}

test('asked, accepted, together for a while, then alone; the note goes with it and never to the visitor', async () => {
  const { counselor, colleague, visitor, id } = await house();
  const [v, c] = await Promise.all([connect(b, visitor.token), connect(b, colleague.token)]);
  const ask = { counselor: colleague.id, note: { state: '考试焦虑，已聊二十分钟' } };
  const asked = await post(counselor, id, 'transfer-offer', ask);
  expect(asked.body.result).toMatchObject({ kind: 'WARM', to: { id: colleague.id }, note: ask.note });
  expect((await post(counselor, id, 'transfer-offer', ask)).status).toBe(200);
  await c.hear('transfer:offered', (told) => told.note?.state === ask.note.state);
  const list = await http(b, 'GET', '/api/v1/me/transfers', { token: colleague.token });
  expect((list.body.result as Transfer[]).map(({ conversation }) => conversation.id)).toEqual([id]);
  expect(await ownerOf(id)).toBe(counselor.id);
  // Sealed as it is stored.
  const raw = await ctx.models.Conversation.collection.findOne({ _id: (await stored(id))._id });
  expect(JSON.stringify(raw)).not.toContain('考试焦虑');

  for (let twice = 0; twice < 2; twice += 1)
    expect((await post(colleague, id, 'transfer-accept')).body.result).toMatchObject({
      counselor: { id: colleague.id },
    });
  await v.hear(
    'message:created',
    (message) => message.event === 'handed-over' && message.data?.['overlap'] === 5,
  );
  expect([await seats(counselor), await seats(colleague)]).toEqual([0, 1]);
  // Both are there: the former owner hears and speaks.
  const former = await connect(b, counselor.token);
  await former.must('message:send', said(id, '我先陪你们一会儿'));
  await v.must('message:send', said(id, '好的'));
  await former.hear('message:created', (message) => message.text === '好的');
  clock.advance(5 * 60_000 + 1_000);
  await sweepDeadlines(ctx);
  await v.hear('message:created', (message) => message.event === 'left');
  await expect(former.must('message:send', said(id, '我还在吗'))).rejects.toThrow();
  await v.must('message:send', said(id, '只有你了'));
  await c.hear('message:created', (message) => message.text === '只有你了');
  expect(former.heard('message:created').map(({ text }) => text)).not.toContain('只有你了');

  const thread = await ctx.models.Conversation.findOne({ session: id, openThread: true }).lean().orFail();
  const notes = await http(a, 'GET', `/api/v1/conversations/${thread._id.toHexString()}/messages`, {
    token: colleague.token,
  });
  expect(notes.body.result).toMatchObject([{ kind: 'note', text: `现状：${ask.note.state}` }]);
  const seen = await v.must('sync', { conversations: [{ id, after: 0 }] });
  expect(JSON.stringify(seen)).not.toContain('考试焦虑');
  for (const client of [v, c, former]) client.close();
});

test('no, too late, taken back: it stays where it is; absent, full or strange targets are refused', async () => {
  const { institution, counselor, colleague, id } = await house();
  const ask = (to: Person) =>
    post(counselor, id, 'transfer-offer', { counselor: to.id, note: { state: '稳定' } });
  const g = await connect(b, counselor.token);
  await ask(colleague);
  expect((await post(colleague, id, 'transfer-decline')).status).toBe(200);
  await g.hear('transfer:closed', ({ outcome }) => outcome === 'DECLINED');
  await ask(colleague);
  clock.advance(61_000);
  await sweepDeadlines(ctx);
  await g.hear('transfer:closed', ({ outcome }) => outcome === 'EXPIRED');
  expect((await post(colleague, id, 'transfer-accept')).status).toBe(404);
  await ask(colleague);
  const third = await makeCounselor(ctx, 1, { institution });
  expect((await ask(third)).status).toBe(422);
  await post(counselor, id, 'transfer-withdraw');
  expect((await post(colleague, id, 'transfer-accept')).status).toBe(404);

  await ctx.models.Duty.updateOne({ _id: third.user._id }, { $set: { presence: 'away' } });
  expect((await ask(third)).status).toBe(422);
  await ctx.models.Duty.updateOne({ _id: third.user._id }, { $set: { presence: 'online', maxConsults: 0 } });
  expect((await ask(third)).status).toBe(422);
  expect((await ask(await makeCounselor(ctx, 1, { institution: 'elsewhere' }))).status).toBe(404);
  // Filled up between the question and the yes: the seat decides.
  await ask(colleague);
  await ctx.models.Duty.updateOne({ _id: colleague.user._id }, { $set: { maxConsults: 0 } });
  expect((await post(colleague, id, 'transfer-accept')).status).toBe(422);
  expect(await ownerOf(id)).toBe(counselor.id);
  g.close();
});

test('high risk: never to the queue, never unasked, never without a whole note', async () => {
  const { counselor, colleague, id } = await house();
  await ctx.models.Conversation.updateOne({ _id: id }, { $set: { risk: 'high' } });
  expect((await post(counselor, id, 'give-back', { note: { state: '危急' } })).status).toBe(422);
  expect((await post(counselor, id, 'transfer', { counselor: colleague.id })).status).toBe(422);
  const note = { state: '刚停药', risk: '有计划', plan: '室友陪同', next: '明早回访' };
  const bare = { counselor: colleague.id, note: { state: note.state } };
  expect((await post(counselor, id, 'transfer-offer', bare)).status).toBe(422);
  const asked = await post(counselor, id, 'transfer-offer', { counselor: colleague.id, note });
  expect(asked.body.result).toMatchObject({ kind: 'HIGH_RISK' });
  // Its owner at every moment: one of the two, whoever else asks at the same time.
  const answers = await Promise.all([
    post(colleague, id, 'transfer-accept'),
    post(colleague, id, 'transfer-accept'),
  ]);
  expect(answers.map(({ status }) => status)).toContain(200);
  expect(await ownerOf(id)).toBe(colleague.id);
  const { history } = await stored(id);
  expect(history?.slice(1).map(({ counselor: who }) => who !== null)).not.toContain(false);
});

test('given back: in the queue with its seq, the note in the thread, and not first to the one who gave it', async () => {
  const { counselor, colleague, id } = await house();
  const given = await post(counselor, id, 'give-back', { note: { state: '想换一位女咨询师' } });
  expect(given.body.result).toMatchObject({ status: 'IN_PROGRESS', counselor: { id: colleague.id } });
  expect((await stored(id)).history?.map(({ event }) => event)).toEqual([
    'opened',
    'assigned',
    'requeued',
    'assigned',
  ]);
  const thread = await ctx.models.Conversation.findOne({ session: id, openThread: true }).lean().orFail();
  expect(thread.counselor?.toHexString()).toBe(colleague.id);
  expect((await post(counselor, id, 'give-back')).status).toBe(403);
});
