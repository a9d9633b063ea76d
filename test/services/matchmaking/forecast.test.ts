/** The expected wait: played through for known seats, told while it is honest, and held against the real one. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { forecast, type ForecastChair } from '../../../services/matchmaking/forecast.js';
import { Types } from 'mongoose';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';

const MINUTE = 60_000;
const chair = (id: string, elapsed: number[], more: Partial<ForecastChair> = {}): ForecastChair => ({
  id,
  cap: elapsed.length,
  common: true,
  seats: elapsed.map((minutes) => ({
    elapsed: minutes * MINUTE,
    most: (60 - minutes) * MINUTE,
    sure: false,
  })),
  ...more,
});
const line = (...ids: string[]) => ids.map((id) => ({ id, requested: null }));
const lengths = Array.from({ length: 20 }, (_, index) => (20 + index) * MINUTE);

describe('the forecast', () => {
  test('sessions that all took half an hour leave no doubt', () => {
    const always = Array<number>(12).fill(30 * MINUTE);
    const waits = forecast(line('first', 'second', 'third'), [chair('a', [25]), chair('b', [10])], always);
    expect(waits.get('first')).toEqual({ least: 5 * MINUTE, most: 5 * MINUTE });
    expect(waits.get('second')).toEqual({ least: 20 * MINUTE, most: 20 * MINUTE });
    // The seat that the first one takes and leaves again.
    expect(waits.get('third')).toEqual({ least: 35 * MINUTE, most: 35 * MINUTE });
  });

  test('who asked for somebody waits for them, and nobody else does', () => {
    const always = Array<number>(12).fill(30 * MINUTE);
    const named = { id: 'named', requested: 'b' };
    const waits = forecast(
      [...line('common'), named],
      [chair('a', [25]), chair('b', [5], { common: false })],
      always,
    );
    expect(waits.get('common')?.most).toBe(5 * MINUTE);
    expect(waits.get('named')?.least).toBe(25 * MINUTE);
  });

  test('nothing is said while too little is known, and of who gets no seat', () => {
    expect(forecast(line('first'), [chair('a', [1])], lengths.slice(0, 9)).size).toBe(0);
    expect(forecast(line('first'), [], lengths).size).toBe(0);
    const away = { id: 'first', requested: 'not here' };
    expect(forecast([away], [chair('a', [1])], lengths).has('first')).toBe(false);
  });

  test('a cap that was lowered gives no seat back before its turn; a wrap-up ends when it ends', () => {
    const always = Array<number>(12).fill(30 * MINUTE);
    const lowered = chair('a', [25, 15], { cap: 1 });
    expect(forecast(line('first'), [lowered], always).get('first')?.least).toBe(15 * MINUTE);
    const resting = { id: 'a', cap: 1, common: true, seats: [{ elapsed: 0, most: MINUTE, sure: true }] };
    expect(forecast(line('first'), [resting], always).get('first')?.most).toBe(MINUTE);
  });

  test('in order: nobody of one line is expected sooner than who stands before them; always the same answer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 1, max: 12 }),
        (seats, count) => {
          const chairs = seats.map((elapsed, index) => chair(String(index), elapsed));
          const people = line(...Array.from({ length: count }, (_, index) => `p${String(index)}`));
          const waits = forecast(people, chairs, lengths);
          const ranges = people.map(({ id }) => waits.get(id)!);
          for (const [index, { least, most }] of ranges.entries()) {
            expect(least).toBeLessThanOrEqual(most);
            expect(least).toBeGreaterThanOrEqual(ranges[index - 1]?.least ?? 0);
            expect(most).toBeGreaterThanOrEqual(ranges[index - 1]?.most ?? 0);
          }
          expect(forecast(people, chairs, lengths)).toEqual(waits);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('what a visitor is told', () => {
  let hotline: Hotline;
  let clock: TestClock;
  beforeAll(async () => {
    clock = testClock();
    hotline = await startHotline({ clock, env: { FACES: 'server' } });
  });
  afterAll(() => hotline.stop());

  const open = async (visitor: Person, json: object = {}) =>
    (await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json })).body.result as {
      id: string;
      status: string;
      wait: number | null;
      waitLeast: number | null;
    };
  async function past(institution: string): Promise<void> {
    const now = clock.now();
    await hotline.node.ctx.models.Conversation.create(
      Array.from({ length: 12 }, (_, index) => ({
        type: 'COUNSELING_SESSION' as const,
        status: 'FINISHED' as const,
        institution,
        key: new Types.ObjectId(),
        visitor: new Types.ObjectId(),
        startAt: new Date(now - (index + 3) * 3_600_000),
        endAt: new Date(now - (index + 3) * 3_600_000 + 20 * MINUTE),
        duration: 20 * 60,
      })),
    );
  }

  test('a range of minutes once sessions are known, nothing before, nothing without anybody on line', async () => {
    const { ctx } = hotline.node;
    const institution = 'other';
    const counselor = await makeCounselor(ctx, 1, { institution });
    const people = await Promise.all([1, 2, 3].map(() => makePerson(ctx, 'VISITOR', { institution })));
    const [served, asks, waits] = people as [Person, Person, Person];
    const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
    await past(institution);
    const session = await open(served);
    expect(session).toMatchObject({ status: 'IN_PROGRESS', wait: null, waitLeast: null });
    // Twenty minutes is what sessions take here.
    expect(await open(waits)).toMatchObject({ status: 'WAITING', wait: 20 * 60, waitLeast: 19 * 60 });
    const away = await makeCounselor(ctx, 1, { institution });
    await ctx.models.Duty.updateOne({ _id: away.user._id }, { $set: { presence: 'offline' } });
    expect(await open(asks, { counselor: away.id })).toMatchObject({ wait: null, waitLeast: null });
    clock.advance(19.5 * MINUTE);
    await http(hotline.node.url, 'POST', `/conversation/end/${session.id}`, { token: counselor.token });
    const judged = await http(hotline.node.url, 'GET', '/api/v1/queue/forecasts', { token: admin.token });
    expect(judged.body.result).toMatchObject({ told: 1, served: 1, within: 1, sooner: 0, later: 0 });
  });

  test('an institution without a past is told nothing', async () => {
    const counselor = await makeCounselor(hotline.node.ctx, 0);
    const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
    expect(await open(visitor, { counselor: counselor.id })).toMatchObject({ wait: null, waitLeast: null });
  });
});
