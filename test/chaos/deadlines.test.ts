/**
 * T8 of the reliability plan in its short form: deadlines under time travel, through restarts of the nodes, a Redis
 * that is emptied, jobs that come early, late and twice, and a clock that is set back an hour or on by a day. Each takes effect
 * once, never early, at most 5 s late. `npm run deadlines` is the long one.
 *
 * The clock stands still between its jumps, and nothing sweeps by itself: so lateness is that of the steps, which are
 * as wide as the worker's own turn (2 s). How late a real worker is at most, chaos.test.ts measures.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { assemble, type Assembled } from '../../bin/assemble.js';
import type { DeadlineKind } from '../../contract/enums.js';
import { openConversation } from '../../services/conversation/open.js';
import { sweepWrapUps } from '../../services/matchmaking/wrap-up.js';
import { setPolicy } from '../../services/policy/policy.js';
import { fireDeadline, sweepDeadlines } from '../../services/time/deadline.js';
import { markAlive } from '../../services/time/uptime.js';
import { startHotline, type Hotline } from '../support/app.js';
import { standingClock, type TestClock } from '../support/clock.js';
import { authenticatedActor, makeCounselor, makePerson, type Person } from '../support/factories.js';
import { report } from '../support/history.js';
import { seeded, seedOf } from '../support/history-random.js';

const WANTED = Number(process.env['DEADLINES'] ?? 27);
/** A session to its limit (limit, three cues, wrap-up), a silent one (close, two questions), one that waits. */
const EACH = 9;
const GROUPS = Math.ceil(WANTED / EACH);
const RESTARTS = Math.max(2, Math.round((30 * WANTED) / 1_000));
const LATE_MS = 5_000;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** Beyond it lies what this test does not wait for: limits that are a day away. */
const HORIZON = 600 * MINUTE;

const seed = seedOf();
const random = seeded(seed);
let hotline: Hotline;
let clock: TestClock;
let nodes: Assembled[];
beforeAll(async () => {
  clock = standingClock();
  hotline = await startHotline({ clock, env: { FACES: 'server' } });
  nodes = [await assemble(hotline.config, { clock }), await assemble(hotline.config, { clock })];
  const { ctx } = hotline.node;
  await markAlive(ctx);
  await setPolicy(ctx, 'ecnu', { silenceCloseMs: DAY, checkInMs: [], wrapUpSeconds: 120 });
  await setPolicy(ctx, 'other', { textLimitMs: DAY });
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await hotline.stop();
});

/** Time goes by while the platform is up. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20_000) {
    clock.advance(Math.min(left, 20_000));
    await markAlive(hotline.node.ctx);
  }
}
/** Both nodes at once. */
const sweep = () => Promise.all(nodes.flatMap(({ ctx }) => [sweepDeadlines(ctx), sweepWrapUps(ctx)]));

interface Job {
  id: string;
  kind: DeadlineKind;
  at: number;
}
/** Every due date that ever stood, as the queue would have been told of it. */
const jobs = new Map<string, Job>();
/** A handful of them wakes on both nodes, due or not. */
async function wakeSome(): Promise<void> {
  const all = [...jobs.values()];
  const some = all.length === 0 ? [] : Array.from({ length: 6 }, () => random.pick(all));
  await Promise.all(
    some.flatMap(({ id, kind, at }) => nodes.map(({ ctx }) => fireDeadline(ctx, id, kind, at))),
  );
}

/** Everything that took effect so far in one line, and when the next is due; notes the jobs. */
async function look(): Promise<{ effects: string; next: number | null }> {
  const { Conversation, Duty, Message } = hotline.node.ctx.models;
  const rows = await Conversation.find({}, { deadlines: 1, status: 1, open: 1 }).lean();
  const duties = await Duty.find({}, { seats: 1 }).lean();
  const times = duties.flatMap(({ seats }) => seats.flatMap(({ until }) => until?.getTime() ?? []));
  for (const { _id, deadlines, open } of rows)
    for (const { kind, at } of open ? deadlines : []) {
      const id = _id.toHexString();
      jobs.set(`${id} ${kind} ${String(at.getTime())}`, { id, kind, at: at.getTime() });
      times.push(at.getTime());
    }
  const told = `${String(await Message.estimatedDocumentCount())} messages`;
  const soon = times.filter((at) => at < clock.now() + HORIZON);
  const words = rows.map(({ _id, status }) => `${_id.toHexString()} ${status}`);
  const seats = duties.map(({ _id, seats: taken }) => `${_id.toHexString()} ${String(taken.length)} seats`);
  return { effects: [...words, ...seats, told].join(), next: soon.length === 0 ? null : Math.min(...soon) };
}

