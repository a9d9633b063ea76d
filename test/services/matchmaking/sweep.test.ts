/** The sweep of seats (I7, I8): what a dead node left standing is freed, what a conversation still holds stays. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Seat } from '../../../models/duty.js';
import { sweepSeats } from '../../../services/matchmaking/sweep.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';

let hotline: Hotline;
beforeAll(async () => {
  // No worker: nobody else sweeps.
  hotline = await startHotline({ env: { FACES: 'server' } });
});
afterAll(() => hotline.stop());

const LONG_AGO = 10_000;
const ctx = () => hotline.node.ctx;
const seatsOf = async (counselor: Person) =>
  (await ctx().models.Duty.findById(counselor.id).lean().orFail()).seats.map(({ conversation, state }) => ({
    id: conversation.toHexString(),
    state,
  }));
const rowOf = (id: string) => ctx().models.Conversation.findById(id).lean().orFail();

/** Somebody who asked for this counselor. */
async function visit(counselor: Person): Promise<string> {
  const visitor = await makePerson(ctx(), 'VISITOR', { institution: counselor.user.institution });
  const { body } = await http(hotline.node.url, 'PUT', '/conversation', {
    token: visitor.token,
    json: { counselor: counselor.id },
  });
  return (body.result as { id: string }).id;
}

/** A seat as a node left it that died, `age` milliseconds ago. */
async function leaveSeat(counselor: Person, id: string, state: Seat['state'], age = LONG_AGO): Promise<void> {
  const { _id, attempt } = await rowOf(id);
  const seat = { conversation: _id, state, attempt, at: new Date(ctx().clock.now() - age) };
  await ctx().models.Duty.updateOne({ _id: counselor.user._id }, { $push: { seats: seat } });
}

const ageSeats = (counselor: Person, changes: object = {}) =>
  ctx().models.Duty.updateOne(
    { _id: counselor.user._id },
    { $set: { 'seats.$[].at': new Date(ctx().clock.now() - LONG_AGO), ...changes } },
  );

test.each(['ecnu', 'elsewhere'])(
  'the seat of a conversation that is over goes to who waits (%s)',
  async (institution) => {
    const counselor = await makeCounselor(ctx(), 1, { institution });
    const served = await visit(counselor);
    const waiting = await visit(counselor);
    expect((await rowOf(waiting)).status).toBe('WAITING');
    // A node died between the end and the seat.
    await ctx().models.Conversation.updateOne({ _id: served }, { $set: { status: 'FINISHED', open: false } });
    await ageSeats(counselor);
    expect(await sweepSeats(ctx())).toBe(1);
    expect(await seatsOf(counselor)).toEqual([{ id: waiting, state: 'OPEN' }]);
    expect((await rowOf(waiting)).status).toBe('IN_PROGRESS');
  },
);

test("a seat of somebody else's conversation is withdrawn, theirs stays", async () => {
  const [holder, other] = [await makeCounselor(ctx(), 1), await makeCounselor(ctx(), 2)];
  const id = await visit(holder);
  await ageSeats(holder);
  await leaveSeat(other, id, 'OPEN');
  expect(await sweepSeats(ctx())).toBe(1);
  expect(await seatsOf(other)).toEqual([]);
  expect(await seatsOf(holder)).toEqual([{ id, state: 'OPEN' }]);
});

test('a seat that was offered and taken becomes an open one', async () => {
  const counselor = await makeCounselor(ctx(), 1);
  const id = await visit(counselor);
  await ageSeats(counselor, { 'seats.$[].state': 'OFFERED' });
  expect(await sweepSeats(ctx())).toBe(0);
  expect(await seatsOf(counselor)).toEqual([{ id, state: 'OPEN' }]);
});

test('a seat stays offered while its offer stands, and is withdrawn without one', async () => {
  const counselor = await makeCounselor(ctx(), 0);
  const [offered, alone] = [await visit(counselor), await visit(counselor)];
  await leaveSeat(counselor, offered, 'OFFERED');
  await leaveSeat(counselor, alone, 'OFFERED');
  const at = new Date(ctx().clock.now());
  const offer = { counselor: counselor.user._id, at, until: new Date(at.getTime() + 60_000) };
  await ctx().models.Conversation.updateOne({ _id: offered }, { $set: { offer } });
  expect(await sweepSeats(ctx())).toBe(1);
  expect(await seatsOf(counselor)).toEqual([{ id: offered, state: 'OFFERED' }]);
  // The slow second step of that assignment finds another attempt.
  expect((await rowOf(alone)).attempt).toBeGreaterThan((await rowOf(offered)).attempt);
});

test('a seat that has just been taken waits for its conversation, beside an old one that stays', async () => {
  const counselor = await makeCounselor(ctx(), 1);
  const [served, waiting] = [await visit(counselor), await visit(counselor)];
  await ageSeats(counselor);
  await leaveSeat(counselor, waiting, 'OPEN', 0);
  expect(await sweepSeats(ctx())).toBe(0);
  expect((await seatsOf(counselor)).map(({ id }) => id)).toEqual([served, waiting]);
});
