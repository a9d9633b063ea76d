/** Tencent's callback (document section 38b) and its dead letters, over HTTP. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ctx } from '../../services/context.js';
import { ban } from '../../services/account/ban.js';
import { startHotline, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';
import { authenticatedActor, makeCounselor, makePerson, type Person } from '../support/factories.js';
import { until } from '../support/poll.js';
import { openSession } from '../support/talk.js';

const APP = '1400513208';
const TOKEN = 'xxxxyyyy';
/** The document's example, its print repaired: outer braces, 0 for the crossed one. */
const EXAMPLE = `{
 "CallbackCommand": "C2C.CallbackAfterSendMsg",
 "From_Account": "jared",
 "To_Account": "Jonh",
 "MsgSeq": 48374,
 "MsgRandom": 2837546,
 "MsgTime": 1557481126,
 "MsgKey": "48374_2837546_1557481126",
 "OnlineOnlyFlag": 1,
 "SendMsgResult": 0,
 "ErrorInfo": "send msg succeed",
 "UnreadMsgNum": 7,
 "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": "red packet" } }],
 "CloudCustomData": "your cloud custom data"
}`;
const EXAMPLE_PATH =
  `/message/callback?SdkAppid=${APP}&CallbackCommand=C2C.CallbackAfterSendMsg` +
  '&contentType=JSON&ClientIP=127.0.0.1&OptPlatform=RESTAPI';
const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };
const FAIL = { ActionStatus: 'FAIL', ErrorCode: 1 };

let hotline: Hotline;
let signed: Hotline;
let ctx: Ctx;
let admin: Person;
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
  signed = await startHotline({ env: { IM_SDK_APP_ID: APP, IM_SECRET_KEY: 'k', IM_CALLBACK_TOKEN: TOKEN } });
  ctx = hotline.node.ctx;
  admin = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR');
});
afterAll(async () => {
  await hotline.stop();
  await signed.stop();
});

async function post(path: string, body: unknown, url = hotline.node.url) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as typeof OK };
}
const call = (command: string, body: Record<string, unknown>, url?: string) =>
  post(
    `/message/callback?SdkAppid=${APP}&CallbackCommand=${command}`,
    { CallbackCommand: command, ...body },
    url,
  );

async function letters(state?: string) {
  const path = `/api/v1/im/dead-letters${state === undefined ? '' : `?state=${state}`}`;
  return (await http(hotline.node.url, 'GET', path, { token: admin.token })).body;
}
const opened = () => openSession(ctx, hotline.node.url);
const transcript = async (id: string, token: string) =>
  (await http(hotline.node.url, 'GET', `/message/conversation/web?conversationId=${id}`, { token })).body
    .result as {
    kind: string;
    text?: string;
    seq: number;
    sender: { id: string | null; type: string };
    recalled?: true;
    clientMsgId: string;
  }[];
let serial = 0;
function message(from: Person, to: Person, conversation: string, fields: Record<string, unknown> = {}) {
  serial += 1;
  const key = `${String(serial)}_2837546_1557481126`;
  return {
    From_Account: from.id,
    To_Account: to.id,
    MsgSeq: serial,
    MsgRandom: 2837546,
    MsgTime: 1557481126,
    MsgKey: key,
    SendMsgResult: 0,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: `第${String(serial)}句` } }],
    CloudCustomData: conversation,
    ...fields,
  };
}
const AFTER = 'C2C.CallbackAfterSendMsg';
const BEFORE = 'C2C.CallbackBeforeSendMsg';

