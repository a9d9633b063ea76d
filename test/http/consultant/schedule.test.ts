/** Second document, 排班管理: the month of an institution, own days, stops. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eligible } from '../../../services/matchmaking/eligible.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { testClock } from '../../support/clock.js';
import { makeCounselor, type Person } from '../../support/factories.js';
import { ask, register } from './client.js';

let hotline: Hotline;
let me: Person;
let colleague: Person;
let stranger: Person;
const clock = testClock();
beforeAll(async () => {
  hotline = await startHotline({ clock });
  const { ctx } = hotline.node;
  me = await makeCounselor(ctx);
  colleague = await makeCounselor(ctx);
  stranger = await makeCounselor(ctx, 5, { institution: 'other' });
});
afterAll(() => hotline.stop());

interface Who {
  userID: number;
  token: string;
}
const as = ({ user, token }: Person): Who => ({ userID: user.userID, token });
const say = (who: Who, path: string, body: Record<string, unknown> = {}) =>
  ask(hotline.node.url, `/api/consultant/schedule/${path}`, { ...who, ...body });
const update = (who: Person, date: number, work_schedules: unknown, more: Record<string, unknown> = {}) =>
  ask(hotline.node.url, '/api/consultant/schedule/work/update', {
    year: 2032,
    month: 2,
    date,
    user_id: who.user.userID,
    token: who.token,
    work_schedules,
    ...more,
  });
interface Day {
  date: number;
  schedules: { id: number; name: string; work_time: string }[];
}
const month = async (who: Who, organization: unknown = '') =>
  (await say(who, 'work', { year: '2032', month: '02', organization })).body.data as Day[];

describe('hours', () => {
  test('every day of the month, the whole institution and nobody else', async () => {
    expect((await update(me, 29, ['14:00-15:00', '09:00-11:30'])).body).toEqual({ code: 0, message: 'OK' });
    await update(colleague, 29, ['11:30-12:00']);
    await update(stranger, 29, ['08:00-09:00']);
    const days = await month(as(me));
    expect(days.map(({ date }) => date)).toEqual(Array.from({ length: 29 }, (_, index) => index + 1));
    expect(days[28]!.schedules).toEqual([
      { id: expect.any(Number), name: me.user.name, work_time: '09:00-11:30' },
      { id: expect.any(Number), name: colleague.user.name, work_time: '11:30-12:00' },
      { id: expect.any(Number), name: me.user.name, work_time: '14:00-15:00' },
    ]);
    expect(days.slice(0, 28).every(({ schedules }) => schedules.length === 0)).toBe(true);
    for (const own of ['ecnu', '测试机构', null, undefined]) expect(await month(as(me), own)).toEqual(days);
    for (const foreign of ['other', '另一机构', 'nothing']) expect(await month(as(me), foreign)).toEqual([]);
    expect((await month(as(stranger)))[28]!.schedules).toHaveLength(1);
    const alone = await register(hotline.node.ctx, hotline.node.url, 'alone');
    expect((await month(alone)).flatMap(({ schedules }) => schedules)).toEqual([]);
    // The document's table lacks userID.
    const tokenOnly = await ask(hotline.node.url, '/api/consultant/schedule/work', {
      token: me.token,
      year: 2032,
      month: 2,
      organization: '',
    });
    expect(tokenOnly.body.data).toEqual(days);
  });

  test('a day is replaced as a whole, [] clears it, also by the Authorization header', async () => {
    await update(me, 1, ['09:00-10:00']);
    await update(me, 1, ['10:00-11:00', '11:00-12:00', '23:00-24:00']);
    const first = (await month(as(me)))[0]!;
    expect(first.schedules.map(({ work_time }) => work_time)).toEqual([
      '10:00-11:00',
      '11:00-12:00',
      '23:00-24:00',
    ]);
    const cleared = await ask(
      hotline.node.url,
      '/api/consultant/schedule/work/update',
      { year: 2032, month: 2, date: 1, user_id: me.user.userID, work_schedules: [] },
      { authorization: `Bearer ${me.token}` },
    );
    expect(cleared.body.code).toBe(0);
    expect((await month(as(me)))[0]!.schedules).toEqual([]);
  });

  test('overlaps, reversed times, days that are none: 400; another’s days: 401', async () => {
    for (const times of [
      ['09:00-10:00', '09:59-11:00'],
      ['10:00-09:00'],
      ['9-10'],
      ['09:00-09:00'],
      ['25:00-26:00'],
      [1],
    ])
      expect([times, (await update(me, 2, times)).body.code]).toEqual([times, 400]);
    expect((await update(me, 30, ['09:00-10:00'])).body.code).toBe(400);
    expect((await update(me, 2, ['09:00-10:00'], { month: 13 })).body.code).toBe(400);
    expect((await update(me, 2, ['09:00-10:00'], { user_id: colleague.user.userID })).body.code).toBe(401);
    expect((await month(as(me)))[1]!.schedules).toEqual([]);
  });

  test('twenty writes of one new day at once leave exactly one of them', async () => {
    const tries = Array.from({ length: 20 }, (_, index) =>
      update(me, 3, [`${String(index).padStart(2, '0')}:00-24:00`]),
    );
    const answers = await Promise.all(tries);
    expect(answers.every(({ body }) => body.code === 0)).toBe(true);
    expect((await month(as(me)))[2]!.schedules).toHaveLength(1);
  });
});

describe('stops', () => {
  const set = (stop_schedules: unknown) => say(as(me), 'stop/update', { stop_schedules });
  const stops = async () => (await say(as(me), 'stop')).body.data as unknown;

  test('the whole list is overwritten, earliest first; own ones only', async () => {
    expect(await stops()).toEqual([]);
    const answer = await set([
      { start_time: '2032-03-05', end_time: '2032-03-06' },
      { start_time: '2032-03-01 09:00', end_time: '2032-03-01 12:30:15' },
    ]);
    expect(answer.body).toEqual({ code: 0, message: 'OK' });
    const { name } = me.user;
    expect(await stops()).toEqual([
      { name, start_time: '2032-03-01 09:00:00', end_time: '2032-03-01 12:30:15' },
      { name, start_time: '2032-03-05 00:00:00', end_time: '2032-03-07 00:00:00' },
    ]);
    expect((await say(as(colleague), 'stop')).body.data).toEqual([]);
    const order = await ask(hotline.node.url, '/api/consultant/orders/create', {
      ...as(me),
      name: '李一',
      age: '20',
      gender: '男',
      type: '在线咨询',
      date: '2032-03-06',
      time: '23:00-24:00',
      contact: 'wx1',
      key_word: [],
    });
    expect(order.body.code).toBe(409);
    for (const wrong of [
      [{ start_time: '2032-03-02', end_time: '2032-03-01' }],
      [{ start_time: '2032-02-30', end_time: '2032-03-01' }],
      [{ start_time: '2032-03-01 10:00', end_time: '2032-03-01 10:00' }],
      [{ start_time: '', end_time: '' }],
      'x',
      null,
    ])
      expect([wrong, (await set(wrong)).body.code]).toEqual([wrong, 400]);
    expect(await stops()).toHaveLength(2);
    expect((await set([])).body.code).toBe(0);
    expect(await stops()).toEqual([]);
  });

  test('take a counselor out of matchmaking for that time, and only then', async () => {
    const { ctx } = hotline.node;
    const at = (minutes: number) => new Date(clock.now() + minutes * 60_000);
    const candidates = async () =>
      (await eligible(ctx, 'ecnu', await ctx.policies.get('ecnu'))).map(({ id }) => id);
    expect(await candidates()).toContain(me.id);
    await ctx.models.Calendar.updateOne(
      { _id: me.user._id },
      {
        $set: {
          stops: [
            { from: at(10), to: at(20) },
            { from: at(-20), to: at(-10) },
          ],
        },
      },
    );
    expect(await candidates()).toContain(me.id);
    clock.advance(10 * 60_000);
    expect(await candidates()).not.toContain(me.id);
    expect(await candidates()).toContain(colleague.id);
    clock.advance(10 * 60_000);
    expect(await candidates()).toContain(me.id);
  });
});
