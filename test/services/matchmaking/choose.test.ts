/** The choice of who goes to whom, against what it promises, for any line and any counselors. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MATCHING_ORDERS } from '../../../contract/enums.js';
import { choose, type Chair, type Waiter } from '../../../services/matchmaking/choose.js';

const NOW = 1_000_000;
const ids = ['a', 'b', 'c', 'd'];
const chair = fc.record({
  taken: fc.nat(3),
  room: fc.nat(2),
  common: fc.boolean(),
  idleSince: fc.nat(1_000),
  assignedAt: fc.nat(1_000),
  skills: fc.subarray(['grief', 'exam']),
  languages: fc.subarray(['zh', 'en']),
  gender: fc.constantFrom('女', '男', null),
});
const chairs = fc
  .tuple(chair, chair, chair, chair)
  .map((all) =>
    all.map((each, index): Chair => ({ ...each, id: ids[index] ?? '', cap: each.taken + each.room + 1 })),
  );
const wish = fc.record({
  skill: fc.constantFrom('grief', null),
  language: fc.constantFrom('en', null),
  gender: fc.constantFrom('女', null),
});
const line = fc
  .array(
    fc.record({
      requested: fc.option(fc.constantFrom(...ids)),
      preferred: fc.option(fc.constantFrom(...ids)),
      wish: fc.option(wish),
      wishUntil: fc.constantFrom(NOW - 1, NOW + 1),
      offered: fc.subarray(ids).map((each) => new Set(each)),
      ahead: fc.constantFrom('情况紧急', null),
      fellBack: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((all) => all.map((each, index): Waiter => ({ ...each, id: `w${String(index)}` })));
const order = fc.constantFrom(...MATCHING_ORDERS);

test('nobody gets more than they have room for, and nobody is given twice', () => {
  fc.assert(
    fc.property(line, chairs, order, (waiters, seats, matching) => {
      const choices = choose(waiters, seats, matching, NOW);
      expect(new Set(choices.map(({ waiter }) => waiter)).size).toBe(choices.length);
      for (const { id, room } of seats)
        expect(choices.filter((choice) => choice.chair === id).length).toBeLessThanOrEqual(room);
    }),
    { numRuns: 2_000 },
  );
});

test('a named visitor goes to nobody else, and before anybody of the common line', () => {
  fc.assert(
    fc.property(line, chairs, order, (waiters, seats, matching) => {
      const choices = new Map(choose(waiters, seats, matching, NOW).map((each) => [each.waiter, each.chair]));
      for (const waiter of waiters.filter(({ requested }) => requested !== null)) {
        const given = choices.get(waiter.id);
        if (given !== undefined) expect(given).toBe(waiter.requested);
        else {
          // Whoever has that counselor instead asked for them by name, too, and came before.
          const seat = seats.find(({ id }) => id === waiter.requested);
          const holders = waiters.filter(({ id }) => choices.get(id) === waiter.requested);
          expect(holders).toHaveLength(seat?.room ?? 0);
          expect(holders.every((each) => each.requested === waiter.requested && each.id < waiter.id)).toBe(
            true,
          );
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test('nobody of the common line waits beside a free counselor, but for a wish or an offer that others have yet to get', () => {
  fc.assert(
    fc.property(line, chairs, order, (waiters, seats, matching) => {
      const choices = choose(waiters, seats, matching, NOW);
      const served = new Set(choices.map(({ waiter }) => waiter));
      const free = seats.filter(
        ({ id, room, common }) => common && choices.filter((each) => each.chair === id).length < room,
      );
      for (const waiter of waiters) {
        if (waiter.requested !== null || served.has(waiter.id)) continue;
        if (free.length === 0) continue;
        const unasked = free.filter(({ id }) => !waiter.offered.has(id));
        const mayWish = waiter.wish !== null && waiter.wishUntil > NOW;
        const othersFirst =
          unasked.length === 0 && seats.some((seat) => seat.common && !waiter.offered.has(seat.id));
        expect(mayWish || othersFirst).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('each order does what its name says, and the sentence says why', () => {
  const seat = (id: string, part: Partial<Chair>): Chair => ({
    ...{ id, taken: 0, cap: 4, room: 4, common: true, idleSince: 0, assignedAt: 0 },
    ...{ skills: [], languages: [], gender: null },
    ...part,
  });
  const someone: Waiter = {
    ...{ id: 'w', requested: null, preferred: null, wish: null, wishUntil: 0 },
    ...{ offered: new Set<string>(), ahead: null, fellBack: false },
  };
  const seats = [
    seat('a', { taken: 1, room: 3, idleSince: 1, assignedAt: 9 }),
    seat('b', { taken: 0, idleSince: 5, assignedAt: 8 }),
    seat('c', { taken: 2, room: 2, idleSince: 0, assignedAt: 1 }),
  ];
  const first = (matching: (typeof MATCHING_ORDERS)[number], waiter = someone) =>
    choose([waiter], seats, matching, NOW)[0];
  expect(first('least-loaded')?.chair).toBe('b');
  expect(first('longest-idle')?.chair).toBe('b');
  expect(first('round-robin')?.chair).toBe('c');
  expect(first('least-loaded', { ...someone, preferred: 'c' })).toMatchObject({
    chair: 'c',
    why: expect.stringContaining('曾接待过'),
  });
  expect(first('least-loaded', { ...someone, ahead: '情况紧急' })?.why).toBe(
    '情况紧急；在线且空位最多的咨询师',
  );
  expect(first('least-loaded')?.why).toBe('在线且空位最多的咨询师，按到达先后接入');
  expect(first('least-loaded', { ...someone, requested: 'a' })?.why).toBe('访客指定了该咨询师');
});
