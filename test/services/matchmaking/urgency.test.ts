/** The risk-aware order: what urgency is worth and what it never is, by property, by simulation, and on two nodes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Conversation as Wire, QueueSnapshot } from '../../../contract/conversation.js';
import { URGENCIES, type Urgency } from '../../../contract/enums.js';
import type { Wall } from '../../../contract/wall.js';
import type { Ctx } from '../../../services/context.js';
import { commonQueue } from '../../../services/matchmaking/keys.js';
import { reconcile } from '../../../services/matchmaking/reconcile.js';
import { sweepWaiting } from '../../../services/matchmaking/sweep.js';
import { scoreOfUrgency } from '../../../services/matchmaking/urgency.js';
import { setPolicy } from '../../../services/policy/policy.js';
import { DEFAULT_POLICY } from '../../../services/policy/rules.js';
import type { Hotline } from '../../support/app.js';
import { connect, http } from '../../support/clients.js';
import type { TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { seeded } from '../../support/history-random.js';
import { startPair } from '../../support/pair.js';
import { until } from '../../support/poll.js';

const MINUTE = 60_000;
const NEVER_PASSED = DEFAULT_POLICY.neverPassedMinutes * MINUTE;

test('whoever has waited for the bound is passed by nobody, whatever leads a house sets', () => {
  const minutes = fc.nat(240);
  const rules = fc.record({
    urgencyLeadMinutes: fc.record({ moderate: minutes, high: minutes }),
    neverPassedMinutes: minutes,
  });
  const age = fc.nat(10 * 60 * MINUTE);
  const now = 1_800_000_000_000;
  fc.assert(
    fc.property(rules, age, fc.constantFrom(...URGENCIES), (rule, waited, urgency) => {
      const arrived = now - waited;
      const score = scoreOfUrgency(urgency, arrived, now, rule);
      expect(score).toBeLessThanOrEqual(arrived);
      // It goes in front of somebody only while they are below the bound.
      const oldest = now - rule.neverPassedMinutes * MINUTE;
      if (score < arrived) expect(score).toBeGreaterThan(oldest);
      if (urgency === 'none') expect(score).toBe(arrived);
    }),
    { numRuns: 5_000 },
  );
});

interface Visit {
  arrived: number;
  score: number;
  urgency: Urgency;
  /** When what makes them urgent is known: at once, or minutes later by a word. */
  knownAt: number;
  servedAt: number;
}

/** A house with too few seats for two hours, then an empty line; the head of the line is served. */
function simulate(seed: number, aware: boolean): { visits: Visit[]; latePasses: number } {
  const random = seeded(seed);
  const visits: Visit[] = [];
  let at = 0;
  while (at < 120 * MINUTE) {
    at += random.between(10_000, 4 * MINUTE);
    const urgency = random.pick<Urgency>(['none', 'none', 'none', 'moderate', 'high']);
    const knownAt = at + random.pick([0, 0, random.between(0, 40 * MINUTE)]);
    visits.push({ arrived: at, score: at, urgency, knownAt, servedAt: Infinity });
  }
  let latePasses = 0;
  const line: Visit[] = [];
  const coming = [...visits];
  let seatAt = 5 * MINUTE;
  for (let now = 0; coming.length > 0 || line.length > 0; now += 1_000) {
    while (coming[0] && coming[0].arrived <= now) line.push(coming.shift() as Visit);
    for (const visit of line.filter(({ knownAt }) => knownAt <= now && knownAt > now - 1_000)) {
      if (!aware) continue;
      const score = Math.min(visit.score, scoreOfUrgency(visit.urgency, visit.arrived, now, DEFAULT_POLICY));
      latePasses += line.filter(
        (other) => now - other.arrived >= NEVER_PASSED && other.score < visit.score && other.score >= score,
      ).length;
      visit.score = score;
    }
    if (now < seatAt) continue;
    line.sort((a, b) => a.score - b.score);
    const head = line.shift();
    if (!head) continue;
    head.servedAt = now;
    seatAt = now + random.between(30_000, 5 * MINUTE);
  }
  return { visits, latePasses };
}

