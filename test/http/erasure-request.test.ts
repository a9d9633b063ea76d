/** A visitor asks to be erased: one request, taken back while it is open, refused with a reason, or carried out. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ErasureRequest } from '../../contract/erasure-request.js';
import type { Ctx } from '../../services/context.js';
import { endConversation } from '../../services/conversation/end.js';
import { sweepErasures } from '../../services/retention/erase.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { testClock, type TestClock } from '../support/clock.js';
import { authenticatedActor, makePerson, type Person } from '../support/factories.js';
import { talk } from '../services/export/scene.js';

const CANARY = '金丝雀甲乙';
let hotline: Hotline;
let ctx: Ctx;
let clock: TestClock;
let admin: Person;
beforeAll(async () => {
  clock = testClock();
  hotline = await startHotline({ clock, env: { FACES: 'server,realtime' } });
  ctx = hotline.node.ctx;
  admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
});
afterAll(() => hotline.stop());

const ask = (as: Person, method: string, path: string, json?: unknown) =>
  http(hotline.node.url, method, `/api/v1/${path}`, { token: as.token, ...(json ? { json } : {}) });
const own = (as: Person, method: string) =>
  ask(as, method, 'me/erasure-request', method === 'POST' ? {} : undefined);
const settle = (as: Person, { id }: Person, input: object) =>
  ask(as, 'POST', `erasure-requests/${id}/settle`, { reference: '申请2026-9', ...input });
const open = async (as: Person) =>
  (await ask(as, 'GET', 'erasure-requests?state=ASKED&size=100')).body.result as ErasureRequest[];
/** What the database holds, as text. */
const everything = async () =>
  JSON.stringify(
    await Promise.all(Object.values(ctx.models).map((model) => model.collection.find({}).toArray())),
  );
const isListed = async (as: Person, { id }: Person) => (await open(as)).some((row) => row.id === id);

test('asked twice is one; taken back it is gone; refused it says why, and may be asked anew', async () => {
  const visitor = await makePerson(ctx, 'VISITOR');
  expect((await own(visitor, 'GET')).body.result).toMatchObject({ state: 'NONE', askedTime: null });
  const first = await own(visitor, 'POST');
  expect(first.body.result).toMatchObject({ state: 'ASKED', askedTime: expect.any(Number), reason: null });
  clock.advance(5_000);
  expect((await own(visitor, 'POST')).body.result).toEqual(first.body.result);
  const both = await Promise.all([own(visitor, 'POST'), own(visitor, 'POST')]);
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  expect((await open(admin)).filter(({ id }) => id === visitor.id)).toMatchObject([
    { name: visitor.user.name, institution: 'ecnu', state: 'ASKED' },
  ]);

  expect((await own(visitor, 'DELETE')).body.result).toMatchObject({ state: 'NONE' });
  expect((await own(visitor, 'DELETE')).body.result).toMatchObject({ state: 'NONE' });
  expect((await settle(admin, visitor, { accept: true })).status).toBe(404);
  expect((await own(visitor, 'GET')).status).toBe(200);

  await own(visitor, 'POST');
  expect((await settle(admin, visitor, { accept: false })).status).toBe(400);
  expect((await settle(admin, visitor, { accept: true, reason: 'IN_CARE' })).status).toBe(400);
  const refused = await settle(admin, visitor, { accept: false, reason: 'IN_CARE' });
  expect(refused.body.result).toMatchObject({ state: 'REFUSED', reason: 'IN_CARE' });
  expect((await settle(admin, visitor, { accept: true })).status).toBe(409);
  const told = { state: 'REFUSED', reason: 'IN_CARE', reference: '申请2026-9' };
  expect((await own(visitor, 'GET')).body.result).toMatchObject(told);
  expect((await own(visitor, 'DELETE')).body.result).toMatchObject(told);
  expect((await own(visitor, 'POST')).body.result).toMatchObject({ state: 'ASKED', reason: null });
}, 30_000);