test('the document’s own example: OK, kept as a dead letter, in no transcript', async () => {
  for (let time = 0; time < 2; time += 1)
    expect(await post(EXAMPLE_PATH, EXAMPLE)).toEqual({ status: 200, body: OK });
  const { result } = await letters('KEPT');
  expect(result).toHaveLength(1);
  expect(result[0]).toMatchObject({
    command: AFTER,
    reason: 'no-conversation',
    from: 'jared',
    to: 'Jonh',
    msgKey: '48374_2837546_1557481126',
    count: 2,
  });
  expect(JSON.stringify(result)).not.toContain('red packet');
  expect(await ctx.models.Message.countDocuments()).toBe(0);
  const row = await ctx.models.DeadLetter.findOne().lean().orFail();
  expect(Buffer.from(row.payload).toString('latin1')).not.toContain('red packet');
});

test('a letter is read, with an audit entry, and tried again by system admins only', async () => {
  const { result } = await letters();
  const path = `/api/v1/im/dead-letters/${String(result[0].id)}`;
  const one = await http(hotline.node.url, 'GET', path, { token: admin.token });
  expect(one.body.result.payload.MsgBody[0].MsgContent.Text).toBe('red packet');
  expect(await ctx.models.AuditEntry.countDocuments({ action: 'dead-letter.read' })).toBe(1);
  const again = await http(hotline.node.url, 'POST', `${path}/retry`, { token: admin.token });
  expect(again.body.result).toMatchObject({ state: 'KEPT', attempts: 1, reason: 'no-conversation' });
  for (const role of ['VISITOR', 'COUNSELOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR'] as const) {
    const { token } = await makePerson(ctx, role);
    for (const [method, url] of [
      ['GET', '/api/v1/im/dead-letters'],
      ['GET', path],
      ['POST', `${path}/retry`],
    ] as const)
      expect((await http(hotline.node.url, method, url, { token })).status).toBe(403);
  }
  const nothing = await http(hotline.node.url, 'GET', '/api/v1/im/dead-letters/nothing', {
    token: admin.token,
  });
  expect(nothing.status).toBe(404);
});

describe('genuine or not', () => {
  const at = (offset: number) => String(Math.floor(Date.now() / 1_000) + offset);
  const sign = (time: string, token = TOKEN) =>
    createHash('sha256')
      .update(token + time)
      .digest('hex');
  const ask = (query: string, body: unknown = EXAMPLE) =>
    post(`/message/callback?${query}&CallbackCommand=${AFTER}`, body, signed.node.url);

  test('the reference sheet’s vector', () => {
    expect(sign('1669872112')).toBe('17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061');
  });

  test('a good signature within 60 s, whatever the case of the names', async () => {
    for (const time of [at(0), at(-50), at(50)])
      expect((await ask(`SdkAppid=${APP}&Sign=${sign(time)}&RequestTime=${time}`)).body).toEqual(OK);
    expect(
      (await ask(`sdkappid=${APP}&SIGN=${sign(at(0)).toUpperCase()}&requesttime=${at(0)}`)).body,
    ).toEqual(OK);
    // The console's check of the address says nothing.
    const check = await fetch(
      `${signed.node.url}/message/callback?SdkAppid=${APP}&Sign=${sign(at(0))}&RequestTime=${at(0)}`,
      {
        method: 'POST',
      },
    );
    expect(await check.json()).toEqual(OK);
  });

  test('everything else is FAIL, counted and not kept', async () => {
    const before = await signed.node.ctx.models.DeadLetter.countDocuments();
    const now = at(0);
    for (const query of [
      `SdkAppid=1&Sign=${sign(now)}&RequestTime=${now}`,
      `Sign=${sign(now)}&RequestTime=${now}`,
      `SdkAppid=${APP}`,
      `SdkAppid=${APP}&Sign=${sign(now, 'other')}&RequestTime=${now}`,
      `SdkAppid=${APP}&Sign=${sign(now)}&RequestTime=${at(1)}`,
      `SdkAppid=${APP}&Sign=${sign(at(-61))}&RequestTime=${at(-61)}`,
      `SdkAppid=${APP}&Sign=${sign(at(62))}&RequestTime=${at(62)}`,
      `SdkAppid=${APP}&Sign=&RequestTime=${now}`,
      `SdkAppid=${APP}&Sign=${sign(now).slice(2)}&RequestTime=${now}`,
      `SdkAppid=${APP}&Sign=${sign(now)}&RequestTime=NaN`,
    ])
      expect(await ask(query)).toMatchObject({ status: 200, body: FAIL });
    expect(await signed.node.ctx.models.DeadLetter.countDocuments()).toBe(before);
    const counted = await signed.node.ctx.redis.hgetall(`${signed.config.KEY_PREFIX}:{im}:refused`);
    expect(Number(counted['bad-signature'])).toBeGreaterThanOrEqual(4);
  });

  test('ours but unreadable is FAIL and kept; a command unknown to us is OK and kept', async () => {
    for (const body of [
      '{"CallbackCommand":',
      '[]',
      'null',
      '"text"',
      { From_Account: 'a' },
      { CallbackCommand: BEFORE },
    ])
      expect(await post(`/message/callback?SdkAppid=${APP}&CallbackCommand=${AFTER}`, body)).toMatchObject({
        status: 200,
        body: FAIL,
      });
    expect((await call('Group.CallbackAfterSendMsg', { GroupId: '@TGS#1' })).body).toEqual(OK);
    expect((await call('__proto__', {})).body).toEqual(OK);
    const { result } = await letters();
    const reasons = (result as { reason: string }[]).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason.startsWith('unreadable')).length).toBeGreaterThanOrEqual(5);
    expect(reasons.filter((reason) => reason === 'unknown-command')).toHaveLength(2);
    const big = await post(`/message/callback?SdkAppid=${APP}`, `{"a":"${'x'.repeat(300_000)}"}`);
    expect(big).toMatchObject({ status: 200, body: FAIL });
  });
});

