import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { arrangeDay } from '../../../services/roster/arrange-day.js';
import { arrangeWeekly, nextSpans } from '../../../services/roster/arrange-weekly.js';
import { addDays, dayOf, isoWeekday, startOfDay } from '../../../services/roster/day.js';
import { dutyDays, nextDutyDays } from '../../../services/roster/duty-days.js';
import { removeArrange } from '../../../services/roster/remove.js';
import { rosteredCounselors } from '../../../services/roster/rostered.js';
import { NOW, openScene, refusal, type Scene } from './scene.js';

type Person = Awaited<ReturnType<Scene['user']>>;

let scene: Scene;
let admin: Person;
let counselor: Person;
let supervisor: Person;
let visitor: Person;

beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  scene.clock.set(NOW);
  await scene.models.Arrange.deleteMany({});
  await scene.models.WeeklyRule.deleteMany({});
  await scene.models.User.deleteMany({});
  admin = await scene.user('INSTITUTION_ADMINISTRATOR');
  counselor = await scene.user('COUNSELOR');
  supervisor = await scene.user('SUPERVISOR');
  visitor = await scene.user('VISITOR');
  scene.clock.pass(10_000);
});

const day = (users: string[], timestamp = NOW, actor = admin.actor) =>
  arrangeDay(scene.ctx, actor, { timestamp, users });
const weekly = (weekDays: number[], user = counselor.id, actor = admin.actor) =>
  arrangeWeekly(scene.ctx, actor, { weekDays, user });
const days = async (from: string, count: number, user?: Person) =>
  (await dutyDays(scene.ctx, { institution: 'ecnu', from, days: count }))
    .filter((row) => user === undefined || row.user.toHexString() === user.id)
    .map((row) => row.day);

describe('22: a day', () => {
  test('adds people; repeating, and the same one twice, changes nothing', async () => {
    const first = await day([counselor.id, supervisor.id, counselor.id.toUpperCase()]);
    expect(first).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        timestamp: startOfDay('2026-03-05'),
        user: { id: counselor.id, name: counselor.row.name, type: 'COUNSELOR' },
      },
      expect.objectContaining({ user: expect.objectContaining({ id: supervisor.id }) }),
    ]);
    expect(await day([counselor.id, supervisor.id])).toEqual(first);
    expect(await scene.models.Arrange.countDocuments()).toBe(2);
  });

  test('any moment of the Shanghai day means that day, past ones too', async () => {
    const start = startOfDay('2021-06-25');
    await day([counselor.id], start);
    await day([counselor.id], start + 86_399_999);
    expect(await scene.models.Arrange.countDocuments()).toBe(1);
    expect(await days('2021-06-25', 1)).toEqual(['2021-06-25']);
  });

  test('twenty at once leave one row a person', async () => {
    await Promise.all(Array.from({ length: 20 }, () => day([counselor.id, supervisor.id])));
    expect(await scene.models.Arrange.countDocuments()).toBe(2);
  });

  test('one unknown, deleted, foreign, visiting or administrating person and nothing is written', async () => {
    const foreign = await scene.user('COUNSELOR', { institution: 'other' });
    const deleted = await scene.user('COUNSELOR', { deleted: true });
    expect(await refusal(day([counselor.id, 'f'.repeat(24)]))).toBe('NOT_FOUND');
    expect(await refusal(day([counselor.id, '402881447a3cf9cb017a3cf9d2580023']))).toBe('NOT_FOUND');
    expect(await refusal(day([counselor.id, foreign.id]))).toBe('NOT_FOUND');
    expect(await refusal(day([counselor.id, deleted.id]))).toBe('NOT_FOUND');
    expect(await refusal(day([counselor.id, visitor.id]))).toBe('BAD_INPUT');
    expect(await refusal(day([counselor.id, admin.id]))).toBe('BAD_INPUT');
    expect(await scene.models.Arrange.countDocuments()).toBe(0);
  });

  test('who may: supervisors and admins; a system admin in every institution', async () => {
    const system = await scene.user('SYSTEM_ADMINISTRATOR');
    const foreign = await scene.user('COUNSELOR', { institution: 'other' });
    expect(await refusal(day([counselor.id], NOW, counselor.actor))).toBe('FORBIDDEN');
    expect(await refusal(day([counselor.id], NOW, visitor.actor))).toBe('FORBIDDEN');
    expect(await day([counselor.id], NOW, supervisor.actor)).toHaveLength(1);
    expect(await day([foreign.id], NOW, system.actor)).toHaveLength(1);
    expect(await scene.models.Arrange.findOne({ user: foreign.row._id }).lean()).toMatchObject({
      institution: 'other',
    });
  });
});