test('played through: urgent people wait less, nobody over the bound is passed, the tail grows by the lead at most', () => {
  const seed = 20_261_123;
  const waits = (visits: Visit[], of: Urgency) =>
    visits
      .filter(({ urgency }) => urgency === of)
      .map(({ arrived, servedAt }) => servedAt - arrived)
      .sort((a, b) => a - b);
  const median = (values: number[]) => values[Math.floor(values.length / 2)] ?? 0;
  const all: Record<Urgency, number[]> = { none: [], moderate: [], high: [] };
  const before: number[] = [];
  for (let run = 0; run < 30; run += 1) {
    const aware = simulate(seed + run, true);
    expect([seed + run, aware.latePasses]).toEqual([seed + run, 0]);
    for (const urgency of URGENCIES) all[urgency].push(...waits(aware.visits, urgency));
    before.push(...waits(simulate(seed + run, false).visits, 'high'));
    // Whoever came the whole bound after somebody never went before them.
    for (const visit of aware.visits)
      for (const other of aware.visits)
        if (other.arrived - visit.arrived > NEVER_PASSED)
          expect(other.servedAt).toBeGreaterThan(visit.servedAt);
  }
  for (const list of [...Object.values(all), before]) list.sort((a, b) => a - b);
  expect(median(all.high)).toBeLessThan(median(all.moderate));
  expect(median(all.moderate)).toBeLessThan(median(all.none));
  expect(median(all.high)).toBeLessThan(median(before));
});

let hotline: Hotline;
let clock: TestClock;
let ctx: Ctx;
let a: string;
let b: string;
beforeAll(async () => {
  ({ hotline, clock, ctx, a, b } = await startPair());
});
afterAll(() => hotline.stop());

let houses = 0;
async function house() {
  const institution = `urgent${String((houses += 1))}`;
  await ctx.models.Institution.create({ _id: institution, name: institution });
  const counselor = await makeCounselor(ctx, 0, { institution });
  const overseer = await makePerson(ctx, 'SUPERVISOR', { institution });
  const visit = async () => {
    const visitor = await makePerson(ctx, 'VISITOR', { institution });
    const { body } = await http(a, 'PUT', '/conversation', { token: visitor.token, json: {} });
    clock.advance(MINUTE);
    return { visitor, id: (body.result as Wire).id };
  };
  const line = async () =>
    ((await ask(overseer, 'GET', 'queue')).body.result as QueueSnapshot).waiting.map(({ id }) => id);
  const serve = (maxConsults: number) =>
    http(b, 'POST', '/user/maxconsults', { token: counselor.token, json: { maxConsults } });
  return { institution, counselor, overseer, visit, line, serve };
}
const ask = (as: Person, method: string, path: string, json?: unknown) =>
  http(b, method, `/api/v1/${path}`, { token: as.token, ...(json === undefined ? {} : { json }) });
const stored = (id: string) => ctx.models.Conversation.findById(id).lean().orFail();

