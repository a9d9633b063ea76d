/** Care for counselors: the break after danger, limits of a day and in a row, missing records, what each carries. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Load } from '../../../contract/care.js';
import type { Conversation as Wire } from '../../../contract/conversation.js';
import { createSession } from '../../../services/account/session.js';
import type { Ctx } from '../../../services/context.js';
import { endConversation } from '../../../services/conversation/end.js';
import { setPolicy } from '../../../services/policy/policy.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { authenticatedActor, makeCounselor, makePerson, type Person } from '../../support/factories.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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
  http(hotline.node.url, method, path, { token: as.token, ...(json === undefined ? {} : { json }) });
/** Time was moved: who signed in before then signs in again. */
async function again(...people: Person[]) {
  for (const person of people) person.token = (await createSession(ctx, person.user, {})).token;
}
const stored = (id: string) => ctx.models.Conversation.findById(id).lean().orFail();
const statusOf = async (id: string) => (await stored(id)).status;
async function arrive(institution: string) {
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  const opened = (await ask(visitor, 'PUT', '/conversation', {})).body.result as Wire;
  const end = async () => endConversation(ctx, await authenticatedActor(ctx, visitor.token), opened.id);
  return { ...opened, person: visitor, end };
}
const loads = async (as: Person) => (await ask(as, 'GET', '/api/v1/load')).body.result as Load[];

test('after a session of high risk its counselor rests, and only then takes the next; other sessions cost no rest', async () => {
  const institution = 'care1';
  await setPolicy(ctx, institution, { highRiskBreakSeconds: 600 });
  const counselor = await makeCounselor(ctx, 1, { institution });
  const calm = await arrive(institution);
  await calm.end();
  const first = await arrive(institution);
  expect(first.status).toBe('IN_PROGRESS');
  await ask(counselor, 'POST', `/api/v1/conversations/${first.id}/alarm`, {});
  await first.end();
  const next = await arrive(institution);
  expect(next.status).toBe('WAITING');
  const [load] = await loads(counselor);
  expect(load).toMatchObject({
    sessions: { today: 2 },
    highRisk: { today: 1 },
    restUntil: expect.any(Number),
  });
  clock.advance(300_000);
  await ctx.admissions.admit(institution);
  expect(await statusOf(next.id)).toBe('WAITING');
  clock.advance(301_000);
  await ctx.admissions.admit(institution);
  expect(await statusOf(next.id)).toBe('IN_PROGRESS');
});

test('sessions in a row: a warning is listed, a refusal lets the next one wait until there was a pause', async () => {
  const institution = 'care2';
  const limits = { dayHours: 24, inARow: 2, pauseMinutes: 10 };
  await setPolicy(ctx, institution, { workLimits: { mode: 'warn', ...limits } });
  const counselor = await makeCounselor(ctx, 1, { institution });
  for (const _ of [1, 2]) await (await arrive(institution)).end();
  expect(await loads(counselor)).toMatchObject([{ inARow: 2, reached: ['IN_A_ROW'], held: false }]);
  await (await arrive(institution)).end();
  expect(await loads(counselor)).toMatchObject([{ inARow: 3 }]);
  await setPolicy(ctx, institution, { workLimits: { mode: 'refuse', ...limits } });
  const next = await arrive(institution);
  expect(next.status).toBe('WAITING');
  expect(await loads(counselor)).toMatchObject([{ held: true }]);
  clock.advance(11 * MINUTE);
  await ctx.admissions.admit(institution);
  expect(await statusOf(next.id)).toBe('IN_PROGRESS');
  await again(counselor);
  expect(await loads(counselor)).toMatchObject([{ inARow: 1, reached: [], sessions: { today: 4, week: 4 } }]);
});

test('hours of a day: what was worked counts until midnight in Shanghai, over the limit nobody is given', async () => {
  const institution = 'care3';
  const limits = { dayHours: 4, inARow: 50, pauseMinutes: 10 };
  await setPolicy(ctx, institution, { workLimits: { mode: 'refuse', ...limits } });
  const counselor = await makeCounselor(ctx, 1, { institution });
  const worked = (hours: number) =>
    ctx.models.PresenceInterval.create({
      ...{ counselor: counselor.user._id, institution, state: 'online', connected: true, taken: 0, cap: 1 },
      ...{ from: new Date(clock.now() - hours * HOUR), to: new Date(clock.now()) },
    });
  // Noon of the next day in Shanghai: what is worked within the next hours is of one day.
  clock.advance(36 * HOUR - ((clock.now() + 8 * HOUR) % (24 * HOUR)));
  await worked(3);
  const served = await arrive(institution);
  expect(served.status).toBe('IN_PROGRESS');
  await served.end();
  await worked(1);
  const next = await arrive(institution);
  expect(next.status).toBe('WAITING');
  await again(counselor);
  const [before] = await loads(counselor);
  expect(before).toMatchObject({ reached: ['DAY_HOURS'], held: true });
  // Four hours, and what the test itself took.
  expect(before?.onlineSeconds.today).toBeGreaterThanOrEqual(4 * 3_600);
  expect(before?.onlineSeconds.today).toBeLessThan(5 * 3_600);
  clock.advance(13 * HOUR);
  await ctx.admissions.admit(institution);
  await again(counselor);
  expect(await statusOf(next.id)).toBe('IN_PROGRESS');
  const [load] = await loads(counselor);
  expect(load?.reached).toEqual([]);
  // On line since: one hour of it is of the new day.
  expect(load?.onlineSeconds.today).toBeLessThan(2 * 3_600);
});

