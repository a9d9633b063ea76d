/** Events to integrators: from a change to a signed delivery, in order, at least once, with a person at the end. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeadEvent, Webhook, WebhookSecret } from '../../../contract/webhook.js';
import type { Ctx } from '../../../services/context.js';
import { deliverTo } from '../../../services/notice/deliver.js';
import { relayEvents } from '../../../services/notice/relay.js';
import { isPublic, publicLookup, refusalOf } from '../../../services/webhook/address.js';
import { sealPrivate } from '../../../services/account/private-fields.js';
import { readOutbox } from '../../../services/code/outbox.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { authenticatedActor, makeCounselor, makePerson, type Person } from '../../support/factories.js';

interface Heard {
  headers: Record<string, string>;
  body: string;
  type: string;
  data: Record<string, unknown>;
}
let receiver: Server;
let url: string;
const heard: Heard[] = [];
/** What the integrator's system answers. */
let answer = 200;
let hotline: Hotline;
let ctx: Ctx;
let clock: TestClock;
let admin: Person;
beforeAll(async () => {
  receiver = createServer((req, res) => {
    let body = '';
    req.on('data', (part: Buffer) => (body += part.toString()));
    req.on('end', () => {
      const { type, data } = JSON.parse(body) as Pick<Heard, 'type' | 'data'>;
      heard.push({ headers: req.headers as Record<string, string>, body, type, data });
      res.writeHead(answer, answer === 302 ? { location: `${url}/elsewhere` } : {}).end('x'.repeat(100_000));
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}`;
  clock = testClock();
  // No worker: the test says when something is relayed and delivered.
  hotline = await startHotline({ clock, env: { FACES: 'server,realtime', WEBHOOK_PRIVATE: '1' } });
  ctx = hotline.node.ctx;
  admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
});
afterAll(async () => {
  await hotline.stop();
  receiver.closeAllConnections();
  await new Promise((closed) => receiver.close(closed));
});

const call = async <T>(method: string, path: string, json?: unknown, who = admin) => {
  const { status, body } = await http(hotline.node.url, method, path, {
    token: who.token,
    ...(json ? { json } : {}),
  });
  return { status, code: body.code, message: body.message, result: body.result as T };
};
const ALL = ['opened', 'assigned', 'handed-over', 'requeued', 'ended', 'rated'].map(
  (name) => `conversation.${name}`,
);

async function setUp(events = ALL) {
  heard.length = 0;
  answer = 200;
  const { result } = await call<WebhookSecret>('POST', '/api/v1/webhooks', { url: `${url}/hook`, events });
  return result;
}
/** A session from its opening to its rating, and what it leaves in the outbox. */
async function session() {
  const counselor = await makeCounselor(ctx, 1);
  const visitor = await makePerson(ctx, 'VISITOR');
  const as = { token: visitor.token };
  const opened = await http(hotline.node.url, 'PUT', '/conversation', {
    ...as,
    json: { counselor: counselor.id },
  });
  const { id } = opened.body.result as { id: string };
  await http(hotline.node.url, 'POST', `/conversation/end/${id}`, as);
  const rating = { conversationId: id, objectType: 'COUNSELOR', level: 4, content: '谢谢您' };
  expect((await http(hotline.node.url, 'PUT', '/evaluate', { ...as, json: rating })).body.code).toBe(0);
  return { id, counselor, visitor };
}
const rowsOf = (id: string) => ctx.models.Outbox.find({ receiver: id }).sort({ order: 1 }).lean();
const one = async (id: string) =>
  (await call<Webhook[]>('GET', '/api/v1/webhooks')).result.find((row) => row.id === id);

test('a session is told from its opening to its rating, in order, signed, with ids and codes only', async () => {
  const { id: hook, secret } = await setUp();
  const foreign = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'other' });
  const other = await call<WebhookSecret>(
    'POST',
    '/api/v1/webhooks',
    { url: `${url}/other`, events: ALL },
    foreign,
  );
  const { id, counselor, visitor } = await session();
  // Twice, as two workers or a crash in between would: one row an event.
  await Promise.all([relayEvents(ctx), relayEvents(ctx)]);
  await relayEvents(ctx);
  expect(await ctx.models.Conversation.countDocuments({ untold: true })).toBe(0);
  await Promise.all([deliverTo(ctx, hook), deliverTo(ctx, hook), deliverTo(ctx, other.result.id)]);
  await deliverTo(ctx, hook);
  expect(heard.map(({ type }) => type)).toEqual(
    ['opened', 'assigned', 'ended', 'rated'].map((name) => `conversation.${name}`),
  );
  expect(heard.map(({ data }) => data['conversation'])).toEqual([id, id, id, id]);
  expect(heard[1]?.data).toMatchObject({ institution: 'ecnu', counselor: counselor.id });
  expect(heard[2]?.data).toMatchObject({ cause: 'VISITOR_ENDED' });
  expect(heard[3]?.data).toMatchObject({ objectType: 'COUNSELOR', level: 4 });
  const said = JSON.stringify(heard);
  for (const secretText of ['谢谢您', visitor.user.name, counselor.user.name, visitor.token])
    expect(said).not.toContain(secretText);
  // Another implementation of the specification judges the signature.
  for (const { body, headers } of heard) {
    expect(() => new Verifier(secret).verify(body, headers)).not.toThrow();
    expect(() => new Verifier(secret).verify(`${body} `, headers)).toThrow();
  }
  expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
  expect(await call('DELETE', `/api/v1/webhooks/${hook}`)).toMatchObject({ code: 0 });
});

test('a changed secret signs beside the old one for a day, then alone; no stored row shows it', async () => {
  const { id: hook, secret } = await setUp(['conversation.opened']);
  const { result } = await call<WebhookSecret>('POST', `/api/v1/webhooks/${hook}/rotate`, {});
  expect(result.secret).not.toBe(secret);
  const listen = async () => {
    await session();
    await relayEvents(ctx);
    await deliverTo(ctx, hook);
    const { body, headers } = heard.at(-1) as Heard;
    return [secret, result.secret].map((each) => {
      // The verifier holds the time against the real clock.
      const at = { ...headers, 'webhook-timestamp': headers['webhook-timestamp'] ?? '' };
      try {
        new Verifier(each).verify(body, at);
        return true;
      } catch (error) {
        return !String(error).includes('No matching signature');
      }
    });
  };
  expect(await listen()).toEqual([true, true]);
  clock.advance(25 * 3_600_000);
  // Out of the verifier's five minutes now: only the newest signature is left to look at.
  await session();
  await relayEvents(ctx);
  await deliverTo(ctx, hook);
  expect(heard.at(-1)?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
  const stored = JSON.stringify(await ctx.models.Webhook.find().lean());
  expect(stored).not.toContain(result.secret.slice(6));
  await call('DELETE', `/api/v1/webhooks/${hook}`);
});

test('failures back off, later events wait; given up, the owner is told, a person sends again', async () => {
  // Days have gone by: log-ins are over by then.
  const owner = (admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR'));
  const email = { email: 'owner@example.edu' };
  await ctx.models.User.updateOne({ _id: owner.id }, { $set: await sealPrivate(ctx, owner.user, email) });
  const { id: hook } = await setUp(['conversation.opened', 'conversation.ended']);
  const { id } = await session();
  await relayEvents(ctx);
  answer = 302;
  await deliverTo(ctx, hook);
  await deliverTo(ctx, hook);
  // One try, no redirect followed, nothing of the second event.
  expect(heard.map(({ type }) => type)).toEqual(['conversation.opened']);
  expect(await one(hook)).toMatchObject({ waiting: 2, dead: 0, lastError: 'http-302' });
  const waits: number[] = [];
  answer = 500;
  for (let tries = 1; tries < 9; tries += 1) {
    const next = (await rowsOf(hook))[0]?.dueAt.getTime() ?? 0;
    waits.push(Math.round((next - clock.now()) / 1_000));
    clock.advance(next - clock.now() - 1_000);
    await deliverTo(ctx, hook);
    expect(heard).toHaveLength(tries);
    clock.advance(2_000);
    if (tries === 8) answer = 200;
    if (tries === 8)
      await ctx.models.Webhook.updateOne({ _id: hook }, { $set: { url: 'http://127.0.0.1:1/' } });
    await deliverTo(ctx, hook);
  }
  expect(waits.map((wait, index) => index === 0 || wait > (waits[index - 1] ?? 0))).not.toContain(false);
  admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
  const dead = await call<DeadEvent[]>('GET', `/api/v1/webhooks/${hook}/dead-letters`);
  expect(dead.result).toMatchObject([{ type: 'conversation.opened', attempts: 9, error: 'ECONNREFUSED' }]);
  await deliverTo(ctx, owner.id);
  const system = await authenticatedActor(ctx, (await makePerson(ctx, 'SYSTEM_ADMINISTRATOR')).token);
  const [mail] = await readOutbox(ctx, system, 'owner@example.edu');
  expect(mail?.text).toContain('仍未送达');

  // The receiver is well again: what was given up is sent by hand, what waited comes by itself.
  await ctx.models.Webhook.updateOne({ _id: hook }, { $set: { url: `${url}/hook` } });
  heard.length = 0;
  const row = dead.result[0]?.id ?? '';
  expect((await call('POST', `/api/v1/webhooks/${hook}/dead-letters/${row}/replay`, {})).code).toBe(0);
  expect((await call('POST', `/api/v1/webhooks/${hook}/dead-letters/${row}/replay`, {})).status).toBe(404);
  clock.advance(3_600_000);
  await deliverTo(ctx, hook);
  expect(heard.map(({ type, data }) => [type, data['conversation']])).toEqual([
    ['conversation.opened', id],
    ['conversation.ended', id],
  ]);
  expect(await one(hook)).toMatchObject({ waiting: 0, dead: 0 });
  expect(await ctx.models.AuditEntry.countDocuments({ action: 'webhook.replay' })).toBe(2);
});

test('only public https addresses, by name and by number, at the time of the connection', async () => {
  const strict = { WEBHOOK_PRIVATE: false };
  const refused = (text: string) => refusalOf(strict, text) !== null;
  for (const text of [
    'http://example.com/',
    'https://user:secret@example.com/',
    'https://localhost/',
    'https://metadata.internal/',
    'https://intranet/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::a00:1]/',
    'https://169.254.169.254/latest/',
    'https://100.64.0.1/',
  ])
    expect([text, refused(text)]).toEqual([text, true]);
  expect(['https://example.com/hook', 'https://8.8.8.8/'].map(refused)).toEqual([false, false]);
  expect(
    ['10.1.2.3', '192.168.0.1', 'fd00::1', 'fe80::1', '0.0.0.0', '224.0.0.1', '1.1.1.1'].map(isPublic),
  ).toEqual([...Array.from({ length: 6 }, () => false), true]);
  // A name that leads home is refused where the connection is made.
  const error = await new Promise<Error | null>((looked) => {
    publicLookup(strict)('localhost', { all: true }, (problem) => {
      looked(problem);
    });
  });
  expect(error?.message).toContain('not public');
});
