import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { ListTheDay } from '../../../contract/arrange.js';
import type { Presence } from '../../../contract/enums.js';
import { arrangeDay } from '../../../services/roster/arrange-day.js';
import { arrangeWeekly } from '../../../services/roster/arrange-weekly.js';
import { startOfDay } from '../../../services/roster/day.js';
import { removeArrange } from '../../../services/roster/remove.js';
import { listTheDay } from '../../../services/roster/the-day.js';
import { NOW, openScene, type Scene } from './scene.js';

type Person = Awaited<ReturnType<Scene['user']>>;

let scene: Scene;
let system: Person;
let visitor: Person;

beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  const { Arrange, WeeklyRule, User, Duty, Conversation } = scene.models;
  for (const model of [Arrange, WeeklyRule, User, Duty, Conversation]) await model.collection.deleteMany({});
  system = await scene.user('SYSTEM_ADMINISTRATOR');
  visitor = await scene.user('VISITOR');
});

async function onDuty(people: Person[], timestamp = NOW) {
  return arrangeDay(scene.ctx, system.actor, { timestamp, users: people.map(({ id }) => id) });
}
async function seats(person: Person, presence: Presence, taken: number, maxConsults = 4) {
  await scene.models.Duty.create({
    _id: person.row._id,
    institution: 'ecnu',
    maxConsults,
    presence,
    presenceAt: new Date(NOW),
    idleSince: new Date(NOW),
    seats: Array.from({ length: taken }, () => ({
      conversation: new Types.ObjectId(),
      state: 'OPEN',
      attempt: 1,
      at: new Date(NOW),
    })),
  });
}
/** As the document's URL sends it: strings, and empty ones. */
const list = (query: Record<string, unknown> = {}, actor = visitor.actor) =>
  listTheDay(
    scene.ctx,
    actor,
    ListTheDay.parse({ timestamp: String(NOW), type: 'COUNSELOR', state: '', page: '', size: '', ...query }),
  );

describe('24: who is on duty on a day', () => {
  test('all who are rostered, each with state, seats and how many wait for them', async () => {
    const [idle, busy, unknown] = [
      await scene.user('COUNSELOR'),
      await scene.user('COUNSELOR'),
      await scene.user('COUNSELOR'),
    ];
    await seats(idle, 'online', 1);
    await seats(busy, 'busy', 4);
    const [first] = await onDuty([idle, busy, unknown]);
    const waiting = { status: 'WAITING' as const, open: true as const, startAt: null, endAt: null };
    for (let n = 0; n < 2; n += 1) {
      await scene.conversation({ ...waiting, visitor: new Types.ObjectId(), requested: busy.row._id });
    }
    await scene.conversation({ visitor: visitor.row._id, requested: busy.row._id });
    await scene.conversation({ ...waiting, visitor: new Types.ObjectId(), requested: null });
    const { rows, count, next } = await list();
    expect({ count, next }).toEqual({ count: 3, next: null });
    expect(rows[0]).toEqual({
      id: first?.id,
      timestamp: startOfDay('2026-03-05'),
      user: expect.objectContaining({ id: idle.id, name: idle.row.name, state: 'online' }),
      state: 'online',
      activeCount: 1,
      maxConsults: 4,
      waiting: 0,
    });
    expect(rows[1]).toMatchObject({ user: { id: busy.id }, state: 'busy', activeCount: 4, waiting: 2 });
    expect(rows[2]).toMatchObject({
      user: { id: unknown.id },
      state: 'offline',
      activeCount: 0,
      maxConsults: 5,
      waiting: 0,
    });
  });

  test('those on line first, then oldest user first', async () => {
    const people: Person[] = [];
    for (let n = 0; n < 5; n += 1) people.push(await scene.user('COUNSELOR'));
    const [a, b, c, d, e] = people as [Person, Person, Person, Person, Person];
    await seats(a, 'away', 0);
    await seats(c, 'online', 0);
    await seats(d, 'busy', 0);
    await seats(e, 'online', 0);
    await onDuty([e, d, c, b, a]);
    expect((await list()).rows.map((row) => row.user.id)).toEqual([c, e, d, a, b].map(({ id }) => id));
  });

  test('one type, one state, one institution, and nobody deleted, disabled, removed or of another role by now', async () => {
    const here = await scene.user('COUNSELOR');
    const supervisor = await scene.user('SUPERVISOR');
    const foreign = await scene.user('COUNSELOR', { institution: 'other' });
    const gone = [
      await scene.user('COUNSELOR'),
      await scene.user('COUNSELOR'),
      await scene.user('COUNSELOR'),
    ];
    const removed = await scene.user('COUNSELOR');
    const rows = await onDuty([here, supervisor, foreign, ...gone, removed]);
    await removeArrange(scene.ctx, system.actor, rows.at(-1)?.id ?? '');
    const changes = [{ deleted: true }, { enabled: false }, { role: 'SUPERVISOR' as const }];
    for (const [n, change] of changes.entries()) {
      await scene.models.User.updateOne({ _id: gone[n]?.row._id }, { $set: change });
    }
    await seats(here, 'online', 0);
    const ids = async (query: Record<string, unknown>) => (await list(query)).rows.map((row) => row.user.id);
    expect(await ids({})).toEqual([here.id]);
    expect(await ids({ type: 'SUPERVISOR' })).toEqual([supervisor.id]);
    expect(await ids({ state: 'online' })).toEqual([here.id]);
    expect(await ids({ state: 'offline' })).toEqual([]);
    expect(await ids({ timestamp: NOW + 86_400_000 })).toEqual([]);
  });

  test('days of a weekly rule, beyond four weeks too; looking writes nothing', async () => {
    const counselor = await scene.user('COUNSELOR');
    await arrangeWeekly(scene.ctx, system.actor, { weekDays: [1], user: counselor.id });
    const far = startOfDay('2031-03-03') + 5_000;
    const first = await list({ timestamp: far });
    expect(first.rows).toMatchObject([{ timestamp: startOfDay('2031-03-03'), user: { id: counselor.id } }]);
    expect(await list({ timestamp: far })).toEqual(first);
    expect(await scene.models.Arrange.countDocuments()).toBe(0);
    await removeArrange(scene.ctx, system.actor, first.rows[0]?.id ?? '');
    expect((await list({ timestamp: far })).count).toBe(0);
  });

  test('pages: 0 and 1 are the first, count is all, next null on the last', async () => {
    const people: Person[] = [];
    for (let n = 0; n < 5; n += 1) people.push(await scene.user('COUNSELOR'));
    await onDuty(people);
    const page = async (number: number) => {
      const { rows, count, next } = await list({ page: number, size: 2 });
      return { ids: rows.map((row) => people.findIndex(({ id }) => id === row.user.id)), count, next };
    };
    expect(await page(0)).toEqual({ ids: [0, 1], count: 5, next: 2 });
    expect(await page(1)).toEqual({ ids: [0, 1], count: 5, next: 2 });
    expect(await page(2)).toEqual({ ids: [2, 3], count: 5, next: 3 });
    expect(await page(3)).toEqual({ ids: [4], count: 5, next: null });
    expect(await page(9)).toEqual({ ids: [], count: 5, next: null });
  });
});
