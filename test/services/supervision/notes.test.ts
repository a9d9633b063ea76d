/** What staff write about a session beside it: notes and labels. Nothing of it ever reaches its visitor. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Message } from '../../../contract/message.js';
import type { Ctx } from '../../../services/context.js';
import { setPolicy } from '../../../services/policy/policy.js';
import type { Hotline } from '../../support/app.js';
import { connect, http, type TestSocket } from '../../support/clients.js';
import { makePerson, type Person } from '../../support/factories.js';
import { startPair } from '../../support/pair.js';
import { openSession, said } from '../../support/talk.js';

let hotline: Hotline;
let ctx: Ctx;
let a: string;
let b: string;
beforeAll(async () => {
  ({ hotline, ctx, a, b } = await startPair());
});
afterAll(() => hotline.stop());

const CANARY = '备注canary5e1';
const call = (as: Person, method: string, path: string, json?: unknown) =>
  http(b, method, path, { token: as.token, ...(json === undefined ? {} : { json }) });
const note = (as: Person, id: string, text: string, clientMsgId = text) =>
  call(as, 'POST', `/api/v1/conversations/${id}/notes`, {
    clientMsgId: Buffer.from(clientMsgId).toString('hex').slice(0, 60),
    text,
  });
const notesOf = async (as: Person, id: string) =>
  (await call(as, 'GET', `/api/v1/conversations/${id}/notes`)).body.result as Message[];

async function house(institution: string) {
  const { counselor, visitor, id } = await openSession(ctx, a, { institution });
  const supervisor = await makePerson(ctx, 'SUPERVISOR', { institution });
  await ctx.models.User.updateOne({ _id: counselor.id }, { $set: { supervisors: [supervisor.user._id] } });
  return { institution, counselor, visitor, supervisor, id };
}

/** All that a visitor's devices hear from now on. */
function listen(client: TestSocket): unknown[] {
  const heard: unknown[] = [];
  client.socket.onAny((...told: unknown[]) => heard.push(told));
  return heard;
}

/** Every answer in which a visitor could meet something of a session of theirs. */
async function answersTo(visitor: Person, client: TestSocket, id: string): Promise<unknown[]> {
  const paths = [
    `/api/v1/conversations/${id}`,
    `/api/v1/conversations/${id}/messages`,
    `/api/v1/previews`,
    `/conversation/current`,
    `/conversation?page=1&size=10`,
    `/message/conversation/web?conversationId=${id}`,
  ];
  const answers: unknown[] = [];
  for (const path of paths) {
    const { body, status } = await call(visitor, 'GET', path);
    expect([path, status]).toEqual([path, 200]);
    answers.push(body);
  }
  answers.push(
    (await call(visitor, 'POST', `/api/v1/conversations/${id}/search`, { text: CANARY })).body.result,
  );
  answers.push(await client.must('sync', { conversations: [{ id, after: 0 }] }));
  return answers;
}

test('notes of counselor and supervisor stand beside the session, once each; its visitor meets nothing of them', async () => {
  const { counselor, visitor, supervisor, id } = await house('notes1');
  const v = await connect(b, visitor.token);
  const heard = listen(v);
  const c = await connect(a, counselor.token);
  const before = await ctx.models.Conversation.findById(id).lean().orFail();

  const first = await note(counselor, id, `${CANARY} 家里有支持`);
  expect(first.body.result).toEqual((await note(counselor, id, `${CANARY} 家里有支持`)).body.result);
  await note(supervisor, id, `${CANARY} 下次问睡眠`);
  await c.hear('message:created', ({ kind, text }) => kind === 'note' && text === `${CANARY} 下次问睡眠`);
  for (const reader of [counselor, supervisor])
    expect((await notesOf(reader, id)).map(({ text, sender }) => [text, sender.type])).toEqual([
      [`${CANARY} 家里有支持`, 'COUNSELOR'],
      [`${CANARY} 下次问睡眠`, 'SUPERVISOR'],
    ]);

  // Whatever was on its way to the visitor has arrived once this has.
  await c.must('message:send', said(id, '我在'));
  await v.hear('message:created', ({ text }) => text === '我在');
  const met = [...heard, ...(await answersTo(visitor, v, id))];
  expect(JSON.stringify(met)).toContain('我在');
  expect(JSON.stringify(met)).not.toContain(CANARY);
  expect(JSON.stringify(met)).not.toContain('"note"');
  expect((await call(visitor, 'GET', `/api/v1/conversations/${id}/notes`)).status).toBe(403);
  expect((await note(visitor, id, '我也写')).status).toBe(403);
  const after = await ctx.models.Conversation.findById(id).lean().orFail();
  expect(after.rev).toBe(before.rev);
  v.close();
  c.close();
});

