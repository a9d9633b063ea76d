/** Risk: the alarm and who comes, marks that no visitor sees, the scale, the case until it is closed, follow-ups. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Conversation as Wire } from '../../../contract/conversation.js';
import type { Alarm, FollowUp, WholeRiskCase } from '../../../contract/risk.js';
import { createSession } from '../../../services/account/session.js';
import type { Ctx } from '../../../services/context.js';
import { setPolicy } from '../../../services/policy/policy.js';
import { remindFollowUps } from '../../../services/risk/follow-up.js';
import { RISK_FORMS, scoreOf } from '../../../services/risk/form.js';
import { marksOf } from '../../../services/risk/words.js';
import { sweepDeadlines } from '../../../services/time/deadline.js';
import type { Hotline } from '../../support/app.js';
import { connect, http } from '../../support/clients.js';
import type { TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { until } from '../../support/poll.js';
import { startPair } from '../../support/pair.js';

let hotline: Hotline;
let clock: TestClock;
let ctx: Ctx;
let a: string;
let b: string;
beforeAll(async () => {
  ({ hotline, clock, ctx, a, b } = await startPair());
});
afterAll(() => hotline.stop());

const ask = (as: Person, method: string, path: string, json?: unknown) =>
  http(a, method, `/api/v1/${path}`, { token: as.token, ...(json === undefined ? {} : { json }) });
const stored = (id: string) => ctx.models.Conversation.findById(id).lean().orFail();
const form = RISK_FORMS[0];
if (!form) throw new Error('a form');
const filled = (points: Record<string, number>) => ({
  form: form.version,
  answers: { ...Object.fromEntries(form.items.map(({ id }) => [id, 0])), ...points },
});

let houses = 0;
async function house(supervisors = 1) {
  const institution = `risk${String((houses += 1))}`;
  const overseers: Person[] = [];
  for (let each = 0; each < supervisors; each += 1)
    overseers.push(await makePerson(ctx, 'SUPERVISOR', { institution }));
  const [first] = overseers as [Person];
  const counselor = await makeCounselor(ctx, 2, { institution, supervisors: [first.user._id] });
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  const { body } = await http(a, 'PUT', '/conversation', { token: visitor.token, json: {} });
  return { institution, overseers, supervisor: first, counselor, visitor, id: (body.result as Wire).id };
}

test('the alarm: who is on duty is called, then the next, then all, and all again until one comes', async () => {
  const { institution, overseers, counselor, visitor, id } = await house(3);
  // Whatever the policy grants a call, an alarm waits a minute.
  await setPolicy(ctx, institution, { supervisorAnswerSeconds: 300 });
  const v = await connect(b, visitor.token);
  const third = await connect(b, (overseers[2] as Person).token);
  const raised = await ask(counselor, 'POST', `conversations/${id}/alarm`, { cause: 'WITHIN_72H' });
  const { thread, script, case: opened } = raised.body.result as Alarm;
  expect(script.length).toBeGreaterThan(0);
  const card = await v.hear('message:created', (message) => message.event === 'emergency-card');
  expect(card.text).toContain('12356');
  // The one who is connected is called first, by an alarm.
  await third.hear(
    'supervision:requested',
    ({ conversationId, alarm }) => conversationId === thread && alarm === true,
  );
  expect(await stored(id)).toMatchObject({ risk: 'high' });
  const called = async () => (await stored(thread)).calls?.map(({ state }) => state);
  for (const states of [
    ['ESCALATED', 'CALLED'],
    ['ESCALATED', 'ESCALATED', 'CALLED'],
    ['ESCALATED', 'ESCALATED', 'ESCALATED'],
  ]) {
    clock.advance(61_000);
    await sweepDeadlines(ctx);
    expect(await called()).toEqual(states);
  }
  // Nobody came: it does not rest.
  const before = third.heard('supervision:requested').length;
  clock.advance(61_000);
  await sweepDeadlines(ctx);
  await third.hear('supervision:requested', () => third.heard('supervision:requested').length > before);
  await ask(overseers[2] as Person, 'POST', `supervisions/${thread}/accept`, {});
  expect((await stored(thread)).deadlines).toEqual([]);
  // One tap more opens no second case and shows no second card.
  const again = await ask(counselor, 'POST', `conversations/${id}/alarm`, {});
  expect((again.body.result as Alarm).case).toBe(opened);
  expect(v.heard('message:created').filter(({ event }) => event === 'emergency-card')).toHaveLength(1);
  expect(JSON.stringify(v.heard('message:created'))).not.toContain('risk-alarm');
  expect((await ask(visitor, 'POST', `conversations/${id}/alarm`, {})).status).toBe(403);
  for (const client of [v, third]) client.close();
});

test('a high-risk session whose counselor is banned waits in the line, and a supervisor on duty is alarmed', async () => {
  const { institution, supervisor, counselor, id } = await house();
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
  const s = await connect(b, supervisor.token);
  await ctx.models.Conversation.updateOne({ _id: id }, { $set: { risk: 'high' } });
  const banned = await http(a, 'POST', `/user/ban/${counselor.id}`, { token: admin.token, json: {} });
  expect(banned.body.code).toBe(0);
  const alarm = await s.hear('supervision:requested', (request) => request.session === id, 30_000);
  expect(alarm).toEqual({ session: id, conversationId: expect.any(String), alarm: true });
  await until(async () => (await stored(id)).status === 'WAITING', 'it waits', 30_000);
  const thread = await stored(alarm.conversationId);
  expect(thread).toMatchObject({ alarm: true, counselor: null, openThread: true });
  // It does not rest until somebody comes, and who comes is let in.
  expect(thread.deadlines.map(({ kind }) => kind)).toEqual(['call']);
  expect((await ask(supervisor, 'POST', `supervisions/${alarm.conversationId}/accept`, {})).status).toBe(200);
  s.close();
});

test('keyword rules mark for staff alone, on no wire of the visitor, and decide nothing', async () => {
  const { supervisor, counselor, visitor, id } = await house();
  const [v, c] = await Promise.all([connect(b, visitor.token), connect(b, counselor.token)]);
  const sent = await v.must('message:send', {
    conversationId: id,
    clientMsgId: 'k1',
    kind: 'text',
    text: '我 不 想，活了',
  });
  const mark = { conversationId: id, seq: sent.seq, rules: ['suicide'] };
  expect(await c.hear('message:marked')).toEqual(mark);
  expect((await ask(supervisor, 'GET', `conversations/${id}/marks`)).body.result).toEqual([mark]);
  expect((await ask(visitor, 'GET', `conversations/${id}/marks`)).status).toBe(403);
  const seen = await v.must('sync', { conversations: [{ id, after: 0 }] });
  const pages = await ask(visitor, 'GET', `conversations/${id}/messages`);
  for (const told of [seen, pages.body, v.heard('message:created'), v.heard('message:marked')])
    expect(JSON.stringify(told)).not.toMatch(/marks|suicide/);
  expect(await stored(id)).toMatchObject({ risk: 'none', status: 'IN_PROGRESS' });
  // What the counselor says is not searched.
  await c.must('message:send', { conversationId: id, clientMsgId: 'k2', kind: 'text', text: '你想过自杀吗' });
  expect((await ask(counselor, 'GET', `conversations/${id}/marks`)).body.result).toHaveLength(1);
  expect(marksOf([{ id: 'x', words: ['想死'] }], '想念老师')).toEqual([]);
  for (const client of [v, c]) client.close();
});

test('the scale: bands by points, whole or refused; it raises the risk and never lowers it', async () => {
  const { counselor, id } = await house();
  expect(form.items).toHaveLength(12);
  expect(form.items.reduce((sum, { max }) => sum + max, 0)).toBe(16);
  const bandOf = (points: number) => {
    const answers: Record<string, number> = {};
    for (const { id: item, max } of form.items) {
      answers[item] = Math.min(max, points);
      points -= answers[item];
    }
    return scoreOf(form.version, answers).band;
  };
  expect([0, 3, 4, 7, 8, 16].map(bandOf)).toEqual(['low', 'low', 'moderate', 'moderate', 'high', 'high']);
  const path = `conversations/${id}/risk-assessments`;
  expect((await ask(counselor, 'POST', path, { form: form.version, answers: { pain: 1 } })).status).toBe(400);
  expect((await ask(counselor, 'POST', path, filled({ pain: 2 }))).status).toBe(400);
  expect((await ask(counselor, 'POST', path, { ...filled({}), form: 'other' })).status).toBe(400);
  const high = filled({ ideation: 2, depression: 2, hopelessness: 2, acute: 2 });
  expect((await ask(counselor, 'POST', path, high)).body.result).toMatchObject({ score: 8, band: 'high' });
  expect((await ask(counselor, 'POST', path, filled({}))).body.result).toMatchObject({
    score: 0,
    band: 'low',
  });
  expect(await stored(id)).toMatchObject({ risk: 'high', status: 'IN_PROGRESS' });
  const raw = JSON.stringify(await ctx.models.RiskAssessment.collection.find({}).toArray());
  expect(raw).not.toContain('hopelessness');
});

test('a case is closed with scale, plan and sign-off only; the session ends without; words are sealed and erased with it', async () => {
  const { supervisor, counselor, visitor, id } = await house();
  const stranger = await makePerson(ctx, 'SUPERVISOR', { institution: counselor.user.institution });
  const { body } = await ask(counselor, 'POST', `conversations/${id}/alarm`, {});
  const { case: opened } = body.result as Alarm;
  const close = async () => (await ask(counselor, 'POST', `risk-cases/${opened}/close`, {})).status;
  const sign = async (as: Person) => (await ask(as, 'POST', `risk-cases/${opened}/sign-off`, {})).status;
  expect([await close(), await sign(supervisor)]).toEqual([422, 422]);
  // The session itself ends when either side says so (26b).
  const ended = await http(a, 'DELETE', `/conversation?conversationId=${id}`, { token: visitor.token });
  if (ended.status !== 200 || ended.body.code !== 0)
    await (await connect(b, visitor.token)).must('conversation:end', { conversationId: id });
  expect((await stored(id)).status).toBe('FINISHED');
  await ask(counselor, 'POST', `conversations/${id}/risk-assessments`, filled({ ideation: 2 }));
  await ask(counselor, 'PUT', `risk-cases/${opened}/plan`, { plan: '把药交给室友' });
  expect([await close(), await sign(stranger), await sign(counselor), await sign(supervisor)]).toEqual([
    422, 403, 403, 200,
  ]);
  // Another plan is another signature.
  await ask(counselor, 'PUT', `risk-cases/${opened}/plan`, { plan: '把药交给辅导员' });
  expect([await close(), await sign(supervisor), await close(), await close()]).toEqual([422, 200, 200, 200]);
  const told = {
    to: 'SCHOOL',
    whom: '学院李书记',
    reason: '有计划且拒绝就医',
    visitorTold: false,
  };
  expect((await ask(counselor, 'POST', `risk-cases/${opened}/disclosures`, told)).status).toBe(400);
  const written = await ask(counselor, 'POST', `risk-cases/${opened}/disclosures`, {
    ...told,
    untold: '告知会增加危险',
  });
  const report = written.body.result.id as string;
  expect((await ask(supervisor, 'POST', `disclosures/${report}/sign`, {})).body.result).toMatchObject({
    by: counselor.id,
    signedBy: supervisor.id,
  });
  const whole = (await ask(supervisor, 'GET', `risk-cases/${opened}`)).body.result as WholeRiskCase;
  expect(whole).toMatchObject({ status: 'CLOSED', plan: '把药交给辅导员', missing: [], band: 'low' });
  expect(whole.disclosures).toMatchObject([{ whom: told.whom, reason: told.reason }]);
  expect(
    await ctx.models.AuditEntry.countDocuments({
      action: 'transcript.read',
      reason: 'RISK',
      subject: `conversation:${id}`,
    }),
  ).toBe(1);
  const raw = await Promise.all(
    [ctx.models.RiskCase, ctx.models.Disclosure].map((model) => model.collection.find({}).toArray()),
  );
  expect(JSON.stringify(raw)).not.toMatch(/辅导员|李书记|拒绝就医/);
  // With the session's key its words are gone, and the case still says what was done.
  const { key } = await stored(id);
  await ctx.models.DataKey.updateOne({ _id: key }, { $set: { wrapped: null } });
  for (const node of hotline.nodes) node.ctx.keys.drop(key.toHexString());
  const after = (await ask(supervisor, 'GET', `risk-cases/${opened}`)).body.result as WholeRiskCase;
  expect(after).toMatchObject({ plan: null, status: 'CLOSED', signedBy: supervisor.id });
  expect(after.disclosures).toMatchObject([{ whom: null, reason: null, signedBy: supervisor.id }]);
});

test('five follow-ups with dates; the owner is told on the day, what is missed is listed until it is done or explained', async () => {
  const { supervisor, counselor, id } = await house();
  await ask(counselor, 'POST', `conversations/${id}/alarm`, {});
  const list = async (as: Person, state: string) =>
    (await ask(as, 'GET', `follow-ups?state=${state}`)).body.result as FollowUp[];
  const tasks = await list(counselor, 'OPEN');
  expect(tasks.map(({ step }) => step)).toEqual(['NEXT_DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR']);
  await remindFollowUps(ctx);
  expect(await ctx.models.FollowUp.countDocuments({ remindedAt: { $ne: null } })).toBe(0);
  clock.advance(86_400_000);
  // A day later everybody has signed in anew.
  for (const person of [counselor, supervisor])
    person.token = (await createSession(ctx, person.user, {})).token;
  const c = await connect(b, counselor.token);
  await Promise.all(hotline.nodes.map((node) => remindFollowUps(node.ctx)));
  const due = await c.hear('follow-up:due');
  expect(due).toMatchObject({ id: tasks[0]?.id, step: 'NEXT_DAY' });
  expect(await list(counselor, 'OVERDUE')).toEqual([]);
  clock.advance(86_400_000);
  for (const person of [counselor, supervisor])
    person.token = (await createSession(ctx, person.user, {})).token;
  expect((await list(supervisor, 'OVERDUE')).map((task) => task.id)).toEqual([due.id]);
  const settle = (json: unknown) => ask(counselor, 'POST', `follow-ups/${due.id}/settle`, json);
  expect((await settle({ outcome: 'LEFT_OUT' })).status).toBe(400);
  expect((await settle({ outcome: 'LEFT_OUT', note: '已转介住院' })).body.result).toMatchObject({
    state: 'LEFT_OUT',
    note: '已转介住院',
  });
  expect((await settle({ outcome: 'BETTER' })).status).toBe(409);
  expect(await list(supervisor, 'OVERDUE')).toEqual([]);
  // Told once, however many nodes and turns.
  await remindFollowUps(ctx);
  expect(c.heard('follow-up:due')).toHaveLength(1);
  c.close();
});