function changed(before: string, after: string): string {
  const was = new Set(before.split(','));
  return after
    .split(',')
    .filter((word) => !was.has(word))
    .join();
}

async function open(institution: string, counselor: Person): Promise<string> {
  const { ctx } = hotline.node;
  const { token } = await makePerson(ctx, 'VISITOR', { institution });
  const actor = await authenticatedActor(ctx, token);
  return (await openConversation(ctx, actor, { counselor: counselor.id })).id;
}
async function restart(): Promise<void> {
  const gone = nodes.splice(random.between(0, nodes.length - 1), 1);
  await Promise.all(gone.map((node) => node.close()));
  nodes.push(await assemble(hotline.config, { clock }));
}
async function emptyRedis(): Promise<void> {
  const { redis, config } = hotline.node.ctx;
  const keys = await redis.keys(`*${config.KEY_PREFIX}*`);
  if (keys.length > 0) await redis.del(...keys);
}
/** When a conversation heard of this event. */
async function times(id: string, event: string): Promise<number[]> {
  const rows = await hotline.node.ctx.models.Message.find({ conversation: id }).sort({ seq: 1 }).lean();
  return rows.filter((row) => row.event === event).map(({ at }) => at.getTime());
}

test(
  `${String(GROUPS * EACH)} deadlines through restarts: each once, none early, none later than 5 s`,
  async () => {
    const { ctx } = hotline.node;
    const served = await makeCounselor(ctx, GROUPS);
    const silent = await makeCounselor(ctx, GROUPS, { institution: 'other' });
    const full = await makeCounselor(ctx, 0);
    const groups: { long: string; quiet: string; waiting: string }[] = [];
    for (let group = 0; group < GROUPS; group += 1) {
      const [long, quiet] = [await open('ecnu', served), await open('other', silent)];
      groups.push({ long, quiet, waiting: await open('ecnu', full) });
      await pass(random.between(0, 4_000));
    }
    const counts = { deadlines: 0, restarts: 0, emptied: 0, setBack: 0, jobs: 0, early: 0, maxLateMs: 0 };
    const violations: string[] = [];
    // Several of them fall due in one step.
    const every = Math.max(1, Math.floor((GROUPS * EACH) / RESTARTS / 2));
    /** Wakes and sweeps while nothing is due: nothing may happen. */
    const idle = async (before: string, when: string) => {
      await Promise.all([sweep(), wakeSome()]);
      const { effects } = await look();
      if (effects === before) return;
      counts.early += 1;
      violations.push(`took effect ${when}: ${changed(before, effects)}`);
    };
    let now = await look();
    for (let step = 1; now.next !== null; step += 1) {
      if (step > GROUPS * EACH * 3) throw new Error('it does not come to an end');
      const before = now.next - 1 - clock.now();
      if (before > 0) {
        await pass(before);
        await idle(now.effects, '1 ms early');
      }
      if (step % every === 0) {
        await restart();
        counts.restarts += 1;
      }
      if (step % every === 1) {
        await emptyRedis();
        counts.emptied += 1;
      }
      if (before > 0 && step % 7 === 0) {
        clock.advance(-60 * MINUTE);
        await idle(now.effects, 'an hour early');
        clock.advance(60 * MINUTE);
        counts.setBack += 1;
      }
      await pass(Math.max(1, now.next - clock.now()) + random.between(0, 2_000));
      await Promise.all([sweep(), wakeSome()]);
      now = await look();
    }

    const judge = (what: string, at: number[], due: number[]) => {
      counts.deadlines += due.length;
      if (at.length !== due.length) violations.push(`${what}: ${String(at.length)} of ${String(due.length)}`);
      for (const [index, moment] of at.entries()) {
        const late = moment - (due[index] ?? 0);
        counts.maxLateMs = Math.max(counts.maxLateMs, late);
        if (late < 0 || late > LATE_MS) violations.push(`${what}: ${String(late)} ms`);
      }
    };
    const read = (id: string) => ctx.models.Conversation.findById(id).lean().orFail();
    const causes: (string | null)[] = [];
    for (const { long, quiet, waiting } of groups) {
      const rows = [await read(long), await read(quiet), await read(waiting)] as const;
      for (const row of rows) {
        const ends = await times(row._id.toHexString(), 'ended');
        if (ends.length !== 1 || !row.sealed) violations.push(`${String(ends.length)} ends`);
        causes.push(row.endCause);
      }
      const [ofLong, ofQuiet, ofWaiting] = rows;
      const after = (from: Date | null, minutes: number[]) =>
        minutes.map((each) => (from?.getTime() ?? 0) + each * MINUTE);
      const ended = (row: { endAt: Date | null }) => [row.endAt?.getTime() ?? 0];
      judge('limit', ended(ofLong), after(ofLong.startAt, [60]));
      judge('cue', await times(long, 'time-cue'), after(ofLong.startAt, [50, 55, 59]));
      judge('silence', ended(ofQuiet), after(ofQuiet.startAt, [10]));
      judge('question', await times(quiet, 'silence-check'), after(ofQuiet.startAt, [3, 7]));
      judge('waiting', ended(ofWaiting), after(new Date(ofWaiting.queueScore), [30]));
    }
    expect(causes).toEqual(groups.flatMap(() => ['TIME_LIMIT', 'SILENCE', 'NOBODY_FREE']));
    const duties = await ctx.models.Duty.find({}).lean();
    // Each wrap-up was waited for above, and none is left.
    expect(duties.flatMap(({ seats }) => seats)).toEqual([]);
    counts.deadlines += GROUPS;
    counts.jobs = jobs.size;
    report({ test: 'T8-deadlines', seed, counts, violations });
    expect(violations).toEqual([]);
    expect(counts.deadlines).toBe(GROUPS * EACH);
  },
  120_000 + WANTED * 5_000,
);