test('a record that is missing after a day holds back the next visitor, and saving it lets them in at once', async () => {
  const institution = 'care4';
  const supervisor = await makePerson(ctx, 'SUPERVISOR', { institution });
  const counselor = await makeCounselor(ctx, 1, { institution, supervisors: [supervisor.user._id] });
  const other = await makeCounselor(ctx, 0, { institution });
  const served = await arrive(institution);
  await served.end();
  clock.advance(25 * HOUR);
  await again(counselor, supervisor, other);
  // Only where the house wants it.
  await (await arrive(institution)).end();
  await setPolicy(ctx, institution, { recordHold: true });
  const next = await arrive(institution);
  expect(next.status).toBe('WAITING');
  const reach = async (as: Person) => (await loads(as)).map((row) => row.counselor);
  expect([await reach(supervisor), await reach(other)]).toEqual([[counselor.id], [other.id]]);
  expect(await loads(supervisor)).toMatchObject([{ recordsMissing: 1, held: true }]);
  expect((await ask(next.person, 'GET', '/api/v1/load')).status).toBe(403);
  const saved = await ask(counselor, 'PUT', `/api/v1/conversations/${served.id}/record`, {
    disposition: 'COUNSELING',
    noBand: 'NOT_INDICATED',
    template: 'hotline-1',
    fields: { complaint: '学业', course: '倾听' },
  });
  expect(saved.status).toBe(200);
  expect(await statusOf(next.id)).toBe('IN_PROGRESS');
});

test('supervision that was held: who was there reads it whole, who looks after them sees that it was', async () => {
  const institution = 'care5';
  const [supervisor, bound, stranger] = [
    await makePerson(ctx, 'SUPERVISOR', { institution }),
    await makePerson(ctx, 'SUPERVISOR', { institution }),
    await makePerson(ctx, 'SUPERVISOR', { institution }),
  ];
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
  const [first, second] = [
    await makeCounselor(ctx, 1, { institution, supervisors: [bound.user._id] }),
    await makeCounselor(ctx, 1, { institution }),
  ];
  const foreign = await makeCounselor(ctx, 1, { institution: 'care6' });
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(clock.now());
  const entry = { counselors: [first.id], day: today, minutes: 50, words: '对高风险来访的反移情' };
  const log = '/api/v1/supervision-entries';
  const write = async (json: unknown) => (await ask(supervisor, 'POST', log, json)).status;
  expect(await write({ ...entry, counselors: [foreign.id] })).toBe(404);
  expect(await write({ ...entry, counselors: [first.id, first.id] })).toBe(400);
  expect(await write({ ...entry, day: '2999-01-01' })).toBe(400);
  const held = (await ask(supervisor, 'POST', log, entry)).body.result as { id: string };
  expect(held).toMatchObject(entry);
  for (const as of [supervisor, first])
    expect((await ask(as, 'GET', `${log}/${held.id}`)).body.result).toEqual(held);
  for (const as of [second, bound, stranger, admin])
    expect((await ask(as, 'GET', `${log}/${held.id}`)).status).toBe(403);
  const listed = async (as: Person) => (await ask(as, 'GET', log)).body.result as object[];
  for (const as of [supervisor, first, bound, admin]) {
    const rows = await listed(as);
    expect(rows).toMatchObject([{ id: held.id, minutes: 50 }]);
    expect(JSON.stringify(rows)).not.toContain('反移情');
  }
  for (const as of [second, stranger]) expect(await listed(as)).toEqual([]);
  // A group, written anew by who held it and by nobody else.
  const group = { ...entry, counselors: [first.id, second.id], words: '团督' };
  expect((await ask(bound, 'PUT', `${log}/${held.id}`, group)).status).toBe(403);
  expect((await ask(supervisor, 'PUT', `${log}/${held.id}`, group)).status).toBe(200);
  expect((await ask(second, 'GET', `${log}/${held.id}`)).body.result).toMatchObject(group);
  const raw = JSON.stringify(await ctx.models.SupervisionEntry.collection.find({}).toArray());
  expect(raw).not.toMatch(/反移情|团督/);
  expect(await ctx.models.AuditEntry.countDocuments({ action: 'supervision-log.write' })).toBe(2);
});
