/** The record of a session: what the gate asks for, what is missing after a day, contacts by kind; and staffing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Conversation as Wire } from '../../../contract/conversation.js';
import type { Disposition } from '../../../contract/enums.js';
import { createSession } from '../../../services/account/session.js';
import type { Ctx } from '../../../services/context.js';
import { setPolicy } from '../../../services/policy/policy.js';
import { mustWait, seatsNeeded, servedWithin } from '../../../services/staffing/erlang.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { authenticatedActor, makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { endConversation } from '../../../services/conversation/end.js';

let hotline: Hotline;
let clock: TestClock;
let ctx: Ctx;
beforeAll(async () => {
  clock = testClock();
  hotline = await startHotline({ clock, env: { FACES: 'server' } });
  ctx = hotline.node.ctx;
});
afterAll(() => hotline.stop());

const ask = (as: Person, method: string, path: string, json?: unknown) =>
  http(hotline.node.url, method, `/api/v1/${path}`, {
    token: as.token,
    ...(json === undefined ? {} : { json }),
  });
const written = {
  disposition: 'COUNSELING',
  noBand: 'NOT_INDICATED',
  template: 'hotline-1',
  fields: { complaint: '与室友冲突', course: '倾听、澄清' },
};

test('the seat stays taken until the record is saved, whole and with a band or a reason; what is missing is listed', async () => {
  const institution = 'records1';
  await setPolicy(ctx, institution, { wrapUpSeconds: 600, recordRequired: true });
  const supervisor = await makePerson(ctx, 'SUPERVISOR', { institution });
  const counselor = await makeCounselor(ctx, 1, { institution, supervisors: [supervisor.user._id] });
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  const { body } = await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json: {} });
  const { id } = body.result as Wire;
  const save = async (json: unknown) =>
    (await ask(counselor, 'PUT', `conversations/${id}/record`, json)).status;
  const seats = async () => (await ctx.models.Duty.findById(counselor.id).lean().orFail()).seats.length;
  expect(await save(written)).toBe(422);
  await endConversation(ctx, await authenticatedActor(ctx, visitor.token), id);
  expect(await seats()).toBe(1);
  // Not by changing the state, and not by saying that it is done.
  await ask(counselor, 'PUT', 'me/presence', { state: 'away' });
  await ask(counselor, 'PUT', 'me/presence', { state: 'online' });
  expect((await ask(counselor, 'POST', `conversations/${id}/wrap-up`, {})).status).toBe(422);
  expect(await seats()).toBe(1);
  const { noBand, ...bandless } = written;
  expect(noBand).toBeDefined();
  for (const wrong of [
    bandless,
    { ...written, template: 'older' },
    { ...written, fields: { complaint: '只有主诉' } },
    { ...written, fields: { ...written.fields, other: '?' } },
    { ...written, interviewRecord: 404 },
  ])
    expect(await save(wrong)).toBe(400);
  const missing = async (as: Person) =>
    ((await ask(as, 'GET', 'records-missing')).body.result as { conversationId: string }[]).map(
      ({ conversationId }) => conversationId,
    );
  expect(await missing(counselor)).toEqual([]);
  clock.advance(25 * 3_600_000);
  for (const person of [counselor, supervisor])
    person.token = (await createSession(ctx, person.user, {})).token;
  expect([await missing(counselor), await missing(supervisor)]).toEqual([[id], [id]]);
  expect(await save(written)).toBe(200);
  expect([await seats(), await missing(supervisor)]).toEqual([0, []]);

  const read = await ask(supervisor, 'GET', `conversations/${id}/record`);
  expect(read.body.result).toMatchObject({
    ...written,
    endCause: 'VISITOR_ENDED',
    wait: expect.any(Number),
    band: null,
  });
  expect(
    await ctx.models.AuditEntry.countDocuments({ action: 'transcript.read', actor: supervisor.user._id }),
  ).toBe(1);
  const raw = JSON.stringify(await ctx.models.SessionRecord.collection.find({}).toArray());
  expect(raw).not.toContain('室友');
  expect(await save({ ...written, disposition: 'HARASSMENT' })).toBe(200);
  const now = clock.now();
  const range = `contacts?from=${String(now - 3 * 86_400_000)}&to=${String(now)}`;
  expect((await ask(supervisor, 'GET', range)).body.result).toEqual({
    recorded: 1,
    valid: 0,
    invalid: 1,
    byDisposition: { HARASSMENT: 1 },
  });
});

test('a kind of contact opens the list of exactly the sessions that it counts', async () => {
  const [institution, elsewhere] = ['contacts1', 'contacts2'];
  const supervisor = await makePerson(ctx, 'SUPERVISOR', { institution });
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
  const system = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR', { institution });
  const bound = await makeCounselor(ctx, 5, { institution, supervisors: [supervisor.user._id] });
  const unbound = await makeCounselor(ctx, 5, { institution });
  const foreign = await makeCounselor(ctx, 5, { institution: elsewhere });
  const from = clock.now();
  const to = from + 86_400_000;
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  const { body: opened } = await http(hotline.node.url, 'PUT', '/conversation', {
    token: visitor.token,
    json: {},
  });
  const { key } = await ctx.models.Conversation.findById((opened.result as Wire).id)
    .lean()
    .orFail();
  const contact = async (
    counselor: Person,
    place: { disposition?: Disposition; start?: number; end?: number; calls?: boolean },
  ) => {
    const { disposition = 'CRISIS', start = from + 1, end = from + 2 } = place;
    const facts = { institution: counselor.user.institution, counselor: counselor.user._id };
    const { _id } = await ctx.models.Conversation.create({
      ...{ ...facts, key, type: 'COUNSELING_SESSION', status: 'FINISHED' },
      ...{ startAt: new Date(start), endAt: new Date(end) },
      ...(place.calls ? { supervisors: [supervisor.user._id] } : {}),
    });
    await ctx.models.SessionRecord.create({
      ...{ ...facts, _id, disposition, endedAt: new Date(end), template: 'hotline-1' },
      ...{ fields: Buffer.alloc(1), savedAt: new Date(end) },
    });
    return _id.toHexString();
  };
  const own = [
    await contact(bound, {}),
    // It ended in the time, though it began before; the time's last moment is in it.
    await contact(bound, { start: from - 1, end: from }),
    await contact(bound, { end: to - 1 }),
  ];
  // Not counted: it began in the time and ended after it.
  await contact(bound, { end: to });
  await contact(bound, { disposition: 'COUNSELING' });
  // Within the supervisor's list, as they sit in on it, and not in their figures.
  const satIn = await contact(unbound, { calls: true });
  await contact(foreign, {});
  const deleted = await contact(bound, {});
  expect(
    (await http(hotline.node.url, 'DELETE', `/conversation/${deleted}`, { token: admin.token })).status,
  ).toBe(200);

  const list = (as: Person, disposition: string) =>
    http(
      hotline.node.url,
      'GET',
      `/conversation/consultlist?disposition=${disposition}&startTime=${String(from)}&endTime=${String(to - 1)}`,
      { token: as.token },
    );
  for (const [as, wanted] of [
    [bound, own],
    [supervisor, own],
    [admin, [...own, satIn]],
    [system, [...own, satIn]],
  ] as const) {
    const { body } = await list(as, 'CRISIS');
    expect((body.result as Wire[]).map(({ id }) => id).sort()).toEqual([...wanted].sort());
    const counted = await ask(as, 'GET', `contacts?from=${String(from)}&to=${String(to)}`);
    const { byDisposition } = counted.body.result as { byDisposition: Record<string, number> };
    expect([as.user.role, body.count, byDisposition]).toEqual([
      as.user.role,
      wanted.length,
      { CRISIS: wanted.length, COUNSELING: 1 },
    ]);
  }
  // The documented dialect refuses in its body.
  expect((await list(admin, 'WHATEVER')).body.code).toBe(-2);
});

test('Erlang C: known values, and the least number of places that keeps the wait', () => {
  // Recomputed by hand from the sum formula: 2.667 erlangs and five places.
  const load = (40 * 240) / 3_600;
  expect(mustWait(load, 5)).toBeCloseTo(0.1616, 3);
  expect(mustWait(1, 1)).toBe(1);
  expect(mustWait(0.5, 1)).toBeCloseTo(0.5, 10);
  expect(mustWait(0, 1)).toBe(0);
  for (const [arrivals, handle] of [
    [1, 3_000],
    [6, 2_400],
    [40, 240],
    [300, 3_000],
  ] as const) {
    const seats = seatsNeeded(arrivals, handle, 60, 0.8);
    const offered = (arrivals * handle) / 3_600;
    expect(servedWithin(offered, seats, handle, 60)).toBeGreaterThanOrEqual(0.8);
    expect(servedWithin(offered, seats - 1, handle, 60)).toBeLessThan(0.8);
  }
  expect(seatsNeeded(0, 3_000, 60, 0.8)).toBe(0);
});

test('staffing: arrivals of the same weekday against the places of the roster', async () => {
  const institution = 'staffing1';
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json: {} });
  const row = await ctx.models.Conversation.findOne({ institution }).lean().orFail();
  await endConversation(ctx, await authenticatedActor(ctx, visitor.token), row._id.toHexString());
  const week = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(
    row.createdAt.getTime() + 7 * 86_400_000,
  );
  const { body } = await ask(admin, 'GET', `staffing?day=${week}&weeks=1`);
  const { hours, counselors } = body.result as { hours: { arrivals: number }[]; counselors: number };
  expect(hours).toHaveLength(24);
  expect([hours.reduce((sum, { arrivals }) => sum + arrivals, 0), counselors]).toEqual([1, 0]);
});
