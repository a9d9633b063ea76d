/** A supervisor's review: who may write it, what its counselor sees and hears, that reading is written down, sealing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Conversation as Wire } from '../../../contract/conversation.js';
import type { QualityReview, WholeQualityReview } from '../../../contract/quality-review.js';
import type { Ctx } from '../../../services/context.js';
import { endConversation } from '../../../services/conversation/end.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { connect, http } from '../../support/clients.js';
import { authenticatedActor, makeCounselor, makePerson, type Person } from '../../support/factories.js';

let hotline: Hotline;
let ctx: Ctx;
beforeAll(async () => {
  hotline = await startHotline({ env: { FACES: 'server,realtime' } });
  ctx = hotline.node.ctx;
});
afterAll(() => hotline.stop());

const ask = (as: Person, method: string, path: string, json?: unknown) =>
  http(hotline.node.url, method, `/api/v1/${path}`, {
    token: as.token,
    ...(json === undefined ? {} : { json }),
  });

test('a session that is over is reviewed by its supervisor, and its counselor hears, reads and says so', async () => {
  const institution = 'review1';
  const [supervisor, stranger] = await Promise.all([
    makePerson(ctx, 'SUPERVISOR', { institution }),
    makePerson(ctx, 'SUPERVISOR', { institution }),
  ]);
  const bound = [supervisor.user._id];
  const counselor = await makeCounselor(ctx, 1, { institution, supervisors: bound });
  const colleague = await makeCounselor(ctx, 0, { institution, supervisors: bound });
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  const opened = await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json: {} });
  const { id } = opened.body.result as Wire;
  const c = await connect(hotline.node.url, counselor.token);
  const said = { conversationId: id, clientMsgId: 'r1', kind: 'text' as const, text: '请慢慢说' };
  const { seq } = await c.must('message:send', said);
  const review = {
    points: { CONTACT: 4, RISK: 2 },
    comment: '开场自然，风险问得太晚',
    remarks: [{ seq, text: '这里可以直接问' }],
  };
  const save = (as: Person, json: unknown) => ask(as, 'PUT', `conversations/${id}/review`, json);
  // While it runs there is nothing to judge.
  expect((await save(supervisor, review)).status).toBe(422);
  await endConversation(ctx, await authenticatedActor(ctx, visitor.token), id);
  for (const as of [counselor, stranger, admin, visitor]) expect((await save(as, review)).status).toBe(403);
  for (const wrong of [
    { ...review, points: {} },
    { ...review, points: { CONTACT: 6 } },
    { ...review, remarks: [{ seq: 9_000, text: '没有这条消息' }] },
  ])
    expect((await save(supervisor, wrong)).status).toBe(400);

  const saved = (await save(supervisor, review)).body.result as WholeQualityReview;
  expect(saved).toMatchObject({ ...review, counselor: counselor.id, readTime: null });
  expect(await c.hear('review:saved')).toEqual({ id: saved.id, conversationId: id });
  const readings = (person: Person) =>
    ctx.models.AuditEntry.find({ action: 'transcript.read', actor: person.user._id }, { reason: 1 }).lean();
  expect((await readings(supervisor)).map(({ reason }) => reason)).toEqual(['QUALITY']);

  const words = (as: Person) => ask(as, 'GET', `conversations/${id}/reviews`);
  expect((await words(counselor)).body.result).toEqual([saved]);
  expect(await readings(counselor)).toEqual([]);
  expect((await words(admin)).body.result).toEqual([saved]);
  expect(await readings(admin)).toHaveLength(1);
  for (const as of [colleague, stranger, visitor]) expect((await words(as)).status).toBe(403);

  const unread = async (as: Person) =>
    ((await ask(as, 'GET', 'reviews?unread=true')).body.result as QualityReview[]).map((row) => row.id);
  for (const as of [counselor, supervisor, admin]) expect(await unread(as)).toEqual([saved.id]);
  for (const as of [colleague, stranger]) expect(await unread(as)).toEqual([]);
  expect((await ask(colleague, 'POST', `reviews/${saved.id}/read`, {})).status).toBe(403);
  expect((await ask(counselor, 'POST', `reviews/${saved.id}/read`, {})).body.result).toMatchObject({
    id: saved.id,
    readTime: expect.any(Number),
  });
  expect(await unread(counselor)).toEqual([]);
  // Saved anew it is the same review, and unread again.
  const anew = await save(supervisor, { ...review, points: { CONTACT: 5 } });
  expect(anew.body.result).toMatchObject({ id: saved.id, points: { CONTACT: 5 }, readTime: null });
  expect(await unread(counselor)).toEqual([saved.id]);

  const raw = JSON.stringify(await ctx.models.QualityReview.collection.find({}).toArray());
  expect(raw).not.toMatch(/风险问得太晚|直接问/);
  c.close();
});
