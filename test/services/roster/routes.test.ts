/** The routes of roster, evaluation, config and consent as clients of the document call them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { startOfDay, dayOf } from '../../../services/roster/day.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';

let hotline: Hotline;
let admin: Person;
let supervisor: Person;
let counselor: Person;
let visitor: Person;
const today = startOfDay(dayOf(Date.now()));

beforeAll(async () => {
  hotline = await startHotline();
  const { ctx } = hotline.node;
  admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  supervisor = await makePerson(ctx, 'SUPERVISOR');
  counselor = await makeCounselor(ctx);
  visitor = await makePerson(ctx, 'VISITOR', { consent: null });
});
afterAll(() => hotline.stop());

const call = (method: string, path: string, who: Person | null, json?: unknown) =>
  http(hotline.node.url, method, path, {
    ...(who ? { token: who.token } : {}),
    ...(json === undefined ? {} : { json }),
  });
const theDay = (who: Person, timestamp = today, type = 'COUNSELOR') =>
  call('GET', `/arrange/theday?timestamp=${String(timestamp)}&type=${type}&state&page&size`, who);

describe('roster', () => {
  test('22 with the document’s types, 24 with its bare parameters, 25 with the id of 24', async () => {
    const made = await call('PUT', '/arrange', supervisor, {
      timestamp: String(today + 5),
      users: [counselor.id],
    });
    expect(made).toMatchObject({ status: 200, body: { code: 0, result: [{ timestamp: today }] } });
    const seen = await theDay(visitor);
    expect(seen.body).toMatchObject({ code: 0, count: 1, next: null });
    expect(seen.body.result).toMatchObject([{ user: { id: counselor.id }, state: 'online', maxConsults: 5 }]);
    const id = (seen.body.result as { id: string }[])[0]?.id ?? '';
    expect((await call('DELETE', `/arrange/${id}`, counselor)).status).toBe(403);
    expect((await call('DELETE', `/arrange/${id}`, admin)).body).toMatchObject({ code: 0, result: 'ok' });
    expect(await call('DELETE', `/arrange/${id}`, admin)).toMatchObject({ status: 200, body: { code: -4 } });
    expect((await theDay(visitor)).body.count).toBe(0);
  });

  test('23, and a day of it ten years on', async () => {
    const counselor = await makeCounselor(hotline.node.ctx);
    const made = await call('POST', '/arrange/batch', admin, {
      weekDays: [1, 2, 3, 4, 5, 6, '7'],
      user: counselor.id,
    });
    expect(made.body).toMatchObject({ code: 0 });
    expect(made.body.result).toHaveLength(28);
    expect((await theDay(visitor, today + 3_653 * 86_400_000)).body.count).toBe(1);
    expect(
      (await call('POST', '/arrange/batch', admin, { weekDays: [], user: counselor.id })).body.result,
    ).toEqual([]);
  });

  test('who may not, and what is wrong', async () => {
    for (const who of [visitor, counselor, null]) {
      expect((await call('PUT', '/arrange', who, { timestamp: today, users: [counselor.id] })).status).toBe(
        403,
      );
      expect((await call('POST', '/arrange/batch', who, { weekDays: [1], user: counselor.id })).status).toBe(
        403,
      );
    }
    expect((await call('PUT', '/arrange', admin, { timestamp: today, users: ['nobody'] })).body.code).toBe(
      -4,
    );
    expect((await call('PUT', '/arrange', admin, { timestamp: today, users: [visitor.id] })).body.code).toBe(
      -2,
    );
    expect(
      (await call('PUT', '/arrange', admin, { timestamp: 'soon', users: [counselor.id] })).body.code,
    ).toBe(-2);
    expect(
      (await call('POST', '/arrange/batch', admin, { weekDays: [8], user: counselor.id })).body.code,
    ).toBe(-2);
    expect((await theDay(visitor, today, 'VISITOR')).body.code).toBe(-2);
  });
});

test('39: anyone reads the configuration', async () => {
  const { status, body } = await call('GET', '/config', null);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    code: 0,
    message: 'OK',
    result: { counselor: { maxConsults: 5 }, institution: { code: 'ecnu', name: '测试机构' } },
  });
  expect((await call('GET', '/config?institution=other', visitor)).body.result.institution.code).toBe(
    'other',
  );
  expect((await call('GET', '/config?institution=nowhere', null)).body.code).toBe(-4);
});

test('consent: the version in force, from a visitor', async () => {
  const version = ((await call('GET', '/config', null)).body.result as { consent: { version: string } })
    .consent.version;
  const given = await call('POST', '/api/v1/consent', visitor, { version, research: true });
  expect(given).toMatchObject({ status: 200, body: { code: 0, result: { version, research: true } } });
  expect((await call('POST', '/api/v1/consent', visitor, { version: 'older' })).status).toBe(409);
  expect((await call('POST', '/api/v1/consent', counselor, { version })).status).toBe(403);
  expect((await call('POST', '/api/v1/consent', visitor, { version, by: 'form' })).status).toBe(400);
});

test('38a: the two documented fields; while it is open -2', async () => {
  const { ctx } = hotline.node;
  const _id = new Types.ObjectId();
  const row = {
    _id,
    type: 'COUNSELING_SESSION' as const,
    institution: 'ecnu',
    visitor: visitor.user._id,
    counselor: counselor.user._id,
  };
  const key = await ctx.keys.createForConversation(_id, 'ecnu');
  await ctx.models.Conversation.create({
    ...row,
    key,
    status: 'IN_PROGRESS',
    open: true as const,
    startAt: new Date(),
  });
  const rate = (more: object, who: Person = visitor) =>
    call('PUT', '/evaluate', who, { conversationId: _id.toHexString(), objectType: 'CONVERSATION', ...more });
  expect(await rate({})).toMatchObject({ status: 200, body: { code: -2 } });
  await ctx.models.Conversation.updateOne(
    { _id },
    { $set: { status: 'FINISHED', endAt: new Date() }, $unset: { open: 1 } },
  );
  expect((await rate({})).body).toMatchObject({ code: 0, result: 'ok' });
  expect((await rate({ level: 5, content: '谢谢', tags: [] })).body.code).toBe(0);
  expect((await rate({ objectType: 'COUNSELOR', conversationId: counselor.id, level: 4 })).body.code).toBe(0);
  expect(await ctx.models.Conversation.findById(_id).lean()).toMatchObject({ level: 5, counselorLevel: 4 });
  expect((await rate({ level: 6 })).body.code).toBe(-2);
  expect((await rate({ objectType: 'HOUSE' })).body.code).toBe(-2);
  expect((await rate({}, supervisor)).body.code).toBe(-5);
  expect((await rate({}, counselor)).status).toBe(403);
});