describe('23: a weekly rule', () => {
  test('answers its days of the coming four weeks, and goes on without end', async () => {
    const rows = await weekly([1, 3, 5]);
    expect(rows).toHaveLength(12);
    expect(rows.map((row) => isoWeekday(dayOf(row.timestamp)))).toEqual([5, 1, 3, 5, 1, 3, 5, 1, 3, 5, 1, 3]);
    expect(rows[0]).toMatchObject({ timestamp: startOfDay('2026-03-06'), user: { id: counselor.id } });
    // Monday ten years on.
    expect(await days('2036-03-03', 7)).toEqual(['2036-03-03', '2036-03-05', '2036-03-07']);
    // It does not reach back.
    expect(await days('2026-02-23', 10)).toEqual([]);
  });

  test('0 and 7 are both Sunday', async () => {
    const rows = await weekly([0, 7]);
    expect(rows.map((row) => dayOf(row.timestamp))).toEqual([
      '2026-03-08',
      '2026-03-15',
      '2026-03-22',
      '2026-03-29',
    ]);
  });

  test('a new rule replaces the old one from today on; what was stays', async () => {
    await weekly([4]);
    scene.clock.set(startOfDay('2026-03-16'));
    await weekly([1]);
    expect(await days('2026-03-01', 31, counselor)).toEqual([
      '2026-03-05',
      '2026-03-12',
      '2026-03-16',
      '2026-03-23',
      '2026-03-30',
    ]);
    scene.clock.set(startOfDay('2026-03-24'));
    expect(await weekly([])).toEqual([]);
    expect(await days('2026-03-01', 365)).toEqual(['2026-03-05', '2026-03-12', '2026-03-16', '2026-03-23']);
  });

  test('days of 22 stay through any change of the rule, also one that the rule gave too', async () => {
    await weekly([5]);
    await day([counselor.id], startOfDay('2026-03-06'));
    await day([counselor.id], startOfDay('2026-03-10'));
    await weekly([]);
    expect(await days('2026-03-05', 60)).toEqual(['2026-03-06', '2026-03-10']);
  });

  test('unknown -4, visitor -2, others refused; twenty changes at once leave one whole rule', async () => {
    expect(await refusal(weekly([1], 'nobody'))).toBe('NOT_FOUND');
    expect(await refusal(weekly([1], visitor.id))).toBe('BAD_INPUT');
    expect(await refusal(weekly([1], counselor.id, counselor.actor))).toBe('FORBIDDEN');
    const at = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => weekly([(n % 7) + 1])));
    expect(at.some(({ status }) => status === 'fulfilled')).toBe(true);
    const rule = await scene.models.WeeklyRule.findById(counselor.row._id).lean();
    expect(rule?.spans).toEqual([{ from: '2026-03-05', until: null, weekDays: [expect.any(Number)] }]);
  });

  test('spans never overlap', () => {
    const first = nextSpans([], [1], '2026-03-05');
    const second = nextSpans(first, [2], '2026-03-07');
    const ended = nextSpans(second, [], '2026-03-09');
    const again = nextSpans(ended, [3], '2026-03-09');
    expect(again).toEqual([
      { from: '2026-03-05', until: '2026-03-07', weekDays: [1] },
      { from: '2026-03-07', until: '2026-03-09', weekDays: [2] },
      { from: '2026-03-09', until: null, weekDays: [3] },
    ]);
  });
});

