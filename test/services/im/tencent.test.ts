/** Both directions against the stand-in: what callbacks bring, what is copied there, and what the night repairs. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Ctx } from '../../../services/context.js';
import { mirrorConversation } from '../../../services/im/mirror.js';
import { reconcileIm } from '../../../services/im/reconcile.js';
import { createImRest } from '../../../services/im/rest.js';
import { startImStandIn, type ImStandIn, type ImStandInMessage } from '../../../stand-ins/tencent-im.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { until } from '../../support/poll.js';
import { openSession } from '../../support/talk.js';

const APP = { sdkAppId: 1_400_000_001, secretKey: 'a key', admin: 'administrator', token: 'a token' };
let standIn: ImStandIn;
let hotline: Hotline;
let ctx: Ctx;
beforeAll(async () => {
  standIn = await startImStandIn(APP);
  hotline = await startHotline({
    nodes: 2,
    env: {
      IM_SDK_APP_ID: String(APP.sdkAppId),
      IM_SECRET_KEY: APP.secretKey,
      IM_CALLBACK_TOKEN: APP.token,
      IM_URL: standIn.url,
    },
  });
  ctx = hotline.node.ctx;
  standIn.callbackTo(hotline.nodes[1]!.url);
});
afterAll(async () => {
  await hotline.stop();
  await standIn.close();
});
beforeEach(() => {
  Object.assign(standIn.faults, { lose: 0, times: 1, retries: 0, rest: [] });
  standIn.calls.length = 0;
  standIn.delivered.length = 0;
});

const opened = () => openSession(ctx, hotline.node.url);
let serial = 0;
async function say(who: Person, conversationId: string, text: string) {
  serial += 1;
  const json = { conversationId, clientMsgId: `m${String(serial)}`, kind: 'text', text };
  const path = `/api/v1/conversations/${conversationId}/messages`;
  return (await http(hotline.node.url, 'POST', path, { token: who.token, json })).body.result as {
    id: string;
    seq: number;
  };
}
const words = (text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }];
const there = (conversation: string) =>
  standIn.messages.filter((each) => each.CloudCustomData.includes(conversation));
const textsThere = (conversation: string) =>
  there(conversation).map((each) => (each.MsgBody as ReturnType<typeof words>)[0]!.MsgContent.Text);
const textsHere = async (id: string, token: string) => {
  const path = `/message/conversation/web?conversationId=${id}&size=200`;
  const rows = (await http(hotline.node.url, 'GET', path, { token })).body.result as {
    kind: string;
    text?: string;
  }[];
  return rows.filter(({ kind }) => kind === 'text').map(({ text }) => text ?? '');
};
const settled = (id: string) =>
  until(async () => (await ctx.models.ImMirror.findById(id).lean())?.pending === false, 'copied');

describe('from Tencent', () => {
  test('what clients send there stands here once, though callbacks come twice and are tried again', async () => {
    const { counselor, visitor, id } = await opened();
    Object.assign(standIn.faults, { times: 2, retries: 2 });
    await standIn.send(visitor.id, counselor.id, { body: words('在吗'), cloud: id });
    await standIn.send(counselor.id, visitor.id, {
      body: words('在的'),
      cloud: `{"conversationId":"${id}"}`,
    });
    expect(await textsHere(id, visitor.token)).toEqual(['在吗', '在的']);
    // What came from there is not sent back there.
    await say(visitor, id, '好');
    await until(() => textsThere(id).includes('好'), 'copied');
    expect(textsThere(id)).toEqual(['在吗', '在的', '好']);
  });

  test('whoever may not speak is refused before anything is delivered', async () => {
    const { counselor, visitor, id } = await opened();
    const stranger = await makePerson(ctx, 'VISITOR');
    expect(await standIn.send(stranger.id, counselor.id, { body: words('x'), cloud: id })).toBe(20006);
    await http(hotline.node.url, 'POST', `/conversation/end/${id}`, { token: visitor.token });
    expect(await standIn.send(visitor.id, counselor.id, { body: words('x'), cloud: id })).toBe(20006);
    expect(standIn.delivered.map(({ command }) => command)).not.toContain('C2C.CallbackAfterSendMsg');
  });

  test('withdrawals and read reports follow', async () => {
    const { counselor, visitor, id } = await opened();
    const sent = (await standIn.send(visitor.id, counselor.id, {
      body: words('秘密'),
      cloud: id,
    })) as ImStandInMessage;
    await standIn.read(counselor.id, visitor.id);
    const mark = await ctx.models.ReadMark.findOne({ conversation: id, user: counselor.id }).lean();
    expect(mark?.seq).toBeGreaterThan(0);
    await standIn.withdraw(sent);
    expect(await textsHere(id, visitor.token)).toEqual(['']);
    await until(async () => (await ctx.models.ImMirror.findById(id).lean())?.pending !== true, 'at rest');
    expect(standIn.calls).not.toContain('openim/admin_msgwithdraw');
  });
});

describe('to Tencent', () => {
  test('in order, from and to the right people, without coming back', async () => {
    const { counselor, visitor, id } = await opened();
    for (let n = 0; n < 10; n += 1) await say(n % 2 === 0 ? visitor : counselor, id, `第${String(n)}句`);
    await until(() => there(id).length === 10, 'all copied');
    expect(textsThere(id)).toEqual(Array.from({ length: 10 }, (_each, n) => `第${String(n)}句`));
    expect(there(id).map((each) => each.From_Account === visitor.id)).toEqual(
      there(id).map((_m, n) => n % 2 === 0),
    );
    expect(standIn.calls.filter((call) => call.endsWith('account_import'))).toHaveLength(2);
    expect(await textsHere(id, visitor.token)).toHaveLength(10);
    // Were one to come back all the same, it is known.
    const first = there(id)[0]!;
    const { MsgTimeStamp, ...rest } = first;
    const query = await signedQuery('C2C.CallbackAfterSendMsg');
    const echo = { ...rest, MsgTime: MsgTimeStamp, SendMsgResult: 0 };
    const reply = await fetch(`${hotline.node.url}/message/callback?${query}&OptPlatform=RESTAPI`, {
      method: 'POST',
      body: JSON.stringify(echo),
    });
    expect(await reply.json()).toMatchObject({ ErrorCode: 0 });
    expect(await textsHere(id, visitor.token)).toHaveLength(10);
    expect(await ctx.models.DeadLetter.countDocuments({ msgKey: first.MsgKey })).toBe(0);
  });

  test('what was said while waiting follows when somebody is there; a recall withdraws', async () => {
    const counselor = await makeCounselor(ctx, 0);
    const visitor = await makePerson(ctx, 'VISITOR');
    const json = { counselor: counselor.id };
    const answer = await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json });
    const id = String(answer.body.result.id);
    const first = await say(visitor, id, '有人吗');
    await settled(id);
    expect(there(id)).toEqual([]);
    await http(hotline.node.url, 'POST', '/user/maxconsults', {
      token: counselor.token,
      json: { maxConsults: 1 },
    });
    await until(() => textsThere(id).length === 1, 'copied after the assignment');
    await http(hotline.node.url, 'POST', `/api/v1/messages/${first.id}/recall`, { token: visitor.token });
    await until(() => there(id)[0]?.MsgFlagBits === 8, 'withdrawn');
  });

  test('trouble there is never seen here; what Tencent will not take is passed over', async () => {
    const { visitor, id } = await opened();
    await settled(id);
    standIn.faults.rest = [70169, null, 60008];
    await say(visitor, id, '一');
    await until(() => textsThere(id).length === 1, 'copied in spite of it', 20_000);
    await say(visitor, id, 'blocked-word');
    await say(visitor, id, '二');
    await say(visitor, id, '长'.repeat(4_000));
    await until(() => textsThere(id).length === 3, 'the others are copied');
    expect(textsThere(id)[2]).toMatch(/^长{2000,}……（全文请在心院热线中查看）$/);
    expect((await ctx.models.ImMirror.findById(id).lean())?.skipped).toHaveLength(1);
    expect(await textsHere(id, visitor.token)).toHaveLength(4);
  });

  test('a thread between counselor and supervisor is never copied', async () => {
    const { counselor, visitor, id } = await opened();
    await ctx.models.Conversation.updateOne({ _id: id }, { $set: { type: 'REQUEST_SUPERVISE' } });
    ctx.conversations.drop(id);
    await settled(id);
    const { seq } = await say(counselor, id, '督导您好');
    // Neither noted by the listener, nor copied when a row says so all the same.
    expect((await ctx.models.ImMirror.findById(id).lean())?.wanted).toBeLessThan(seq);
    const dueAt = new Date(0);
    await ctx.models.ImMirror.updateOne({ _id: id }, { $set: { wanted: seq, pending: true, dueAt } });
    await mirrorConversation(ctx, id);
    await settled(id);
    expect(
      standIn.messages.filter((each) => [each.From_Account, each.To_Account].includes(visitor.id)),
    ).toEqual([]);
  });
});

describe('the REST client', () => {
  const im = () => createImRest({ im: { ...ctx.config.im! }, clock: ctx.clock, log: ctx.log });

  test.each([
    [[70001], 0, 2],
    [[70169, 91000], 0, 3],
    [[null, null], 0, 2],
    [[80001], 80001, 1],
    [[90001], 90001, 1],
    [[60010], 60010, 1],
    [[60007], 60007, 1],
    [[70001, 70001], 70001, 2],
    [[70169, 70169, 70169, 70169], 70169, 4],
  ])('%j ends with %d after %d calls', async (faults, code, calls) => {
    standIn.faults.rest = [...faults];
    const asked = im().call('im_open_login_svc/account_import', { UserID: 'someone' });
    if (code === 0) await asked;
    else await expect(asked).rejects.toMatchObject({ code });
    const cut = faults.filter((each) => each === null).length;
    expect(standIn.calls).toHaveLength(cut > 0 ? 1 : calls);
  });

  test('an unknown account is imported, once', async () => {
    const [from, to] = ['new_one', 'new_two'];
    const body = { From_Account: from, To_Account: to, MsgSeq: 1, MsgRandom: 1, MsgBody: words('x') };
    await im().call('openim/sendmsg', body, [from, to]);
    expect(standIn.calls.map((call) => call.split('/')[1])).toEqual([
      'sendmsg',
      'account_import',
      'account_import',
      'sendmsg',
    ]);
  });

  test('a wrong key is an alarm, not a loop', async () => {
    const wrong = createImRest({
      im: { ...ctx.config.im!, secretKey: 'wrong' },
      clock: ctx.clock,
      log: ctx.log,
    });
    await expect(wrong.call('openim/sendmsg', {})).rejects.toMatchObject({ code: 70009, transient: false });
  });
});

describe('the nightly comparison', () => {
  test('fetches what callbacks missed, in order, once, with its recalls, and begins again what was not copied', async () => {
    const { counselor, visitor, id } = await opened();
    standIn.faults.lose = 100;
    const sent: ImStandInMessage[] = [];
    for (let n = 0; n < 120; n += 1) {
      const [from, to] = n % 2 === 0 ? [visitor, counselor] : [counselor, visitor];
      sent.push(
        (await standIn.send(from.id, to.id, {
          body: words(`漏${String(n)}`),
          cloud: id,
        })) as ImStandInMessage,
      );
      if (n === 40) standIn.faults.lose = 1_000;
    }
    standIn.faults.lose = 0;
    expect(await textsHere(id, visitor.token)).toEqual([]);
    const known = (await standIn.send(visitor.id, counselor.id, {
      body: words('收到'),
      cloud: id,
    })) as ImStandInMessage;
    standIn.faults.lose = 1;
    await standIn.withdraw(known);
    // A crash between a message and the row that says it is to be copied.
    const forgotten = await opened();
    await say(forgotten.visitor, forgotten.id, '没抄过去');
    await until(() => textsThere(forgotten.id).length === 1, 'copied');
    await settled(forgotten.id);
    standIn.messages.splice(standIn.messages.indexOf(there(forgotten.id)[0]!), 1);
    await ctx.models.ImMirror.deleteOne({ _id: forgotten.id });

    const report = await reconcileIm(ctx, 'first');
    expect(report).toMatchObject({ state: 'DONE', fetched: 120, recalled: 1, failures: 0 });
    expect(report!.resumed).toBeGreaterThanOrEqual(1);
    await until(() => textsThere(forgotten.id).length === 1, 'copied after all');
    const here = (await textsHere(id, visitor.token)).filter((text) => text.startsWith('漏'));
    expect(here).toEqual(sent.map((_each, n) => `漏${String(n)}`));
    expect(await reconcileIm(ctx, 'first')).toBeNull();
    expect(await reconcileIm(ctx, 'second')).toMatchObject({ state: 'DONE', fetched: 0, recalled: 0 });
    await settled(id);
  });

  test('what came too late for its conversation is kept as a letter', async () => {
    const { counselor, visitor, id } = await opened();
    standIn.faults.lose = 2;
    const late = (await standIn.send(visitor.id, counselor.id, {
      body: words('迟'),
      cloud: id,
    })) as ImStandInMessage;
    await http(hotline.node.url, 'POST', `/conversation/end/${id}`, { token: visitor.token });
    await reconcileIm(ctx, 'third');
    expect(await ctx.models.DeadLetter.findOne({ msgKey: late.MsgKey }).lean()).toMatchObject({
      reason: 'ended',
    });
    expect(await textsHere(id, visitor.token)).toEqual([]);
  });

  test('an administrator starts one, sees what it came to, and what was left lying is taken up', async () => {
    const { token } = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR');
    const ask = (method: 'GET' | 'POST', json?: object) =>
      http(hotline.node.url, method, '/api/v1/im/reports', { token, ...(json && { json }) });
    const { counselor, visitor, id } = await opened();
    standIn.faults.lose = 2;
    await standIn.send(visitor.id, counselor.id, { body: words('夜里漏的'), cloud: id });
    standIn.faults.lose = 0;
    // Of a worker that went away: somebody is at it until the row says otherwise.
    const [at, later] = [new Date(Date.now() - 60_000), new Date(Date.now() + 600_000)];
    const _id = 'by hand, left';
    await ctx.models.ImReport.create({
      ...{ _id, state: 'RUNNING', wakeAt: later, from: at, to: at, startedAt: at, fetched: 3 },
    });
    expect(await reconcileIm(ctx, _id)).toBeNull();
    expect((await ask('POST', {})).status).toBe(409);
    await ctx.models.ImReport.updateOne({ _id }, { $set: { wakeAt: at } });
    // The night's own may be under way as well.
    const begun = await until(
      async () => {
        const answer = await ask('POST', { days: 1 });
        return answer.status === 200 && answer;
      },
      'begun',
      30_000,
    );
    expect(begun.body.result).toMatchObject({ state: 'QUEUED', endedAt: null });
    const row = async (name: string) =>
      (
        (await ask('GET')).body.result as { id: string; state: string; fetched: number; by: string | null }[]
      ).find((each) => each.id === name);
    const name = String(begun.body.result.id);
    await until(async () => (await row(name))?.state === 'DONE', 'compared', 30_000);
    expect(await row(name)).toMatchObject({ by: expect.stringMatching(/^[0-9a-f]{24}$/) });
    expect(await row(_id)).toMatchObject({ state: 'DONE', by: null });
    expect((await row(_id))!.fetched).toBeGreaterThanOrEqual(3);
    expect(await textsHere(id, visitor.token)).toEqual(['夜里漏的']);
    expect(await ctx.models.AuditEntry.countDocuments({ action: 'im-report.start' })).toBe(1);
  });

  test('a worker that shuts down gives it back', async () => {
    await opened();
    const gone = AbortSignal.abort();
    expect(await reconcileIm(ctx, 'fourth', undefined, gone)).toBeNull();
    await until(
      async () => (await ctx.models.ImReport.findById('fourth').lean())?.state === 'DONE',
      'taken up',
      30_000,
    );
  });
});

async function signedQuery(command: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  const time = String(Math.floor(Date.now() / 1_000));
  const Sign = createHash('sha256')
    .update(APP.token + time)
    .digest('hex');
  const SdkAppid = String(APP.sdkAppId);
  return new URLSearchParams({ SdkAppid, CallbackCommand: command, RequestTime: time, Sign }).toString();
}
