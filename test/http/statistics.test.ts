/** Document sections 30 to 33 against a brute-force oracle over generated data; Shanghai days in a New York process. */
import { Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Conversation } from '../../models/conversation.js';
import type { Evaluation } from '../../models/evaluation.js';
import type { Ctx } from '../../services/context.js';
import { rollUp } from '../../services/statistics/rollup.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { testClock } from '../support/clock.js';
import { makePerson, type Person } from '../support/factories.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The Shanghai wall clock by arithmetic alone, so that the oracle shares nothing with the product. */
const shanghai = (ms: number) => new Date(ms + 8 * HOUR).toISOString();
const dayOf = (ms: number) => shanghai(ms).slice(0, 10);
const monthOf = (ms: number) => shanghai(ms).slice(0, 7);

let hotline: Hotline;
let ctx: Ctx;
let now: number;
const people: Record<string, Person> = {};
let sessions: Conversation[];
let ratings: Evaluation[];

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

beforeAll(async () => {
  const clock = testClock();
  // 00:40 in Shanghai: the day there has begun, New York and UTC still have the day before.
  const midnight = Math.floor((Date.now() + 8 * HOUR) / DAY) * DAY - 8 * HOUR;
  clock.advance(midnight + DAY + 40 * 60_000 - Date.now());
  // Without workers: nothing but the test changes what is stored.
  hotline = await startHotline({ clock, env: { FACES: 'server' } });
  ctx = hotline.node.ctx;
  for (const institution of ['ecnu', 'other'])
    for (let index = 0; index < 4; index += 1) {
      const role = 'COUNSELOR' as const;
      people[`${institution}${String(index)}`] = await makePerson(ctx, role, {
        institution,
        name: `咨${String(index)}`,
      });
    }
  const bound = ['ecnu0', 'ecnu1'].flatMap((name) => people[name]?.user._id ?? []);
  people['supervisor'] = await makePerson(ctx, 'SUPERVISOR');
  await ctx.models.User.updateMany({ _id: { $in: bound } }, { supervisors: [people['supervisor'].user._id] });
  people['called'] = await makePerson(ctx, 'SUPERVISOR');
  people['admin'] = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  people['foreign'] = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'other' });
  people['system'] = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR');
  people['visitor'] = await makePerson(ctx, 'VISITOR');
  now = clock.now();
  sessions = [];
  ratings = [];
  const draw = random(7);
  const base = { channel: 'TEXT' as const, supervisors: [], rev: 1, attempt: 1, lastSeq: 0, deadlines: [] };
  for (let index = 0; index < 160; index += 1) {
    const institution = draw(3) === 0 ? 'other' : 'ecnu';
    const counselor = people[`${institution}${String(draw(draw(2) ? 4 : 2))}`]?.user._id ?? null;
    // Crowded around midnights in Shanghai and around now; a month and a half back.
    const back = draw(2) ? (draw(3) ? draw(45) : 0) * DAY + 40 * 60_000 + draw(2_000) - 1_000 : draw(2 * DAY);
    const waited = draw(10) === 0;
    const row = {
      ...base,
      _id: new Types.ObjectId(),
      key: new Types.ObjectId(),
      type: 'COUNSELING_SESSION',
      status: waited ? 'CANCELLED' : 'FINISHED',
      institution,
      visitor: new Types.ObjectId(),
      counselor: waited ? null : counselor,
      startAt: waited ? null : new Date(now - back),
      deletedAt: draw(25) === 0 ? new Date(now) : null,
      createdAt: new Date(now - back - 1_000),
      unrolled: new Types.ObjectId(),
    } as unknown as Conversation;
    sessions.push(row);
    if (draw(2) === 0 && !waited)
      ratings.push({
        _id: new Types.ObjectId(),
        conversation: row._id,
        objectType: draw(2) ? 'CONVERSATION' : 'COUNSELOR',
        rater: row.visitor ?? row._id,
        counselor: row.counselor,
        institution,
        level: draw(6) === 0 ? null : draw(3) + 3,
        content: null,
        tags: [],
        at: new Date(now - draw(40 * DAY)),
        unrolled: new Types.ObjectId(),
      });
  }
  // Threads count nowhere; this one makes its session the called supervisor's.
  const mine = sessions.find(
    (row) => row.institution === 'ecnu' && !row.deletedAt && row.startAt && +row.startAt > now - 12 * HOUR,
  );
  const thread = {
    ...base,
    _id: new Types.ObjectId(),
    key: new Types.ObjectId(),
    type: 'REQUEST_SUPERVISE',
    status: 'FINISHED',
    institution: 'ecnu',
    counselor: mine?.counselor ?? null,
    session: mine?._id ?? null,
    startAt: new Date(now - 60_000),
    calls: [{ supervisor: people['called'].user._id, state: 'ACCEPTED', at: new Date(now) }],
    createdAt: new Date(now),
  } as unknown as Conversation;
  // Most is counted ahead, the rest is corrected live: the figures must not tell.
  await ctx.models.Conversation.collection.insertMany([...sessions.slice(0, 120), thread] as never[]);
  await ctx.models.Evaluation.collection.insertMany(ratings.slice(0, 30));
  await rollUp(ctx);
  await ctx.models.Conversation.collection.insertMany(sessions.slice(120));
  await ctx.models.Evaluation.collection.insertMany(ratings.slice(30));
  scopes['called'] = (row) => row._id.equals(mine?._id);
}, 240_000);
afterAll(() => hotline.stop());

