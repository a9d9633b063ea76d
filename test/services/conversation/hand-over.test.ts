/** Sessions that change hands: warm to a colleague, cold back to the queue; never without an owner (I5, I8, I22). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Conversation as Wire } from '../../../contract/conversation.js';
import { requeueConversation } from '../../../services/conversation/requeue.js';
import { releaseCounselor, sweepDisabled } from '../../../services/conversation/release.js';
import type { Ctx } from '../../../services/context.js';
import { takeSeat } from '../../../services/matchmaking/seat.js';
import { sweepSeats } from '../../../services/matchmaking/sweep.js';
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
});
afterAll(() => hotline.stop());

const stored = (id: string) => ctx.models.Conversation.findById(id).lean().orFail();
const seats = async (of: Person) =>
  (await ctx.models.Duty.findById(of.id).lean().orFail()).seats.map((seat) =>
    seat.conversation.toHexString(),
  );
let houses = 0;
/** A house of its own, so that nobody else's queue is in the way. */
async function house(caps: number[]) {
  const institution = `house${String((houses += 1))}`;
  const counselors = [];
  for (const cap of caps) counselors.push(await makeCounselor(ctx, cap, { institution }));
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  const [first] = counselors as [Person];
  const { body } = await http(a, 'PUT', '/conversation', {
    token: visitor.token,
    json: { counselor: first.id },
  });
  return { institution, counselors, visitor, id: (body.result as Wire).id };
}
const transfer = (as: Person, id: string, to: string, url = a) =>
  http(url, 'POST', `/api/v1/conversations/${id}/transfer`, { token: as.token, json: { counselor: to } });

test('warm: the new one owns it and hears it, the former one neither hears nor sends', async () => {
  const { counselors, visitor, id } = await house([1, 1]);
  const [first, second] = counselors as [Person, Person];
  const [f, s, v] = await Promise.all([first, second, visitor].map((person) => connect(b, person.token)));
  if (!f || !s || !v) throw new Error('three sockets');
  const { body } = await transfer(first, id, second.id);
  expect(body.result).toMatchObject({ id, status: 'IN_PROGRESS', counselor: { id: second.id } });
  expect([await seats(first), await seats(second)]).toEqual([[], [id]]);
  await f.hear('conversation:updated', (told) => told.counselor?.id === second.id);
  await v.hear('message:created', (message) => message.event === 'handed-over' && message.seq === 2);
  await s.must('message:send', { conversationId: id, clientMsgId: 's1', kind: 'text', text: '我来接着聊' });
  const refused = await f.ask('message:send', {
    conversationId: id,
    clientMsgId: 'f1',
    kind: 'text',
    text: 'x',
  });
  expect(refused).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
  await v.hear('message:created', (message) => message.text === '我来接着聊');
  expect(f.heard('message:created').some((message) => message.text === '我来接着聊')).toBe(false);
  // Asking again by who may is harmless.
  expect((await transfer(second, id, second.id)).body.result).toMatchObject({ counselor: { id: second.id } });
  for (const client of [f, s, v]) client.close();
});

test('what was lost with the former owner does not threaten the new one', async () => {
  const { counselors, id } = await house([1, 1]);
  const [first, second] = counselors as [Person, Person];
  const lost = { kind: 'dropped' as const, at: new Date(clock.now() + 20_000) };
  await ctx.models.Conversation.updateOne({ _id: id }, { $push: { deadlines: lost } });
  const { body } = await transfer(first, id, second.id);
  expect(body.result).toMatchObject({ counselor: { id: second.id }, counselorBackBy: null });
  const kinds = (await stored(id)).deadlines.map(({ kind }) => kind);
  expect(kinds).toContain('limit');
  expect(kinds).not.toContain('dropped');
});

test('refused when full, off line, unknown, of another house, not theirs, over; the owner stays', async () => {
  const { counselors, id, visitor } = await house([1, 0, 1]);
  const [first, full, away] = counselors as [Person, Person, Person];
  await ctx.models.Duty.updateOne({ _id: away.user._id }, { $set: { presence: 'away' } });
  const far = await makeCounselor(ctx, 3, { institution: 'other' });
  for (const [as, to, code] of [
    [first, full.id, -2],
    [first, away.id, -2],
    [first, far.id, -4],
    [first, visitor.id, -4],
    [first, 'nobody', -4],
    [full, full.id, -5],
    [far, far.id, -4],
  ] as const)
    expect([to, (await transfer(as, id, to)).body.code]).toEqual([to, code]);
  expect((await transfer(visitor, id, full.id)).status).toBe(403);
  expect((await stored(id)).counselor?.toHexString()).toBe(first.id);
  expect([await seats(first), await seats(full), await seats(away)]).toEqual([[id], [], []]);
  await http(a, 'POST', `/conversation/end/${id}`, { token: visitor.token });
  await ctx.models.Duty.updateOne({ _id: away.user._id }, { $set: { presence: 'online' } });
  expect((await transfer(first, id, away.id)).body.code).toBe(-2);
  expect(await seats(away)).toEqual([]);
});

test('transfers at once on two nodes: one owner, one seat', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { counselors, id } = await house([1, 1, 1]);
    const [first, second, third] = counselors as [Person, Person, Person];
    await Promise.all(
      [second, third, second, third].map((to, index) => transfer(first, id, to.id, index % 2 ? a : b)),
    );
    const owner = (await stored(id)).counselor?.toHexString();
    const held = await Promise.all(counselors.map(async (each) => [each.id, await seats(each)] as const));
    expect(held.filter(([, list]) => list.length > 0)).toEqual([[owner, [id]]]);
  }
});

