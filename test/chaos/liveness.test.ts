/**
 * T7 of the reliability plan (I7, I8): visitors come and go while counselors' presence flaps and caps go to zero
 * and back. An oracle looks every half second for somebody who waits beside a free seat, and afterwards for
 * anybody who was overtaken. LIVENESS_WAITS=1000 is the long form (`npm run races`).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { report } from '../support/history.js';
import { seeded, seedOf } from '../support/history-random.js';
import { until } from '../support/poll.js';

const WAITS = Number(process.env['LIVENESS_WAITS'] ?? 20);
const VISITORS = 12;
const LOOK_MS = 500;
/** A wait beside a free seat that lasts longer than this counts as never resolved. */
const UNRESOLVED_MS = 10_000;
/** Two who are admitted in the same round are written in any order; later than this is an overtaking. */
const SAME_ROUND_MS = 2_000;

const seed = seedOf();
const random = seeded(seed);
let hotline: Hotline;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
});
afterAll(() => hotline.stop());

test(`${String(WAITS)} waits: nobody waits beside a free seat, nobody is overtaken`, async () => {
  const { ctx } = hotline.node;
  const { models } = ctx;
  const institution = `live-${String(seed)}`;
  await models.Institution.create({ _id: institution, name: institution });
  const counselors = await Promise.all(
    Array.from({ length: 3 }, () => makeCounselor(ctx, 2, { institution })),
  );
  const visitors = await Promise.all(
    Array.from({ length: VISITORS }, () => makePerson(ctx, 'VISITOR', { institution })),
  );
  const url = () => random.pick(hotline.nodes).url;
  const state = { done: false };
  const violations: string[] = [];
  let waits = 0;

  async function visit(person: Person): Promise<void> {
    while (!state.done) {
      const answer = await http(url(), 'PUT', '/conversation', { token: person.token, json: {} });
      const { id, status } = answer.body.result as { id: string; status: string };
      if (status === 'WAITING') waits += 1;
      await pause(random.between(100, 900));
      await http(url(), 'POST', `/conversation/end/${id}`, { token: person.token });
      await pause(random.between(0, 200));
    }
  }
  async function flap(person: Person): Promise<void> {
    while (!state.done) {
      await pause(random.between(200, 1_200));
      if (random.next() < 0.5) {
        await http(url(), 'PUT', '/api/v1/me/presence', { token: person.token, json: { state: 'away' } });
        await pause(random.between(50, 500));
        await http(url(), 'PUT', '/api/v1/me/presence', { token: person.token, json: { state: 'online' } });
      } else {
        await http(url(), 'POST', '/user/maxconsults', { token: person.token, json: { maxConsults: 0 } });
        await pause(random.between(50, 500));
        await http(url(), 'POST', '/user/maxconsults', { token: person.token, json: { maxConsults: 2 } });
      }
    }
  }

  /** Since when each conversation waits while a seat is free, as far as one sees who looks every half second. */
  const beside = new Map<string, number>();
  const resolved: number[] = [];
  async function look(): Promise<void> {
    const duties = await models.Duty.find({ institution, presence: 'online' }).lean();
    const free = duties.reduce((sum, duty) => sum + Math.max(0, duty.maxConsults - duty.seats.length), 0);
    const waiting = await models.Conversation.find({ institution, status: 'WAITING', open: true })
      .sort({ queueScore: 1 })
      .limit(free === 0 ? 1 : free)
      .lean();
    const now = performance.now();
    const stuck = new Set(free === 0 ? [] : waiting.map((row) => row._id.toHexString()));
    for (const id of stuck) if (!beside.has(id)) beside.set(id, now);
    for (const [id, since] of beside) {
      if (stuck.has(id) && now - since <= UNRESOLVED_MS) continue;
      if (stuck.has(id))
        violations.push(`${id} waits beside a free seat for ${String(Math.round(now - since))} ms`);
      beside.delete(id);
      resolved.push(now - since);
    }
    for (const duty of duties)
      // A cap that was lowered throws nobody out: two is the highest there ever is.
      if (duty.seats.length > 2)
        violations.push(`${duty._id.toHexString()} holds ${String(duty.seats.length)}`);
  }
  const looking = (async () => {
    while (!state.done) {
      await look();
      await pause(LOOK_MS);
    }
  })();
  const busy = [...visitors.map(visit), ...counselors.map(flap)];
  await until(() => waits >= WAITS, `${String(WAITS)} waits`, 3_000_000);
  state.done = true;
  await Promise.all([looking, ...busy]);

  // Who came earlier to the same line and was served at all was not served after somebody who came later.
  const served = await models.Conversation.find({ institution, startAt: { $ne: null } })
    .sort({ queueScore: 1 })
    .lean();
  let overtakes = 0;
  let latest = -Infinity;
  for (const row of served.toReversed()) {
    const at = row.startAt?.getTime() ?? 0;
    // `latest` = the earliest start among those who came after.
    if (latest !== -Infinity && at > latest + SAME_ROUND_MS) {
      overtakes += 1;
      violations.push(`${row._id.toHexString()} was overtaken by ${String(at - latest)} ms`);
    }
    latest = latest === -Infinity ? at : Math.min(latest, at);
  }
  await until(
    async () => (await models.Duty.find({ institution }).lean()).every((duty) => duty.seats.length === 0),
    'every seat is free at the end',
    15_000,
  ).catch((error: unknown) => violations.push(String(error)));
  const sorted = resolved.sort((a, b) => a - b);
  report({
    test: 'T7-liveness',
    seed,
    counts: {
      waits,
      served: served.length,
      seenBesideFreeSeat: resolved.length,
      unresolved: resolved.filter((ms) => ms > UNRESOLVED_MS).length,
      overtakes,
      maxP99Ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    },
    violations,
  });
  expect(violations).toEqual([]);
}, 3_600_000);