const is = (row: Conversation, name: string) => row.counselor?.toHexString() === people[name]?.id;
const scopes: Record<string, (row: Conversation) => boolean> = {
  system: () => true,
  admin: (row) => row.institution === 'ecnu',
  foreign: (row) => row.institution === 'other',
  supervisor: (row) => is(row, 'ecnu0') || is(row, 'ecnu1'),
  called: () => false,
  ecnu2: (row) => is(row, 'ecnu2'),
  other0: (row) => is(row, 'other0'),
};
const ROLES = Object.keys(scopes);

const begun = (as: string) =>
  sessions
    .filter((row) => row.startAt && !row.deletedAt && scopes[as]?.(row))
    .map((row) => row.startAt?.getTime() ?? 0);
async function read(as: string, path: string) {
  const { status, body } = await http(hotline.node.url, 'GET', path, { token: people[as]?.token ?? '' });
  expect([status, body.code, body.message]).toEqual([200, 0, 'OK']);
  return body.result as unknown;
}

test('the generated data is worth asking about', () => {
  expect(begun('admin').filter((at) => dayOf(at) === dayOf(now)).length).toBeGreaterThan(5);
  expect(begun('called')).toHaveLength(1);
  expect(shanghai(now).slice(11, 16)).toBe('00:40');
});

describe.each(ROLES)('for %s', (as) => {
  test('30: seven Shanghai days', async () => {
    const days = Array.from({ length: 7 }, (_, index) => dayOf(now - (6 - index) * DAY));
    const expected = days.map((date) => ({
      date,
      count: begun(as).filter((at) => dayOf(at) === date && at <= now).length,
    }));
    expect(await read(as, '/conversation/7statistics')).toEqual(expected);
  });

  test('33: today against yesterday until the same time', async () => {
    const today = begun(as).filter((at) => dayOf(at) === dayOf(now) && at <= now).length;
    const yesterday = begun(as).filter((at) => dayOf(at) === dayOf(now - DAY) && at <= now - DAY).length;
    expect(await read(as, '/conversation/todaychange')).toEqual({
      today,
      yesterday,
      change: today - yesterday,
      rate: yesterday === 0 ? null : (today - yesterday) / yesterday,
    });
  });

  const wide = (row: { institution: string }) =>
    as === 'system' || row.institution === (as === 'foreign' || as === 'other0' ? 'other' : 'ecnu');

  test('31: the institution’s ranking of this month, whoever asks', async () => {
    const rows = sessions.filter(
      (row) =>
        wide(row) && row.counselor && row.startAt && !row.deletedAt && monthOf(+row.startAt) === monthOf(now),
    );
    const figures = group(rows.map((row) => [row.counselor?.toHexString() ?? '', 1]));
    expect(await read(as, '/conversation/numberranking')).toEqual(
      rank(figures, ({ count }) => count).map(({ id, count, rank: place }) => ({
        counselor: id,
        name: nameOf(id),
        count,
        rank: place,
      })),
    );
  });

  test('32: the institution’s ratings of this month, unrated ones left out', async () => {
    const rows = ratings.filter(
      (row) => wide(row) && row.level !== null && monthOf(+row.at) === monthOf(now),
    );
    const figures = group(rows.map((row) => [row.counselor?.toHexString() ?? '', row.level ?? 0]));
    expect(await read(as, '/conversation/ratedranking')).toEqual(
      rank(figures, ({ sum, count }) => sum / count).map(({ id, sum, count, rank: place }) => ({
        counselor: id,
        name: nameOf(id),
        average: Number((sum / count).toFixed(2)),
        count,
        rank: place,
      })),
    );
  });
});

