/** The rollups against a brute-force count over generated lives of sessions, while they are counted and changed. */
import { Types } from 'mongoose';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Conversation } from '../../../models/conversation.js';
import type { Grain, Values } from '../../../models/rollup.js';
import type { Ctx } from '../../../services/context.js';
import { chapter } from '../../../services/conversation/history.js';
import { readFigures, type Whose } from '../../../services/statistics/cells.js';
import { rebuildRollups } from '../../../services/statistics/rebuild.js';
import { rollUp } from '../../../services/statistics/rollup.js';
import { startHotline, type Hotline } from '../../support/app.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let hotline: Hotline;
let ctx: Ctx;
/** Stands still unless it is moved: figures of what is running depend on the very moment. */
const clock = {
  at: Math.floor(Date.now() / DAY) * DAY + 13 * HOUR,
  now: () => clock.at,
  monotonic: () => performance.now(),
  advance(ms: number) {
    clock.at += ms;
  },
};
const counselors = Array.from({ length: 4 }, () => new Types.ObjectId());
beforeAll(async () => {
  // Without workers: the test says when something is counted.
  hotline = await startHotline({ clock, nodes: 2, env: { FACES: 'server' } });
  ctx = hotline.node.ctx;
});
afterAll(() => hotline.stop());

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
const draw = random(11);
const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T;

/** Oracle: what a span and an hour have in common. */
const shared = (from: number, to: number, hour: number) =>
  Math.max(0, Math.min(to, hour + HOUR) - Math.max(from, hour));

/** Everything counted from the documents, hour by hour, sharing nothing with the product. */
async function bruteForce(whose: Whose, grain: Grain, from: number, to: number) {
  const sums = new Map<string, Values>();
  const add = (
    institution: string,
    counselor: Types.ObjectId | null,
    at: number,
    name: string,
    value: number,
  ) => {
    const start = grain === 'hour' ? at - (at % HOUR) : Math.floor((at + 8 * HOUR) / DAY) * DAY - 8 * HOUR;
    const mine = !whose.counselors || whose.counselors.some((id) => counselor?.equals(id));
    if (start < from || start >= to || !mine || value === 0) return;
    if (whose.institution && whose.institution !== institution) return;
    const key = `${institution}|${counselor?.toHexString() ?? ''}|${String(start)}`;
    const sum = sums.get(key) ?? {};
    sum[name] = (sum[name] ?? 0) + value;
    sums.set(key, sum);
  };
  const now = clock.now();
  for (const row of await ctx.models.Conversation.find().lean()) {
    if (row.type !== 'COUNSELING_SESSION' || (row.deletedAt && !row.figuresStay)) continue;
    const put = (who: Types.ObjectId | null, at: Date, name: string, value = 1) => {
      add(row.institution, who, at.getTime(), name, value);
    };
    put(null, row.createdAt, 'arrivals');
    if (row.startAt) {
      put(null, row.createdAt, 'waited');
      put(null, row.createdAt, 'waitMs', row.startAt.getTime() - row.createdAt.getTime());
      put(row.counselor, row.startAt, 'begun');
      if (row.firstReply) {
        put(row.firstReply.by, row.startAt, 'replied');
        put(row.firstReply.by, row.startAt, 'replyMs', row.firstReply.at.getTime() - row.startAt.getTime());
      }
    }
    if (row.endAt) {
      if (!row.startAt) put(null, row.createdAt, 'abandoned');
      else put(row.counselor, row.endAt, 'ended');
      put(row.counselor, row.endAt, `end:${String(row.endCause)}`);
    }
    const chapters = row.history ?? [];
    chapters.forEach((each, index) => {
      if (!each.counselor || each.event === 'ended') return;
      const until = chapters[index + 1]?.at.getTime() ?? now;
      for (let hour = each.at.getTime() - (each.at.getTime() % HOUR); hour < until; hour += HOUR)
        put(each.counselor, new Date(hour), 'handledMs', shared(each.at.getTime(), until, hour));
    });
  }
  for (const row of await ctx.models.Evaluation.find().lean()) {
    if (!row.level) continue;
    add(row.institution, row.counselor, row.at.getTime(), 'rated', 1);
    add(row.institution, row.counselor, row.at.getTime(), 'ratingSum', row.level);
  }
  return plain(sums);
}