describe('25: removing a day', () => {
  const remove = (id: string, actor = admin.actor) => removeArrange(scene.ctx, actor, id);
  const idOf = async (on: string) =>
    (await dutyDays(scene.ctx, { institution: 'ecnu', from: on, days: 1 }))[0]?.id.toHexString() ?? '';

  test('a rule’s day goes and a new rule does not bring it back; 22 does', async () => {
    const [first] = await weekly([5]);
    await remove(first?.id ?? '');
    expect(await days('2026-03-06', 8)).toEqual(['2026-03-13']);
    await weekly([4, 5]);
    expect(await days('2026-03-05', 8)).toEqual(['2026-03-05', '2026-03-12']);
    await day([counselor.id], startOfDay('2026-03-06'));
    expect(await days('2026-03-06', 1)).toEqual(['2026-03-06']);
  });

  test('also a day far beyond four weeks, by the id that reading gives', async () => {
    await weekly([1]);
    await remove(await idOf('2036-03-03'));
    expect(await days('2036-03-03', 8)).toEqual(['2036-03-10']);
  });

  test('a day of 22 goes, and its id does not come back to life', async () => {
    await weekly([4]);
    const [row] = await day([counselor.id]);
    await remove(row?.id ?? '');
    expect(await days('2026-03-05', 1)).toEqual([]);
    expect(await refusal(remove(row?.id ?? ''))).toBe('NOT_FOUND');
  });

  test('unknown ids, other institutions’ and days off the rule: -4, and nothing changes', async () => {
    const foreign = await scene.user('COUNSELOR', { institution: 'other' });
    const system = await scene.user('SYSTEM_ADMINISTRATOR');
    const [theirs] = await day([foreign.id], NOW, system.actor);
    const [virtual] = await weekly([4], foreign.id, system.actor);
    await weekly([5]);
    const offRule = (await day([counselor.id], startOfDay('2026-04-01')))[0]?.id ?? '';
    await scene.models.Arrange.deleteMany({ user: counselor.row._id });
    for (const id of [
      'x',
      'f'.repeat(24),
      '402881447a3cf9cb017a3cf9d2580023',
      offRule,
      theirs?.id,
      virtual?.id,
    ]) {
      expect(await refusal(remove(id ?? ''))).toBe('NOT_FOUND');
    }
    expect(await refusal(remove(await idOf('2026-03-06'), counselor.actor))).toBe('FORBIDDEN');
    expect(await scene.models.Arrange.countDocuments({ removed: true })).toBe(0);
  });

  test('ten at once: one removes, the others find nothing, be it a rule’s day or one of 22', async () => {
    await weekly([5]);
    await day([counselor.id], startOfDay('2026-03-09'));
    for (const on of ['2026-03-06', '2026-03-09']) {
      const id = await idOf(on);
      const words = await Promise.all(Array.from({ length: 10 }, () => refusal(remove(id))));
      expect(words.filter((word) => word === 'it was allowed')).toHaveLength(1);
      expect(words.filter((word) => word === 'NOT_FOUND')).toHaveLength(9);
    }
  });
});

describe('who is on duty today, for matchmaking', () => {
  const today = () => rosteredCounselors(scene.ctx, 'ecnu');

  test('counselors of day rows and rules; own writes count at once', async () => {
    expect(await today()).toEqual(new Set());
    await day([counselor.id, supervisor.id]);
    expect(await today()).toEqual(new Set([counselor.id]));
    const other = await scene.user('COUNSELOR');
    const [row] = await weekly([4], other.id);
    expect(await today()).toEqual(new Set([counselor.id, other.id]));
    await removeArrange(scene.ctx, admin.actor, row?.id ?? '');
    expect(await today()).toEqual(new Set([counselor.id]));
    expect(await rosteredCounselors(scene.ctx, 'other')).toEqual(new Set());
  });

  test('another node’s change counts within two seconds, midnight at once', async () => {
    const second = scene.secondNode();
    expect(await rosteredCounselors(second, 'ecnu')).toEqual(new Set());
    await day([counselor.id]);
    expect(await rosteredCounselors(second, 'ecnu')).toEqual(new Set());
    scene.clock.pass(2_000);
    expect(await rosteredCounselors(second, 'ecnu')).toEqual(new Set([counselor.id]));
    scene.clock.set(startOfDay('2026-03-06') - 1);
    expect(await rosteredCounselors(second, 'ecnu')).toEqual(new Set([counselor.id]));
    scene.clock.pass(1);
    expect(await rosteredCounselors(second, 'ecnu')).toEqual(new Set());
  });

  test('a rule set years ago still holds', async () => {
    await weekly([4]);
    scene.clock.set(startOfDay(addDays('2026-03-05', 7 * 104)));
    expect(await today()).toEqual(new Set([counselor.id]));
  });
});

test('the next duty day of each', async () => {
  await weekly([3]);
  await day([supervisor.id], startOfDay('2026-03-09'));
  const next = await nextDutyDays(scene.ctx, 'ecnu', [counselor.id, supervisor.id, visitor.id], '2026-03-05');
  expect([...next]).toEqual([
    [supervisor.id, '2026-03-09'],
    [counselor.id, '2026-03-11'],
  ]);
});
