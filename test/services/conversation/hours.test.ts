/** Opening hours from the roster: open with somebody on it, otherwise a clear answer with the crisis lines. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setPolicy } from '../../../services/policy/policy.js';
import { addDays, dayOf, startOfDay } from '../../../services/roster/day.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';

const HOUR = 3_600_000;
let hotline: Hotline;
let clock: TestClock;
beforeAll(async () => {
  clock = testClock();
  // A day that nobody else's fixtures know, ten in the morning in Beijing.
  clock.advance(startOfDay(addDays(dayOf(clock.now()), 3)) + 10 * HOUR - clock.now());
  hotline = await startHotline({ clock, env: { FACES: 'server' } });
});
afterAll(() => hotline.stop());

const open = async (visitor: Person) =>
  (await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json: {} })).body;
const hours = async () =>
  (await http(hotline.node.url, 'GET', '/api/v1/hours?institution=ecnu')).body.result as {
    open: boolean;
    opensAt: number | null;
    closesAt: number | null;
    emergency: { phone: string }[];
  };
const visitor = () => makePerson(hotline.node.ctx, 'VISITOR');

test('always open unless the institution says otherwise', async () => {
  expect(await hours()).toMatchObject({ open: true, opensAt: null, closesAt: null });
  expect((await open(await visitor())).code).toBe(0);
});

test('by the roster: open with a counselor on it and within the hours; else when again, and the crisis lines', async () => {
  const { ctx } = hotline.node;
  const today = dayOf(clock.now());
  const [early, later] = [await visitor(), await visitor()];
  await setPolicy(ctx, 'ecnu', { opening: 'roster', openFrom: '09:00', openUntil: '18:00' });
  // Nobody is on the roster for weeks.
  expect(await hours()).toMatchObject({ open: false, opensAt: null });
  const refused = await open(early);
  expect(refused).toMatchObject({ code: -2, result: null });
  expect(refused.message).toContain('12356');

  const counselor = await makeCounselor(ctx, 3);
  const duty = (day: string) =>
    ctx.models.Arrange.create({ user: counselor.user._id, role: 'COUNSELOR', institution: 'ecnu', day });
  await duty(addDays(today, 2));
  const opensAt = startOfDay(addDays(today, 2)) + 9 * HOUR;
  expect(await hours()).toMatchObject({ open: false, opensAt });
  expect((await open(early)).message).toContain('09:00');

  clock.advance(opensAt - 60_000 - clock.now());
  expect(await hours()).toMatchObject({ open: false, opensAt });
  clock.advance(120_000);
  expect(await hours()).toMatchObject({ open: true, closesAt: opensAt + 9 * HOUR });
  const first = await open(early);
  expect(first.result).toMatchObject({ status: 'IN_PROGRESS' });
  clock.advance(9 * HOUR);
  expect(await hours()).toMatchObject({ open: false, opensAt: null });
  expect((await open(later)).code).toBe(-2);
  // What is open stays open.
  expect((await open(early)).result).toMatchObject({ id: first.result.id });
});