test(
  'a clock that jumps a day while nobody is up: what fell due ends once, and no cue is told too late',
  async () => {
    const { ctx } = hotline.node;
    const served = await makeCounselor(ctx, GROUPS);
    const full = await makeCounselor(ctx, 0);
    const rows: { id: string; cause: string }[] = [];
    for (let group = 0; group < GROUPS; group += 1) {
      rows.push({ id: await open('ecnu', served), cause: 'TIME_LIMIT' });
      rows.push({ id: await open('ecnu', full), cause: 'NOBODY_FREE' });
    }
    await look();
    await restart();
    clock.advance(DAY);
    await markAlive(ctx);
    await restart();
    const due = rows.map(({ id }) => [...jobs.values()].filter((job) => job.id === id));
    // Every job of theirs and both nodes' sweeps at the same time.
    await Promise.all([
      sweep(),
      ...due
        .flat()
        .flatMap(({ id, kind, at }) => nodes.map(({ ctx: own }) => fireDeadline(own, id, kind, at))),
    ]);
    await sweep();
    const violations: string[] = [];
    for (const { id, cause } of rows) {
      const row = await ctx.models.Conversation.findById(id).lean().orFail();
      if (row.endCause !== cause || !row.sealed) violations.push(`${cause}: ${String(row.endCause)}`);
      const told = [await times(id, 'ended'), await times(id, 'time-cue')].map(({ length }) => length);
      if (told.join() !== '1,0') violations.push(`${cause}: ends, cues ${told.join()}`);
    }
    // They end now, so the counselor's time for the records begins now.
    clock.advance(121_000);
    await sweep();
    const [duty] = await ctx.models.Duty.find({ _id: served.id }).lean();
    if (duty?.seats.length !== 0) violations.push('a seat is left');
    report({ test: 'T8-day', seed, counts: { deadlines: rows.length, restarts: 2 }, violations });
    expect(violations).toEqual([]);
  },
  120_000 + WANTED * 1_000,
);
