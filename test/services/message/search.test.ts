/** Words in what was said: found from either side, within bounds, by who may read it, and written nowhere. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FoundHere, FoundOwn } from '../../../contract/search.js';
import { startOfDay } from '../../../services/roster/day.js';
import { searchConversation, searchOwn } from '../../../services/message/search.js';
import { acceptMessage } from '../../../services/message/accept.js';
import type { Ctx } from '../../../services/context.js';
import type { Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import type { TestClock } from '../../support/clock.js';
import { authenticatedActor, makePerson, type Person } from '../../support/factories.js';
import { startPair } from '../../support/pair.js';
import { openSession, said } from '../../support/talk.js';

let hotline: Hotline;
let ctx: Ctx;
let clock: TestClock;
let a: string;
let b: string;
beforeAll(async () => {
  ({ hotline, ctx, clock, a, b } = await startPair());
});
afterAll(() => hotline.stop());

async function say(as: Person, id: string, ...texts: string[]) {
  const actor = await authenticatedActor(ctx, as.token);
  for (const text of texts) await acceptMessage(ctx, actor, said(id, text));
}
const find = (as: Person, id: string, json: object, url = b) =>
  http(url, 'POST', `/api/v1/conversations/${id}/search`, { token: as.token, json });

test('in one conversation: newest first, in either case and width, with what stands around it; a recalled one never', async () => {
  const { counselor, visitor, id } = await openSession(ctx, a, { institution: 'search1' });
  await say(visitor, id, '我最近睡不好，总是ＡＢＣ', '昨天'.repeat(40) + '睡不好' + '以后'.repeat(40));
  await say(counselor, id, '睡不好多久了？');
  const taken = await acceptMessage(
    ctx,
    await authenticatedActor(ctx, visitor.token),
    said(id, '睡不好，收回'),
  );
  await http(a, 'POST', `/api/v1/messages/${taken.id}/recall`, { token: visitor.token, json: {} });

  const { hits, next } = (await find(counselor, id, { text: ' 睡不好 ' })).body.result as FoundHere;
  expect(next).toBeNull();
  expect(hits.map(({ sender }) => sender.type)).toEqual(['COUNSELOR', 'VISITOR', 'VISITOR']);
  expect(hits[1]).toMatchObject({ match: '睡不好', sender: { name: visitor.user.name } });
  expect(hits[1]?.before).toMatch(/^…(昨天){12}$/);
  expect(hits[1]?.after).toMatch(/^(以后){30}…$/);
  expect(hits[2]).toMatchObject({ before: '我最近', after: '，总是ＡＢＣ' });
  const wide = (await find(visitor, id, { text: 'aBc' })).body.result as FoundHere;
  expect(wide.hits).toMatchObject([{ match: 'ＡＢＣ', seq: hits[2]?.seq }]);
  expect((await find(counselor, id, { text: '   ' })).status).toBe(400);
});

test('who takes no part is written down, found or not, without the words; a stranger is refused', async () => {
  const { visitor, id } = await openSession(ctx, a, { institution: 'search2' });
  await say(visitor, id, '不能说的秘密');
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'search2' });
  const foreign = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'other' });
  expect((await find(foreign, id, { text: '秘密' })).status).toBe(404);
  const colleague = await makePerson(ctx, 'COUNSELOR', { institution: 'search2' });
  expect((await find(colleague, id, { text: '秘密' })).status).toBe(403);
  const entries = () => ctx.models.AuditEntry.find({ subject: `conversation:${id}` }).lean();
  expect(await entries()).toEqual([]);
  const none = await find(admin, id, { text: '没有这个词', reason: 'RISK' });
  expect((none.body.result as FoundHere).hits).toEqual([]);
  const written = await entries();
  expect(written).toMatchObject([{ action: 'transcript.read', reason: 'RISK', actor: admin.user._id }]);
  expect(JSON.stringify(written)).not.toContain('没有这个词');
});

test('a call stops at its bounds, and the next one goes on where it stopped: nothing is passed over or told twice', async () => {
  const { counselor, visitor, id } = await openSession(ctx, a, { institution: 'search3' });
  await say(visitor, id, ...Array.from({ length: 12 }, (_, at) => (at % 2 ? `雨${String(at)}` : '晴')));
  const actor = await authenticatedActor(ctx, counselor.token);
  for (const bounds of [
    { messages: 3, time: 60_000, hits: 50 },
    { messages: 1_000, time: 60_000, hits: 2 },
    // No time at all: a call gets on by a message at least.
    { messages: 1, time: 0, hits: 50 },
  ]) {
    const texts: string[] = [];
    let before: number | undefined;
    for (let calls = 0; calls < 30; calls += 1) {
      const found = await searchConversation(ctx, actor, { id, text: '雨', before }, bounds);
      texts.push(...found.hits.map(({ match, after }) => match + after));
      if (found.next === null) break;
      before = found.next;
    }
    expect(texts).toEqual(['雨11', '雨9', '雨7', '雨5', '雨3', '雨1']);
  }
});

test('across one’s own sessions, newest first, to the end by its cursor; what is no longer one’s own is not searched', async () => {
  const institution = 'search4';
  const { counselor, visitor, id } = await openSession(ctx, a, { institution });
  await say(visitor, id, '风一', '风二');
  const ids = [id];
  for (const words of ['风三', '静', '风四']) {
    clock.advance(1_000);
    const other = await makePerson(ctx, 'VISITOR', { institution, name: words });
    const { body } = await http(a, 'PUT', '/conversation', {
      token: other.token,
      json: { counselor: counselor.id },
    });
    const opened = (body.result as { id: string }).id;
    await say(other, opened, words);
    ids.push(opened);
  }
  const { hits, next } = (
    await http(b, 'POST', '/api/v1/search', { token: counselor.token, json: { text: '风' } })
  ).body.result as FoundOwn;
  expect(next).toBeNull();
  expect(hits.map(({ match, after }) => match + after)).toEqual(['风四', '风三', '风二', '风一']);
  expect(hits[0]).toMatchObject({ conversationId: ids[3], visitorName: '风四' });

  const actor = await authenticatedActor(ctx, counselor.token);
  for (const bounds of [
    { messages: 1, time: 60_000, hits: 50 },
    { messages: 100, time: 60_000, hits: 1 },
    { messages: 100, time: 0, hits: 50 },
  ]) {
    const texts: string[] = [];
    let from: { conversationId: string; before: number } | undefined;
    for (let calls = 0; calls < 40; calls += 1) {
      const found = await searchOwn(ctx, actor, { text: '风', from }, bounds);
      texts.push(...found.hits.map(({ match, after }) => match + after));
      if (found.next === null) break;
      from = found.next;
    }
    expect(texts).toEqual(['风四', '风三', '风二', '风一']);
  }
  const colleague = await makePerson(ctx, 'COUNSELOR', { institution });
  const nothing = await http(a, 'POST', '/api/v1/search', { token: colleague.token, json: { text: '风' } });
  expect(nothing.body.result).toMatchObject({ hits: [], next: null, read: 0 });
});

test('who searches in a loop is told to wait, on whichever node, in one session or in all; the visitor there is not', async () => {
  const { counselor, visitor, id } = await openSession(ctx, a, { institution: 'search6' });
  await say(visitor, id, '风');
  const search = (at: number) =>
    at % 3 === 0
      ? find(counselor, id, { text: '风' }, at % 2 ? a : b)
      : http(at % 2 ? a : b, 'POST', '/api/v1/search', { token: counselor.token, json: { text: '风' } });
  const answers = await Promise.all(Array.from({ length: 34 }, (_, at) => search(at)));
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.map(({ status, body }) => [status, body.error])).toEqual(
    Array.from({ length: 4 }, () => [429, 'RATE_LIMITED']),
  );
  expect(refused[0]?.body.message).toMatch(/^查找太频繁，请\d+秒后再试。$/);
  // Spent by either.
  expect((await find(counselor, id, { text: '风' })).status).toBe(429);
  expect((await find(visitor, id, { text: '风' })).status).toBe(200);
});

test('a day has its first message, a quiet day the next one, a day to come none', async () => {
  const { counselor, visitor, id } = await openSession(ctx, a, { institution: 'search5' });
  await say(visitor, id, '第一天');
  const first = await ctx.models.Message.findOne({ conversation: id, seq: 1 }).lean().orFail();
  // Days of their own, so that it does not matter at which hour the test runs.
  const { Message } = ctx.models;
  const last = await Message.countDocuments({ conversation: id });
  const days = ['2026-03-01', '2026-03-01', '2026-03-04'];
  const put = (seq: number, at: number) =>
    Message.updateOne({ conversation: id, seq }, { $set: { at: new Date(at) } });
  for (let seq = 1; seq <= last; seq += 1) await put(seq, startOfDay('2026-03-01') - 60_000);
  await say(visitor, id, '二', '三', '四');
  for (const [at, day] of days.entries()) await put(last + 1 + at, startOfDay(day) + at * 60_000);
  expect(first.seq).toBe(1);
  const day = async (on: string) =>
    (await http(b, 'GET', `/api/v1/conversations/${id}/days/${on}`, { token: counselor.token })).body
      .result as { seq: number | null };
  expect((await day('2026-02-28')).seq).toBe(1);
  expect((await day('2026-03-01')).seq).toBe(last + 1);
  expect((await day('2026-03-02')).seq).toBe(last + 3);
  expect(await day('2026-03-05')).toEqual({ seq: null, time: null });
  const wrong = await http(b, 'GET', `/api/v1/conversations/${id}/days/2026-02-30`, {
    token: counselor.token,
  });
  expect(wrong.status).toBe(400);
});