test('who is no party reads them under audit; a colleague does not; after the end they are read, not written', async () => {
  const { institution, counselor, id } = await house('notes2');
  await note(counselor, id, '注意安全');
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
  const colleague = await makePerson(ctx, 'COUNSELOR', { institution });
  expect((await call(colleague, 'GET', `/api/v1/conversations/${id}/notes`)).status).toBe(403);
  expect((await note(colleague, id, 'x')).status).toBe(403);
  expect((await note(admin, id, 'x')).status).toBe(403);
  const readings = () =>
    ctx.models.AuditEntry.countDocuments({ subject: `conversation:${id}`, action: 'transcript.read' });
  await notesOf(counselor, id);
  expect(await readings()).toBe(0);
  expect((await notesOf(admin, id)).map(({ text }) => text)).toEqual(['注意安全']);
  expect(await readings()).toBe(1);

  await call(counselor, 'POST', `/conversation/end/${id}`);
  const late = await note(counselor, id, '太晚了');
  expect([late.status, late.body.error]).toEqual([422, 'RULE_REFUSED']);
  expect((await notesOf(counselor, id)).map(({ text }) => text)).toEqual(['注意安全']);
});

test('labels of the institution are put on and taken off by its staff and filter their lists; its visitor meets none', async () => {
  const { institution, counselor, visitor, supervisor, id } = await house('tags1');
  const LABEL = `学业${CANARY}`;
  await setPolicy(ctx, institution, { sessionTags: [LABEL, '睡眠'] });
  const v = await connect(b, visitor.token);
  const heard = listen(v);
  const c = await connect(a, counselor.token);
  const set = (as: Person, tag: string, on: boolean) =>
    http(a, 'PUT', `/api/v1/conversations/${id}/tags`, { token: as.token, json: { tag, on } });
  const listed = async (as: Person, tag: string) =>
    (await http(b, 'GET', `/conversation/consultlist?tag=${encodeURIComponent(tag)}`, { token: as.token }))
      .body.result as { id: string; tags: string[] }[];

  const known = await http(a, 'GET', '/api/v1/tags', { token: counselor.token });
  expect(known.body.result).toEqual([LABEL, '睡眠']);
  await set(counselor, LABEL, true);
  await Promise.all([set(counselor, LABEL, true), set(supervisor, '睡眠', true)]);
  expect(await listed(counselor, LABEL)).toMatchObject([{ id, tags: [LABEL, '睡眠'] }]);
  expect(await listed(counselor, '没有')).toEqual([]);
  // An administrator finds them in the whole institution, and none of another's, whatever it calls its own.
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
  const other = await house('tags2');
  await setPolicy(ctx, other.institution, { sessionTags: ['睡眠'] });
  const path = `/api/v1/conversations/${other.id}/tags`;
  const put = (as: Person) => http(a, 'PUT', path, { token: as.token, json: { tag: '睡眠', on: true } });
  expect([(await put(admin)).status, (await put(other.counselor)).status]).toEqual([404, 200]);
  expect(await listed(admin, '睡眠')).toMatchObject([{ id, tags: [LABEL, '睡眠'] }]);
  const foreign = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: other.institution });
  expect(await listed(foreign, LABEL)).toEqual([]);
  expect(await listed(foreign, '睡眠')).toMatchObject([{ id: other.id, tags: ['睡眠'] }]);
  expect((await set(counselor, '没有', true)).status).toBe(400);
  const colleague = await makePerson(ctx, 'COUNSELOR', { institution });
  expect((await set(colleague, '睡眠', true)).status).toBe(403);

  await c.must('message:send', said(id, '我在'));
  await v.hear('message:created', ({ text }) => text === '我在');
  const met = JSON.stringify([...heard, ...(await answersTo(visitor, v, id))]);
  expect(met).not.toContain(CANARY);
  expect(met).not.toContain('"tags"');
  expect((await set(visitor, '睡眠', true)).status).toBe(403);
  expect((await call(visitor, 'GET', `/api/v1/conversations/${id}/tags`)).status).toBe(403);

  // What the institution gave up can still be taken off.
  await setPolicy(ctx, institution, { sessionTags: ['睡眠'] });
  expect((await set(supervisor, LABEL, false)).body.result).toEqual(['睡眠']);
  // The visitor's end tells the whole conversation once more.
  await v.must('conversation:end', { conversationId: id });
  expect(JSON.stringify(heard)).not.toContain('睡眠');
  v.close();
  c.close();
});