test('a transfer racing with the end leaves no seat behind', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { counselors, id, visitor } = await house([1, 1]);
    const [first, second] = counselors as [Person, Person];
    await Promise.all([
      transfer(first, id, second.id),
      http(b, 'POST', `/conversation/end/${id}`, { token: visitor.token }),
    ]);
    expect((await stored(id)).status).toBe('FINISHED');
    clock.advance(6_000);
    await sweepSeats(ctx);
    expect([await seats(first), await seats(second)]).toEqual([[], []]);
  }
});

test('cold: the same conversation waits in its old place, its clock paused, and goes on', async () => {
  const { institution, counselors, id, visitor } = await house([1]);
  const [first] = counselors as [Person];
  const before = await stored(id);
  clock.advance(20 * 60_000);
  await ctx.models.Duty.updateOne({ _id: first.user._id }, { $set: { presence: 'away' } });
  expect(await requeueConversation(ctx, before._id, first.user._id, 'HANDED_BACK')).toBe(true);
  expect(await requeueConversation(ctx, before._id, first.user._id, 'HANDED_BACK')).toBe(false);
  const waiting = await stored(id);
  expect(waiting).toMatchObject({
    status: 'WAITING',
    counselor: null,
    open: true,
    attempt: before.attempt + 1,
  });
  // Original arrival less a credit of ten minutes, not the moment of its return.
  expect(before.queueScore - waiting.queueScore).toBe(10 * 60_000);
  expect(waiting.deadlines.map(({ kind }) => kind)).toEqual(['waiting']);
  const left = 40 * 60_000;
  expect(Math.abs((waiting.limitLeftMs ?? 0) - left)).toBeLessThan(15_000);
  expect(await seats(first)).toEqual([]);
  // The visitor sees where they stand, and may go on writing.
  const place = await http(b, 'GET', `/api/v1/conversations/${id}`, { token: visitor.token });
  expect(place.body.result).toMatchObject({ status: 'WAITING', position: 1, counselor: null });
  clock.advance(15 * 60_000);
  const second = await makeCounselor(ctx, 1, { institution });
  await ctx.admissions.admit(institution);
  const again = await stored(id);
  expect(again.counselor?.toHexString()).toBe(second.id);
  expect(again.startAt).toEqual(before.startAt);
  const limit = again.deadlines.find(({ kind }) => kind === 'limit')?.at.getTime() ?? 0;
  expect(Math.abs(limit - clock.now() - left)).toBeLessThan(15_000);
  const { body } = await http(a, 'GET', `/api/v1/conversations/${id}/messages`, { token: second.token });
  expect((body.result as { seq: number; event?: string }[]).map((row) => [row.seq, row.event])).toEqual([
    [1, 'assigned'],
    [2, 'requeued'],
    [3, 'assigned'],
  ]);
});

test('the credit is capped, however often a session comes back', async () => {
  const { counselors, id } = await house([1]);
  const [first] = counselors as [Person];
  const arrival = (await stored(id)).queueScore;
  for (let round = 0; round < 6; round += 1) {
    expect(await requeueConversation(ctx, (await stored(id))._id, first.user._id, 'HANDED_BACK')).toBe(true);
    await ctx.admissions.admit((await stored(id)).institution);
  }
  expect(arrival - (await stored(id)).queueScore).toBe(30 * 60_000);
});

test('an assignment under way to somebody who is just released does not stand', async () => {
  const { institution, counselors } = await house([2]);
  const [first] = counselors as [Person];
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  await ctx.models.Duty.updateOne({ _id: first.user._id }, { $set: { maxConsults: 1 } });
  const opened = await http(a, 'PUT', '/conversation', { token: visitor.token, json: {} });
  const { id } = opened.body.result as Wire;
  const row = await stored(id);
  expect(row.status).toBe('WAITING');
  await ctx.models.Duty.updateOne({ _id: first.user._id }, { $set: { maxConsults: 2 } });
  // The first of an assignment's two steps, and then nothing more: its node was killed.
  expect(await takeSeat(ctx, first.user._id, row._id, row.attempt)).toBe(true);
  await releaseCounselor(ctx, first.user._id);
  expect(await seats(first)).toEqual([]);
  expect((await stored(id)).attempt).toBeGreaterThan(row.attempt);
});

test('what a crash left of a release is finished by the sweeper', async () => {
  const { counselors, id } = await house([1]);
  const [first] = counselors as [Person];
  await ctx.models.Duty.updateOne({ _id: first.user._id }, { $set: { enabled: false } });
  expect(await sweepDisabled(ctx)).toBe(1);
  expect((await stored(id)).status).toBe('WAITING');
  expect(await seats(first)).toEqual([]);
  expect(await sweepDisabled(ctx)).toBe(0);
});

test('the thread with a supervisor follows its session', async () => {
  const { institution, counselors, id } = await house([1, 1]);
  const [first, second] = counselors as [Person, Person];
  const supervisor = await makePerson(ctx, 'SUPERVISOR', { institution });
  const asked = await http(a, 'PUT', '/conversation/supervise', {
    token: first.token,
    json: { supervise: supervisor.id, conversationId: id },
  });
  const { id: thread } = asked.body.result as Wire;
  await transfer(first, id, second.id);
  expect((await stored(thread)).counselor?.toHexString()).toBe(second.id);
  expect((await http(a, 'GET', `/api/v1/conversations/${thread}`, { token: first.token })).status).toBe(403);
  expect((await http(a, 'GET', `/api/v1/conversations/${thread}`, { token: second.token })).status).toBe(200);
});