test('answers and words put somebody forward: told at once, served first, with the reason, and only while they wait', async () => {
  const { overseer, visit, line, serve } = await house();
  const [first, second, third] = [await visit(), await visit(), await visit()];
  const waiting = await connect(b, first.visitor.token);
  const asked = await ask(third.visitor, 'GET', `conversations/${third.id}/intake`);
  expect(asked.body.result).toMatchObject({ answered: false, required: false });
  expect(JSON.stringify(asked.body)).not.toContain('urgency');
  const answers = { thoughts: 'strong', danger: 'no' };
  const path = `conversations/${third.id}/intake`;
  expect((await ask(third.visitor, 'POST', path, { answers: { thoughts: 'x' } })).status).toBe(400);
  expect((await ask(first.visitor, 'POST', path, { answers })).status).toBe(403);
  for (const status of [200, 200])
    expect((await ask(third.visitor, 'POST', path, { answers })).status).toBe(status);
  const lines = await ctx.models.Message.find({ conversation: third.id }).sort({ seq: 1 }).lean();
  expect(lines.map(({ event }) => event)).toEqual(['intake', 'emergency-card']);
  expect(await line()).toEqual([third.id, first.id, second.id]);
  await waiting.hear('queue:updated', ({ position }) => position === 2, 30_000);
  // A word puts the second in front of the first, and behind who is more urgent and came later.
  const said = { clientMsgId: 'w1', kind: 'text', text: '我想割自己' };
  expect((await ask(second.visitor, 'POST', `conversations/${second.id}/messages`, said)).status).toBe(200);
  expect(await line()).toEqual([third.id, second.id, first.id]);
  const { waiting: board } = (await ask(overseer, 'GET', 'queue')).body.result as QueueSnapshot;
  expect(board.map(({ ahead }) => ahead)).toEqual([
    '等待中的问答显示情况紧急，优先接入',
    '等待中的留言显示需要尽快，提前接入',
    null,
  ]);
  const wall = (await ask(overseer, 'GET', 'wall')).body.result as Wall;
  expect(wall.waiting.map(({ urgency }) => urgency)).toEqual(['high', 'moderate', 'none']);
  // Nothing else follows from it, and the visitor is shown no level.
  expect(await stored(third.id)).toMatchObject({ risk: 'none', urgency: 'high', status: 'WAITING' });
  const own = await ask(third.visitor, 'GET', `conversations/${third.id}`);
  expect(JSON.stringify(own.body)).not.toContain('urgency');
  await serve(1);
  expect(await stored(third.id)).toMatchObject({
    status: 'IN_PROGRESS',
    assignedWhy: '等待中的问答显示情况紧急，优先接入；在线且空位最多的咨询师',
  });
  expect((await stored(second.id)).status).toBe('WAITING');
  await serve(3);
  expect((await stored(second.id)).assignedWhy).toMatch(/^等待中的留言显示需要尽快/);
  const text = '我不想活了';
  await ask(first.visitor, 'POST', `conversations/${first.id}/messages`, {
    ...{ clientMsgId: 'w2', kind: 'text', text },
  });
  expect((await stored(first.id)).urgency).toBeUndefined();
  waiting.close();
});

test('somebody over the bound keeps their place, and the sentence says so', async () => {
  const { institution, visit, line, serve } = await house();
  await setPolicy(ctx, institution, { neverPassedMinutes: 10 });
  const old = await visit();
  clock.advance(8 * MINUTE);
  const young = await visit();
  const urgent = await visit();
  await ask(urgent.visitor, 'POST', `conversations/${urgent.id}/intake`, { answers: { danger: 'yes' } });
  expect(await line()).toEqual([old.id, urgent.id, young.id]);
  await serve(3);
  expect((await stored(old.id)).assignedWhy).toBe('已等候11分钟，不再有人排到前面；在线且空位最多的咨询师');
});

test('the order is the same after Redis was emptied, or missed a change', async () => {
  const { institution, visit, line } = await house();
  const visits = [await visit(), await visit(), await visit(), await visit()];
  const last = visits[3];
  if (!last) throw new Error('four came');
  await ask(last.visitor, 'POST', `conversations/${last.id}/intake`, { answers: { danger: 'yes' } });
  const order = await line();
  const key = commonQueue(ctx, institution);
  expect(await ctx.redis.zrange(key, '0', '-1')).toEqual(order);
  await ctx.redis.del(key);
  await reconcile(ctx);
  expect(await ctx.redis.zrange(key, '0', '-1')).toEqual(order);
  // A command that Redis never got: the sweep and the reconcile both mend it.
  for (const mend of [sweepWaiting, reconcile]) {
    await ctx.redis.zadd(key, clock.now(), last.id);
    await mend(ctx);
    expect(await ctx.redis.zrange(key, '0', '-1')).toEqual(order);
  }
});

test('an institution may ask everybody: all of it, and whoever does not answer is served all the same', async () => {
  const { institution, visit, line, serve } = await house();
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
  expect((await ask(admin, 'PUT', 'policy', { intakeRequired: true })).status).toBe(200);
  const first = await visit();
  const path = `conversations/${first.id}/intake`;
  const read = async () => (await ask(first.visitor, 'GET', path)).body.result;
  expect(await read()).toMatchObject({ answered: false, required: true });
  const send = (answers: object) => ask(first.visitor, 'POST', path, { answers });
  expect((await send({ danger: 'no' })).body.message).toBe('请回答全部问题。');
  expect((await send({ danger: 'no', thoughts: 'no' })).status).toBe(200);
  expect(await read()).toMatchObject({ answered: true, required: false });
  const second = await visit();
  await serve(2);
  await until(async () => (await line()).length === 0, 'both are served', 30_000);
  expect(await stored(second.id)).toMatchObject({ status: 'IN_PROGRESS' });
}, 60_000);