const plain = (sums: Map<string, Values>) =>
  Object.fromEntries(
    [...sums]
      .map(
        ([key, values]) =>
          [key, Object.fromEntries(Object.entries(values).filter(([, n]) => n !== 0))] as const,
      )
      .filter(([, values]) => Object.keys(values).length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

async function figures(node: number, whose: Whose, grain: Grain, from: number, to: number) {
  const read = await readFigures(hotline.nodes[node]?.ctx ?? ctx, whose, [{ grain, from, to }]);
  return plain(
    new Map(
      read.map(({ at, institution, counselor, values }) => [
        `${institution}|${counselor ?? ''}|${String(at)}`,
        values,
      ]),
    ),
  );
}

async function expectEqual() {
  const today = Math.floor((clock.now() + 8 * HOUR) / DAY) * DAY - 8 * HOUR;
  const range = [today - 3 * DAY, today + 2 * DAY] as const;
  const whoses: Whose[] = [
    {},
    { institution: 'ecnu' },
    { institution: 'other', counselors: counselors.slice(0, 2) },
  ];
  for (const grain of ['hour', 'day'] as const)
    for (const whose of whoses)
      expect(await figures(draw(2), whose, grain, ...range)).toEqual(
        await bruteForce(whose, grain, ...range),
      );
}

/** One thing that happens to a session, written as the services write it. */
async function live(id: Types.ObjectId | null): Promise<Types.ObjectId> {
  const { Conversation, Evaluation } = ctx.models;
  const now = clock.now();
  const row = id && (await Conversation.findById(id).lean());
  if (!row) {
    const created = await Conversation.create({
      type: draw(8) === 0 ? 'REQUEST_SUPERVISE' : 'COUNSELING_SESSION',
      status: 'WAITING',
      institution: pick(['ecnu', 'ecnu', 'other']),
      key: new Types.ObjectId(),
      history: [chapter('opened', null, now)],
      createdAt: new Date(now),
    });
    return created._id;
  }
  const counselor = pick(counselors);
  const update = (
    fields: object,
    event?: Parameters<typeof chapter>[0],
    owner: Types.ObjectId | null = null,
  ) =>
    Conversation.updateOne(
      { _id: row._id },
      {
        $set: fields,
        ...(event ? { $push: { history: chapter(event, owner, now) } } : {}),
        $inc: { rev: 1 },
      },
    );
  const end = (status: Conversation['status'], endCause: Conversation['endCause']) =>
    update({ status, endCause, endAt: new Date(now) }, 'ended');
  if (row.status === 'WAITING') {
    if (draw(4) === 0) await end('CANCELLED', pick(['VISITOR_LEFT_QUEUE', 'VISITOR_BANNED']));
    else if (draw(8) === 0) await end('EXPIRED', 'NOBODY_FREE');
    else {
      const startAt = row.startAt ?? new Date(now);
      await update({ status: 'IN_PROGRESS', counselor, startAt }, 'assigned', counselor);
    }
  } else if (row.status === 'IN_PROGRESS') {
    const what = draw(8);
    if (what === 0) await update({ status: 'WAITING', counselor: null }, 'requeued');
    else if (what === 1) await update({ counselor }, 'handed-over', counselor);
    else if (what < 4 && !row.firstReply && row.counselor)
      await update({ firstReply: { at: new Date(now), by: row.counselor } });
    else await end(pick(['FINISHED', 'TIME_OUT']), pick(['COUNSELOR_ENDED', 'VISITOR_ENDED', 'TIME_LIMIT']));
  } else {
    const what = draw(6);
    const gone = { deletedAt: new Date(now) };
    if (what === 0) await update(row.deletedAt ? { deletedAt: null } : gone);
    else if (what === 1) await update({ ...gone, figuresStay: true });
    else {
      const once = { conversation: row._id, objectType: 'CONVERSATION' as const, rater: row._id };
      const level = draw(4) === 0 ? null : 1 + draw(5);
      const found = await Evaluation.updateOne(once, { $set: { level } });
      if (found.matchedCount === 0)
        await Evaluation.create({
          ...once,
          level,
          counselor: row.counselor,
          institution: row.institution,
          at: new Date(now),
        });
    }
  }
  return row._id;
}

const lives: Types.ObjectId[] = [];
async function liveOn(steps: number) {
  for (let step = 0; step < steps; step += 1) {
    const id = lives.length < 25 || draw(5) === 0 ? null : pick(lives);
    const lived = await live(id);
    if (!id) lives.push(lived);
    clock.advance(draw(9) * 60_000 + draw(60_000));
  }
}

test('counted at any moment of many lives, the figures are those of a count by hand', async () => {
  for (let round = 0; round < 6; round += 1) {
    await liveOn(40);
    await expectEqual();
    await rollUp(ctx);
    await expectEqual();
  }
  // The net is really used: most of it is counted ahead, what is open is not.
  const left = await ctx.models.Conversation.find({ unrolled: { $ne: null } }, { status: 1 }).lean();
  expect(new Set(left.map(({ status }) => status))).toEqual(new Set(['WAITING', 'IN_PROGRESS']));
  expect(await ctx.models.RolledFacts.countDocuments()).toBeGreaterThan(20);
}, 60_000);

test('counting on two nodes at once, beside changes and readers, counts everything once', async () => {
  const other = hotline.nodes[1]?.ctx ?? ctx;
  let living = true;
  const counting = [ctx, other].map(async (each) => {
    while (living) await rollUp(each);
  });
  await liveOn(60);
  living = false;
  await Promise.all(counting);
  await expectEqual();
  await rollUp(ctx);
  await expectEqual();
}, 60_000);

test('a rebuild repairs rows that were spoilt, keeps the figures right, and finds first replies that a crash left out', async () => {
  const [spoilt] = await ctx.models.Rollup.find().limit(1).lean();
  await ctx.models.Rollup.updateOne({ _id: spoilt?._id }, { $inc: { 'values.begun': 7 } });
  const served = await ctx.models.Conversation.findOne({ startAt: { $ne: null }, firstReply: null })
    .lean()
    .orFail();
  const at = new Date((served.startAt?.getTime() ?? 0) + 5_000);
  await ctx.models.Message.collection.insertOne({
    _id: new Types.ObjectId(),
    conversation: served._id,
    seq: 3,
    kind: 'text',
    sender: counselors[0] ?? null,
    senderType: 'COUNSELOR',
    clientMsgId: 'c1',
    at,
  });
  expect(await rebuildRollups(ctx)).toBeGreaterThan(20);
  await expectEqual();
  const { firstReply } = await ctx.models.Conversation.findById(served._id).lean().orFail();
  expect(firstReply).toEqual({ at, by: counselors[0] });
  const { epoch } = await ctx.models.RollupState.findById('rollup').lean().orFail();
  expect(await ctx.models.Rollup.countDocuments({ epoch: { $ne: epoch } })).toBe(0);
}, 60_000);
