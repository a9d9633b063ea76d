/** Each series against a brute-force oracle over generated data, and over the wire against the same oracle. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { ask } from '../../http/consultant/client.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { testClock } from '../../support/clock.js';
import { makeCounselor, type Person } from '../../support/factories.js';

/** 15 June 2029, 00:30 in Shanghai: still the 14th in UTC and in New York. */
const NOW = Date.UTC(2029, 5, 14, 16, 30);
const clock = testClock();
let hotline: Hotline;
let me: Person;
beforeAll(async () => {
  clock.advance(NOW - Date.now());
  hotline = await startHotline({ clock });
  me = await makeCounselor(hotline.node.ctx);
});
afterAll(() => hotline.stop());

const say = async (name: string) =>
  (
    await ask(hotline.node.url, `/api/consultant/dashboard/${name}`, {
      userID: String(me.user.userID),
      token: me.token,
    })
  ).body;

/** A small generator with a seed, so that a failure can be had again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Made {
  person: number;
  gender: string;
  age: number;
  type: string;
  status: string;
  amount: number;
  /** Shanghai wall clock. */
  year: number;
  month: number;
  date: number;
  minute: number;
  length: number;
  /** Hours before (negative: after) now at which it was committed. */
  committed: number;
}

const pad = (value: number) => String(value).padStart(2, '0');
const dayText = (made: Made) => `${String(made.year)}-${pad(made.month)}-${pad(made.date)}`;
/** Shanghai is eight hours ahead of UTC, all year. */
const utc = (made: Made, minute: number) =>
  new Date(Date.UTC(made.year, made.month - 1, made.date, -8, minute));

async function generate(count: number): Promise<Made[]> {
  const next = random(8_620);
  const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
  const all = Array.from({ length: count }, (): Made => ({
    person: next(60),
    gender: pick(['男', '女', '其他']),
    age: next(80),
    type: pick(['在线咨询', '线下咨询']),
    status: pick(['PENDING', 'WAITING', 'IN_PROGRESS', 'FINISHED', 'REJECTED']),
    amount: next(50_000),
    year: pick([2028, 2029, 2029, 2029, 2030]),
    month: 1 + next(12),
    date: 1 + next(28),
    minute: next(23 * 60),
    length: pick([30, 50, 60, 90, 120]),
    committed: next(60) - 10,
  }));
  await hotline.node.ctx.models.Order.insertMany(
    all.map((made, index) => ({
      _id: new Types.ObjectId(),
      caseID: 1_000_000 + index,
      number: String(index),
      // One in seven is a colleague's and counts nowhere.
      consultant: index % 7 === 0 ? new Types.ObjectId() : me.user._id,
      institution: 'ecnu',
      person: `p${String(made.person)}`,
      gender: made.gender,
      age: made.age % 2 ? String(made.age) : `${String(made.age)}岁`,
      type: made.type,
      day: dayText(made),
      startAt: utc(made, made.minute),
      endAt: utc(made, made.minute + made.length),
      amount: made.amount,
      status: made.status,
      createdAt: new Date(NOW - made.committed * 3_600_000),
    })),
  );
  return all.filter((made, index) => index % 7 !== 0 && made.status !== 'REJECTED');
}

/** The newest order of each person. */
function newestOf(all: Made[]): Made[] {
  const persons: Made[] = [];
  for (let person = 0; person < 60; person += 1) {
    const newest = all.filter((made) => made.person === person).at(-1);
    if (newest) persons.push(newest);
  }
  return persons;
}

test('without orders every series is zero, in the document’s shape', async () => {
  expect(await say('today-transactions')).toEqual({ code: 0, message: 'OK', data: { count: 0, amount: 0 } });
  expect((await say('category-data')).data).toEqual({ online: 0, outline: 0 });
  expect((await say('yearly-consultations')).data).toEqual({ total: 0, data: Array(12).fill(0) });
  expect((await say('time-slot-data')).data).toEqual({ timeSlots: [], appointments: [] });
  expect((await say('gender-data')).data).toEqual({ male: 0, female: 0 });
  expect((await say('age-data')).data).toEqual({ values: [0, 0, 0, 0, 0, 0] });
});

test('each series equals the oracle’s', async () => {
  const all = await generate(900);
  await hotline.node.ctx.models.WorkDay.create([
    {
      consultant: me.user._id,
      institution: 'ecnu',
      day: '2029-06-30',
      spans: [{ id: 1, from: '23:00', to: '24:00' }],
    },
    {
      consultant: me.user._id,
      institution: 'ecnu',
      day: '2029-07-01',
      spans: [{ id: 2, from: '03:00', to: '04:00' }],
    },
  ]);

  // Committed since midnight in Shanghai: at most half an hour ago, and what the future holds of this day.
  const today = all.filter(({ committed }) => committed <= 0 && committed > -23.5);
  expect((await say('today-transactions')).data).toEqual({
    count: today.length,
    amount: today.reduce((sum, { amount }) => sum + amount, 0),
  });
  expect(today.length).toBeGreaterThan(10);

  expect((await say('category-data')).data).toEqual({
    online: all.filter(({ type }) => type === '在线咨询').length,
    outline: all.filter(({ type }) => type === '线下咨询').length,
  });

  const year = all.filter((made) => made.year === 2029);
  const months = Array.from({ length: 12 }, () => 0);
  for (const { month } of year) months[month - 1]! += 1;
  expect((await say('yearly-consultations')).data).toEqual({
    total: new Set(year.map(({ person }) => person)).size,
    data: months,
  });

  const june = year.filter(({ month }) => month === 6);
  const minutes = new Set<number>();
  for (const { minute, length } of june)
    for (let at = minute; at < Math.min(1440, minute + length); at += 1) minutes.add(at);
  for (let at = 23 * 60; at < 1440; at += 1) minutes.add(at);
  const hours = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) =>
    [...minutes].some((at) => Math.floor(at / 60) === hour),
  );
  expect((await say('time-slot-data')).data).toEqual({
    timeSlots: hours,
    appointments: hours.map((hour) => june.filter(({ minute }) => Math.floor(minute / 60) === hour).length),
  });
  expect(hours).toContain(23);

  const persons = newestOf(all);
  expect((await say('gender-data')).data).toEqual({
    male: persons.filter(({ gender }) => gender === '男').length,
    female: persons.filter(({ gender }) => gender === '女').length,
  });

  const values = [0, 0, 0, 0, 0, 0];
  for (const { age } of persons) {
    if (age === 0) continue;
    const band = age < 18 ? 0 : age < 26 ? 1 : age < 36 ? 2 : age < 46 ? 3 : age <= 55 ? 4 : 5;
    values[band]! += 1;
  }
  expect((await say('age-data')).data).toEqual({ values });
});
