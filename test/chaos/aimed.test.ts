/**
 * Faults aimed at one command of the database (invariants.md I1, I15): an audit entry that is held back holds the
 * data back, and a read that failed is a read that is tried again. The nodes reach the database through a tap.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { relayEvents } from '../../services/notice/relay.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';
import { startTap, type Tap } from '../support/faults-tap.js';
import { until } from '../support/poll.js';

/** Long enough for an answer that does not wait to come, even on a slow machine. */
const HELD_MS = 3_000;

let tap: Tap;
let hotline: Hotline;
beforeAll(async () => {
  const database = new URL((process.env['TEST_MONGODB_URL'] ?? '').replace('mongodb:', 'http:'));
  tap = await startTap(database.hostname, Number(database.port));
  const MONGODB_URL = `mongodb://127.0.0.1:${String(tap.port)}/?directConnection=true`;
  hotline = await startHotline({ env: { MONGODB_URL, FACES: 'server' } });
});
afterEach(() => {
  tap.watch(null);
  tap.release();
});
afterAll(async () => {
  await hotline.stop();
  await tap.close();
});

async function talking(): Promise<{ visitor: Person; counselor: Person; id: string }> {
  const counselor = await makeCounselor(hotline.node.ctx, 1);
  const visitor = await makePerson(hotline.node.ctx, 'VISITOR');
  const json = { counselor: counselor.id };
  const opened = await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json });
  const { id } = opened.body.result as { id: string };
  await say(visitor, id, 'first', '只有我们知道的话');
  return { visitor, counselor, id };
}

const say = (person: Person, id: string, clientMsgId: string, text: string) =>
  http(hotline.node.url, 'POST', `/api/v1/conversations/${id}/messages`, {
    token: person.token,
    json: { clientMsgId, kind: 'text', text },
  });

test('an audit entry that the database has not taken yet holds the transcript back', async () => {
  const { id } = await talking();
  const seen = { held: 0 };
  tap.watch(({ name, collection }) => {
    if (name !== 'insert' || collection !== 'auditEntries') return 'pass';
    seen.held += 1;
    return 'hold';
  });
  for (const path of [
    `/message/conversation/web?conversationId=${id}`,
    `/api/v1/conversations/${id}/messages?after=0`,
  ]) {
    // A reader of their own each: who has an entry needs no second one within the hour.
    const admin = await makePerson(hotline.node.ctx, 'INSTITUTION_ADMINISTRATOR');
    seen.held = 0;
    const answer = http(hotline.node.url, 'GET', path, { token: admin.token });
    await until(() => seen.held > 0, `the entry of ${path} is on its way`, 30_000);
    const early = await Promise.race([answer.then(() => 'data'), pause(HELD_MS, 'nothing')]);
    expect([path, early]).toEqual([path, 'nothing']);
    tap.release();
    expect(JSON.stringify((await answer).body)).toContain('只有我们知道的话');
  }
}, 120_000);

test('a read of a conversation that failed once is asked anew, and the same send goes through', async () => {
  const { visitor, id } = await talking();
  hotline.node.ctx.conversations.drop(id);
  const broken = { reads: 0 };
  tap.watch(({ name, collection }) => {
    if (name !== 'find' || collection !== 'conversations') return 'pass';
    broken.reads += 1;
    return 'break';
  });
  const refused = await say(visitor, id, 'again', '再说一遍');
  expect([refused.status, refused.body.error]).toEqual([503, 'UNAVAILABLE']);
  expect(broken.reads).toBeGreaterThan(0);
  tap.watch(null);
  const taken = await until(
    async () => {
      const answer = await say(visitor, id, 'again', '再说一遍');
      return answer.body.code === 0 && answer;
    },
    'the same send is taken',
    30_000,
  );
  const rows = await hotline.node.ctx.models.Message.find({ conversation: id, clientMsgId: 'again' }).lean();
  expect(rows.map((row) => row._id.toHexString())).toEqual([(taken.body.result as { id: string }).id]);
}, 120_000);

test('an assignment that was written and told to nobody is told by the sweep, once', async () => {
  const { ctx, url } = hotline.node;
  const counselor = await makeCounselor(ctx, 1);
  const visitor = await makePerson(ctx, 'VISITOR');
  const broken = { lines: 0 };
  tap.watch(({ name, collection }) => {
    if (name !== 'insert' || collection !== 'messages') return 'pass';
    broken.lines += 1;
    return 'break';
  });
  const json = { counselor: counselor.id };
  const opened = await http(url, 'PUT', '/conversation', { token: visitor.token, json });
  expect(opened.body.result).toMatchObject({ status: 'IN_PROGRESS' });
  expect(broken.lines).toBeGreaterThan(0);
  tap.watch(null);
  const { id } = opened.body.result as { id: string };
  const lines = () => ctx.models.Message.countDocuments({ conversation: id, event: 'assigned' });
  expect(await lines()).toBe(0);
  await until(
    async () => {
      await relayEvents(ctx);
      return true;
    },
    'the database answers again',
    30_000,
    true,
  );
  expect(await lines()).toBe(1);
  await ctx.models.Conversation.updateOne({ _id: id }, { $set: { untold: true } });
  await relayEvents(ctx);
  expect(await lines()).toBe(1);
}, 120_000);