test('for admins of the house and system admins alone; every step is in the audit log before it is done', async () => {
  const visitor = await makePerson(ctx, 'VISITOR');
  await own(visitor, 'POST');
  const foreign = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'other' });
  const system = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR', { institution: 'other' });
  expect((await settle(foreign, visitor, { accept: true })).status).toBe(404);
  expect(await isListed(foreign, visitor)).toBe(false);
  expect(await isListed(system, visitor)).toBe(true);
  expect((await settle(visitor, visitor, { accept: true })).status).toBe(403);
  expect((await own(admin, 'POST')).status).toBe(403);
  expect((await settle(system, visitor, { accept: true })).body.result).toMatchObject({ state: 'DONE' });
  const entries = await ctx.models.AuditEntry.find({ subject: `user:${visitor.id}` })
    .sort({ number: 1 })
    .lean();
  expect(entries.map(({ action }) => action)).toEqual(['erasure-request.accept', 'user.erase']);
}, 30_000);

test('an open session and a legal hold leave it open; accepted once, nothing of the person is left', async () => {
  const { id, visitor } = await talk(hotline, [`${CANARY}的秘密`], { open: true, names: [CANARY, '林老师'] });
  await own(visitor, 'POST');
  const busy = await settle(admin, visitor, { accept: true });
  expect([busy.status, busy.body.message]).toEqual([422, '会谈还在进行，请先结束。']);
  await endConversation(ctx, await authenticatedActor(ctx, visitor.token), id);

  const hold = await ask(admin, 'POST', 'legal-holds', { visitor: visitor.id, reference: '法院调取' });
  const held = await settle(admin, visitor, { accept: true });
  expect([held.status, held.body.message]).toEqual([422, '该内容处于法律保全中，不能删除；请先解除保全。']);
  // The visitor is not told of a hold: for them it is open, and theirs to take back.
  expect((await own(visitor, 'GET')).body.result).toMatchObject({ state: 'ASKED', reason: null });
  await own(visitor, 'DELETE');
  await own(visitor, 'POST');
  await ask(admin, 'DELETE', `legal-holds/${(hold.body.result as { id: string }).id}`);

  // Claimed by somebody whose process died: it can't be taken back, and a minute later it goes on.
  await ctx.models.ErasureRequest.updateOne({ _id: visitor.id }, { claimedAt: new Date(clock.now()) });
  expect((await own(visitor, 'DELETE')).status).toBe(422);
  expect((await settle(admin, visitor, { accept: false, reason: 'AGREED' })).status).toBe(409);
  expect((await settle(admin, visitor, { accept: true })).status).toBe(409);
  clock.advance(61_000);
  expect(await everything()).toContain(CANARY);
  const tries = await Promise.all([1, 2].map(() => settle(admin, visitor, { accept: true })));
  expect(tries.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect((await own(visitor, 'GET')).status).toBeGreaterThanOrEqual(401);
  await sweepErasures(ctx);

  const conversation = await ctx.models.Conversation.findById(id).lean().orFail();
  expect((await ctx.models.DataKey.findById(conversation.key).lean())?.wrapped).toBeNull();
  expect(await everything()).not.toContain(CANARY);
  expect(await ctx.models.ErasureRequest.findById(visitor.id).lean()).toEqual({
    ...{ _id: visitor.user._id, institution: 'ecnu', state: 'DONE', reason: null, claimedAt: null },
    ...{ reference: '申请2026-9', askedAt: expect.any(Date), settledAt: expect.any(Date) },
  });
}, 30_000);

test('the phone of somebody who was erased is let in again, as somebody new', async () => {
  const json = { device: 'device-of-who-is-erased', institution: 'ecnu' };
  const enter = async () =>
    (await http(hotline.node.url, 'POST', '/api/v1/guest', { json })).body.result as {
      token: string;
      me: { id: string };
    };
  const first = await enter();
  await http(hotline.node.url, 'POST', '/api/v1/me/erasure-request', { token: first.token, json: {} });
  const path = `erasure-requests/${first.me.id}/settle`;
  expect((await ask(admin, 'POST', path, { accept: true, reference: '申请2026-10' })).status).toBe(200);
  const second = await enter();
  expect(second.me.id).not.toBe(first.me.id);
  expect((await enter()).me.id).toBe(second.me.id);
}, 30_000);
