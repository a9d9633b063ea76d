/** A message left while nobody is there: when it may be, how it is kept, who reads it, who looks after it, how it goes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OfflineMessage, WholeOfflineMessage } from '../../../contract/offline-message.js';
import type { Ctx } from '../../../services/context.js';
import { setPolicy } from '../../../services/policy/policy.js';
import type { Hotline } from '../../support/app.js';
import { connect, http } from '../../support/clients.js';
import type { TestClock } from '../../support/clock.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
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

const ask = (as: Person, method: string, path: string, json?: unknown, url = a) =>
  http(url, method, `/api/v1/${path}`, { token: as.token, ...(json === undefined ? {} : { json }) });
let serial = 0;
const leave = (as: Person, text: string, clientMsgId = `m${String((serial += 1))}`) =>
  ask(as, 'POST', 'me/offline-messages', { clientMsgId, text, contact: '微信 liuyan-z' });
const listOf = async (as: Person, query = '') =>
  (await ask(as, 'GET', `offline-messages${query}`)).body.result as OfflineMessage[];

let houses = 0;
async function house() {
  const institution = `offline${String((houses += 1))}`;
  await ctx.models.Institution.create({ _id: institution, name: institution });
  const visitor = await makePerson(ctx, 'VISITOR', { institution });
  const counselor = await makePerson(ctx, 'COUNSELOR', { institution });
  const colleague = await makePerson(ctx, 'COUNSELOR', { institution });
  const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution });
  const mayLeave = async () =>
    (
      (await http(a, 'GET', `/api/v1/hours?institution=${institution}`)).body.result as {
        leaveMessage: boolean;
      }
    ).leaveMessage;
  return { institution, visitor, counselor, colleague, admin, mayLeave };
}

test('only while nobody is there, with the crisis lines; three a day; once for one clientMsgId', async () => {
  const { institution, visitor, admin, mayLeave } = await house();
  expect(await mayLeave()).toBe(true);
  const first = await leave(visitor, '我晚上睡不着', 'same');
  expect([first.status, first.body.result]).toMatchObject([200, { state: 'OPEN' }]);
  expect((await leave(visitor, '另一句话', 'same')).body.result).toEqual(first.body.result);
  expect(await listOf(admin)).toHaveLength(1);
  expect((await leave(visitor, 'x'.repeat(1_001))).status).toBe(400);
  for (const status of [200, 200, 429]) expect((await leave(visitor, '还在吗')).status).toBe(status);
  // Somebody comes: then there is a conversation instead.
  await makeCounselor(ctx, 1, { institution });
  expect(await mayLeave()).toBe(false);
  const other = await makePerson(ctx, 'VISITOR', { institution });
  expect((await leave(other, '你好')).body.error).toBe('RULE_REFUSED');
  // Closed by the roster, though somebody is on line.
  await setPolicy(ctx, institution, { opening: 'roster' });
  const hours = await http(a, 'GET', `/api/v1/hours?institution=${institution}`);
  expect(hours.body.result).toMatchObject({ open: false, leaveMessage: true });
  expect(JSON.stringify(hours.body.result)).toContain('12356');
  expect((await leave(other, '你好')).status).toBe(200);
});

test('it is sealed, told to staff without its words, and read by who looks after it, which is written down', async () => {
  const { institution, visitor, counselor, colleague, admin } = await house();
  const desk = await connect(b, colleague.token);
  const phone = await connect(b, visitor.token);
  const { id } = (await leave(visitor, '我不想活了，救救我')).body.result as { id: string };
  const told = await desk.hear('offline-message:changed', (change) => change.id === id, 30_000);
  expect(told).toEqual({ id, state: 'OPEN', urgency: 'high' });
  const stored = await ctx.models.OfflineMessage.findById(id).lean().orFail();
  expect(JSON.stringify(stored)).not.toMatch(/不想活|liuyan-z/);
  expect(stored.body.toString()).not.toMatch(/不想活|liuyan-z/);
  expect(JSON.stringify(await listOf(counselor))).not.toMatch(/不想活|liuyan-z/);
  // Taken before it is read; of two at once one has it.
  const path = `offline-messages/${id}`;
  expect((await ask(counselor, 'GET', path)).status).toBe(403);
  const both = await Promise.all([
    ask(counselor, 'POST', `${path}/take`, {}),
    ask(colleague, 'POST', `${path}/take`, {}, b),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const [taker, other] = both[0].status === 200 ? [counselor, colleague] : [colleague, counselor];
  expect((await ask(taker, 'POST', `${path}/take`, {})).status).toBe(200);
  expect((await ask(other, 'GET', path)).status).toBe(403);
  const whole = (await ask(taker, 'GET', path)).body.result as WholeOfflineMessage;
  expect(whole).toMatchObject({ text: '我不想活了，救救我', contact: '微信 liuyan-z', urgency: 'high' });
  expect((await ask(admin, 'GET', path)).status).toBe(200);
  const reads = await ctx.models.AuditEntry.find({ institution, action: 'offline-message.read' }).lean();
  expect(reads.map(({ subject }) => subject)).toEqual(Array(2).fill(`offline-message:${id}`));
  // Given back, taken by the other, done.
  expect((await ask(taker, 'POST', `${path}/release`, {})).status).toBe(200);
  await ask(other, 'POST', `${path}/take`, {});
  expect((await ask(taker, 'POST', `${path}/finish`, { remark: '已联系' })).status).toBe(403);
  expect((await ask(other, 'POST', `${path}/finish`, { remark: '已联系' })).status).toBe(200);
  expect((await listOf(admin, '?state=DONE')).map((row) => row.taker?.id)).toEqual([other.id]);
  expect((await ask(other, 'GET', path)).body.result).toMatchObject({ remark: '已联系', state: 'DONE' });
  expect((await ask(visitor, 'GET', 'me/offline-messages')).body.result).toEqual([
    { id, state: 'DONE', createdTime: whole.createdTime },
  ]);
  expect(phone.heard('offline-message:changed')).toEqual([]);
  for (const client of [desk, phone]) client.close();
});

test('whoever asks to be erased leaves nothing of it', async () => {
  const { visitor, admin, counselor } = await house();
  const { id } = (await leave(visitor, '忘了我吧')).body.result as { id: string };
  const { key } = await ctx.models.OfflineMessage.findById(id).lean().orFail();
  clock.advance(1_000);
  const asked = await ask(admin, 'POST', 'erasures', { visitor: visitor.id, reference: '2026-1' });
  expect([asked.status, asked.body.message]).toEqual([200, 'OK']);
  expect(await ctx.models.OfflineMessage.findById(id).lean()).toBeNull();
  expect((await ctx.models.DataKey.findById(key).lean())?.wrapped).toBeNull();
  expect((await ask(counselor, 'POST', `offline-messages/${id}/take`, {})).status).toBe(404);
});