const nameOf = (id: string) => Object.values(people).find((person) => person.id === id)?.user.name;

function group(pairs: [id: string, value: number][]) {
  const figures: Record<string, { id: string; sum: number; count: number }> = {};
  for (const [id, value] of pairs) {
    const figure = (figures[id] ??= { id, sum: 0, count: 0 });
    figure.sum += value;
    figure.count += 1;
  }
  return Object.values(figures);
}

/** A rank is one more than the number of those who are better. */
function rank<Row extends { id: string }>(rows: Row[], value: (row: Row) => number) {
  return rows
    .map((row) => ({ ...row, rank: 1 + rows.filter((other) => value(other) > value(row) + 1e-9).length }))
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
}

test('equal figures share a rank, and the next one counts them', async () => {
  const tied = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'tied' });
  const ids = Array.from({ length: 4 }, () => new Types.ObjectId());
  await ctx.models.Conversation.collection.insertMany(
    [0, 0, 1, 1, 2, 3, 3, 3].map((index) => ({
      _id: new Types.ObjectId(),
      type: 'COUNSELING_SESSION',
      status: 'FINISHED',
      institution: 'tied',
      counselor: ids[index],
      startAt: new Date(now - 1_000),
      deletedAt: null,
      unrolled: new Types.ObjectId(),
    })),
  );
  const { body } = await http(hotline.node.url, 'GET', '/conversation/numberranking', { token: tied.token });
  expect((body.result as { rank: number; count: number }[]).map((row) => [row.rank, row.count])).toEqual([
    [1, 3],
    [2, 2],
    [2, 2],
    [4, 1],
  ]);
});

test.each(['7statistics', 'numberranking', 'ratedranking', 'todaychange'])(
  '/conversation/%s: a visitor and nobody get the documented 403 body, a stray query changes nothing',
  async (name) => {
    const path = `/conversation/${name}`;
    for (const token of [people['visitor']?.token ?? '', '']) {
      const { status, body } = await http(hotline.node.url, 'GET', path, token ? { token } : {});
      expect([status, body.error, body.path]).toEqual([403, 'Forbidden', path]);
    }
    expect(await read('ecnu2', `${path}?institution=other&counselor[$ne]=x&page=2`)).toEqual(
      await read('ecnu2', path),
    );
  },
);

test.each([
  ['one institution', { institution: 'ecnu' }],
  ['all', {}],
  ['one counselor', { institution: 'ecnu', counselor: new Types.ObjectId() }],
])('the figures of %s are answered by an index', async (_whose, scope) => {
  const range = { $gte: new Date(now - 7 * DAY), $lt: new Date(now) };
  const { Conversation, Evaluation } = ctx.models;
  const plans = [
    await Conversation.collection
      .find({ ...scope, type: 'COUNSELING_SESSION', deletedAt: null, startAt: range })
      .explain('queryPlanner'),
    await Evaluation.collection.find({ ...scope, at: range }).explain('queryPlanner'),
  ];
  // The ratings are read by institution at the narrowest.
  for (const plan of 'counselor' in scope ? plans.slice(0, 1) : plans) {
    expect(JSON.stringify(plan)).toContain('"IXSCAN"');
    expect(JSON.stringify(plan)).not.toContain('"COLLSCAN"');
  }
});