describe('messages of the two parties', () => {
  test('stand in the transcript once, however often and wherever they come', async () => {
    const { counselor, visitor, id } = await opened();
    const body = message(visitor, counselor, id);
    const urls = hotline.nodes.map((node) => node.url);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_each, index) => call(AFTER, body, urls[index % 2])),
    );
    expect(answers.map((each) => each.body)).toEqual(answers.map(() => OK));
    const inJson = { CloudCustomData: JSON.stringify({ conversationId: id }) };
    const strings = {
      MsgSeq: '900',
      MsgTime: '1557481127',
      MsgKey: '900_2837546_1557481127',
      SendMsgResult: '0',
    };
    await call(AFTER, message(counselor, visitor, id, { ...inJson, ...strings }));
    const said = (await transcript(id, visitor.token)).filter(({ kind }) => kind === 'text');
    expect(said.map(({ sender, clientMsgId }) => [sender.id, sender.type, clientMsgId])).toEqual([
      [visitor.id, 'VISITOR', `im:${body.MsgKey}`],
      [counselor.id, 'COUNSELOR', 'im:900_2837546_1557481127'],
    ]);
  });

  test('an element is a message of its own kind', async () => {
    const { counselor, visitor, id } = await opened();
    await call(
      AFTER,
      message(visitor, counselor, id, {
        MsgBody: [
          { MsgType: 'TIMTextElem', MsgContent: { Text: '看' } },
          { MsgType: 'TIMFaceElem', MsgContent: { Index: 1 } },
          { MsgType: 'TIMSoundElem', MsgContent: { Url: 'https://x.myqcloud.com/a', Second: 3 } },
          { MsgType: 'TIMNobodyKnows', MsgContent: {} },
        ],
      }),
    );
    const said = (await transcript(id, visitor.token)).filter(({ kind }) => kind !== 'system');
    expect(said.map(({ kind, text }) => [kind, text])).toEqual([
      ['text', '看'],
      ['emoji', '[表情]'],
      ['voice', '[语音]'],
      ['text', '[暂不支持的消息]'],
    ]);
  });

  test('a stranger, a third party, an undelivered one, after the end: OK, kept, in no transcript', async () => {
    const { counselor, visitor, id } = await opened();
    const other = await opened();
    const undelivered = message(visitor, counselor, id, { SendMsgResult: 80001 });
    const cases: [Record<string, unknown>, string][] = [
      [message(other.visitor, counselor, id), 'strangers'],
      [message(visitor, other.counselor, id), 'strangers'],
      [message(visitor, visitor, id), 'strangers'],
      [message(visitor, counselor, other.id), 'strangers'],
      [message(visitor, counselor, 'f'.repeat(24)), 'strangers'],
      [message(visitor, counselor, '{"conversationId":{"$ne":1}}'), 'no-conversation'],
      [undelivered, 'undelivered:80001'],
    ];
    await http(hotline.node.url, 'POST', `/conversation/end/${other.id}`, { token: other.visitor.token });
    cases.push([message(other.visitor, other.counselor, other.id), 'ended']);
    for (const [body, reason] of cases) {
      expect((await call(AFTER, body)).body).toEqual(OK);
      const row = await ctx.models.DeadLetter.findOne({ msgKey: body.MsgKey as string })
        .lean()
        .orFail();
      expect(row.reason).toBe(reason);
    }
    for (const each of [id, other.id])
      expect((await transcript(each, admin.token)).filter(({ kind }) => kind !== 'system')).toEqual([]);
  });

  test('a letter that fits by now is put where it belongs, once', async () => {
    const counselor = await makeCounselor(ctx, 0);
    const visitor = await makePerson(ctx, 'VISITOR');
    const json = { counselor: counselor.id };
    const waiting = await http(hotline.node.url, 'PUT', '/conversation', { token: visitor.token, json });
    const id = String(waiting.body.result.id);
    const body = message(visitor, counselor, id);
    await call(AFTER, body);
    const letter = await ctx.models.DeadLetter.findOne({ msgKey: body.MsgKey }).lean().orFail();
    expect(letter.reason).toBe('strangers');
    await http(hotline.node.url, 'POST', '/user/maxconsults', {
      token: counselor.token,
      json: { maxConsults: 1 },
    });
    await until(
      async () => (await ctx.models.Conversation.findById(id).lean())?.status === 'IN_PROGRESS',
      'assigned',
    );
    const path = `/api/v1/im/dead-letters/${letter._id.toHexString()}/retry`;
    for (let time = 0; time < 2; time += 1) {
      const again = await http(hotline.node.url, 'POST', path, { token: admin.token });
      expect(again.body.result).toMatchObject({ state: 'DONE', attempts: 1 });
    }
    expect((await transcript(id, visitor.token)).filter(({ kind }) => kind === 'text')).toHaveLength(1);
  });

  test('before sending: banned, ended and strangers are refused, parties and unsure elements are not', async () => {
    const { counselor, visitor, id } = await opened();
    expect((await call(BEFORE, message(visitor, counselor, id))).body).toEqual(OK);
    expect((await call(BEFORE, message(await makePerson(ctx, 'VISITOR'), counselor, id))).body).toMatchObject(
      FAIL,
    );
    await ban(ctx, await authenticatedActor(ctx, admin.token), visitor.id, 'test');
    const refused = await call(BEFORE, message(visitor, counselor, id));
    expect(refused.body).toMatchObject({ ...FAIL, ErrorInfo: expect.stringContaining('停用') });
    await call(AFTER, message(visitor, counselor, id));
    expect(await ctx.models.DeadLetter.countDocuments({ reason: 'banned' })).toBe(1);
    const ended = await opened();
    await http(hotline.node.url, 'POST', `/conversation/end/${ended.id}`, { token: ended.counselor.token });
    const late = await call(BEFORE, message(ended.visitor, ended.counselor, ended.id));
    expect(late.body).toMatchObject({ ...FAIL, ErrorInfo: expect.stringContaining('已经结束') });
    expect((await transcript(id, counselor.token)).filter(({ kind }) => kind !== 'system')).toEqual([]);
  });

  test('a withdrawal leaves a tombstone, also of every element; twice is once', async () => {
    const { counselor, visitor, id } = await opened();
    const body = message(visitor, counselor, id, {
      MsgBody: [1, 2].map((n) => ({ MsgType: 'TIMTextElem', MsgContent: { Text: `秘密${String(n)}` } })),
    });
    await call(AFTER, body);
    const withdrawal = { From_Account: visitor.id, To_Account: counselor.id, MsgKey: body.MsgKey };
    for (let time = 0; time < 2; time += 1)
      expect((await call('C2C.CallbackAfterMsgWithDraw', withdrawal)).body).toEqual(OK);
    const rows = await transcript(id, visitor.token);
    expect(rows.filter(({ recalled }) => recalled)).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('秘密');
    expect(await ctx.models.Message.countDocuments({ conversation: id, event: 'recalled' })).toBe(2);
    await call('C2C.CallbackAfterMsgWithDraw', { ...withdrawal, MsgKey: '7_7_7' });
    expect(await ctx.models.DeadLetter.countDocuments({ reason: 'unknown-message', msgKey: '7_7_7' })).toBe(
      1,
    );
    // Somebody else's key does not withdraw: the sender is part of what is looked for.
    const kept = message(visitor, counselor, id);
    await call(AFTER, kept);
    await call('C2C.CallbackAfterMsgWithDraw', {
      From_Account: counselor.id,
      To_Account: visitor.id,
      MsgKey: kept.MsgKey,
    });
    expect((await transcript(id, visitor.token)).filter(({ recalled }) => recalled)).toHaveLength(2);
  });

  test('a read report moves the mark to what stood by then', async () => {
    const { counselor, visitor, id } = await opened();
    await call(AFTER, message(visitor, counselor, id));
    const head = Math.max(...(await transcript(id, visitor.token)).map(({ seq }) => seq));
    const report = { Report_Account: counselor.id, Peer_Account: visitor.id };
    await call('C2C.CallbackAfterMsgReport', { ...report, LastReadTime: 1_000 });
    expect(await ctx.models.ReadMark.findOne({ conversation: id, user: counselor.id }).lean()).toBeNull();
    await call('C2C.CallbackAfterMsgReport', {
      ...report,
      LastReadTime: String(Math.ceil(Date.now() / 1_000)),
    });
    const mark = await ctx.models.ReadMark.findOne({ conversation: id, user: counselor.id }).lean();
    expect(mark?.seq).toBe(head);
  });
});

test('State.StateChange feeds a counselor’s presence', async () => {
  const counselor = await makeCounselor(ctx, 1);
  const duty = async () => ctx.models.Duty.findById(counselor.id).lean().orFail();
  const change = (Action: string, time = Date.now()) =>
    call('State.StateChange', {
      EventTime: String(time),
      Info: { Action, To_Account: counselor.id, Reason: 'x' },
    });
  await ctx.models.Duty.updateOne(
    { _id: counselor.id },
    { $set: { presence: 'offline', presenceAt: new Date() } },
  );
  // What is older than their own word changes nothing.
  await change('Login', Date.now() - 60_000);
  expect((await duty()).presence).toBe('offline');
  await change('Login', Date.now() + 1);
  expect(await duty()).toMatchObject({ presence: 'online', connectedUntil: null });
  await change('Disconnect', Date.now() + 1_000);
  expect((await duty()).connectedUntil?.getTime()).toBeGreaterThan(Date.now() + 20_000);
  await ctx.models.Duty.updateOne(
    { _id: counselor.id },
    { $set: { presence: 'busy', connectedUntil: null } },
  );
  await change('Login', Date.now() + 2_000);
  expect((await duty()).presence).toBe('busy');
});
