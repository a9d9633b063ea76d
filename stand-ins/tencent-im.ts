/**
 * Tencent IM on loopback, at protocol level, for development and tests: REST v4 with its signatures, errors and
 * history, and signed callbacks as a sender's client would cause them. What a test wants to go wrong it says on the
 * returned object: callbacks that get lost, come twice, or are tried again; REST calls that fail or are cut off.
 * Started by entry points and tests only.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inflateSync } from 'node:zlib';

export interface ImStandInMessage {
  From_Account: string;
  To_Account: string;
  MsgSeq: number;
  MsgRandom: number;
  /** Seconds. */
  MsgTimeStamp: number;
  MsgKey: string;
  /** 8 = recalled. */
  MsgFlagBits: number;
  MsgBody: unknown[];
  CloudCustomData: string;
}

type Fields = Record<string, unknown>;

export interface ImStandIn {
  url: string;
  messages: ImStandInMessage[];
  accounts: Set<string>;
  /** REST commands in the order they were called. */
  calls: string[];
  /** Callbacks that arrived, with what they were answered. */
  delivered: { command: string; reply: Fields }[];
  faults: {
    /** So many of the next callbacks never arrive. */
    lose: number;
    /** Each callback comes this often. */
    times: number;
    /** So many tries more when one is not answered. */
    retries: number;
    /** ErrorCodes of the next REST calls; null = the connection is cut. */
    rest: (number | null)[];
  };
  /** Where callbacks go: our server's address. */
  callbackTo(url: string): void;
  /**
   * A client sends. Asks the Before callback first and goes on as if there were none when it is not answered.
   * @returns the message, or the error code that its sender sees
   */
  send(
    from: string,
    to: string,
    message: { body: unknown[]; cloud?: string },
  ): Promise<ImStandInMessage | number>;
  withdraw(message: ImStandInMessage): Promise<void>;
  read(reader: string, peer: string): Promise<void>;
  state(account: string, action: 'Login' | 'Logout' | 'Disconnect'): Promise<void>;
  close(): Promise<void>;
}

export interface ImStandInApp {
  sdkAppId: number;
  secretKey: string;
  admin: string;
  token: string;
}

const BEFORE_MS = 2_000;

export async function startImStandIn(app: ImStandInApp, port = 0): Promise<ImStandIn> {
  const messages: ImStandInMessage[] = [];
  const accounts = new Set<string>([app.admin]);
  const calls: string[] = [];
  const delivered: ImStandIn['delivered'] = [];
  const faults: ImStandIn['faults'] = { lose: 0, times: 1, retries: 0, rest: [] };
  let callbackUrl = '';
  let serial = 1_000;

  async function callback(command: string, body: Fields, before: boolean): Promise<Fields | null> {
    let answer: Fields | null = null;
    for (let time = 0; time < (before ? 1 : faults.times); time += 1) {
      if (faults.lose > 0) {
        faults.lose -= 1;
        continue;
      }
      for (let attempt = 0; attempt <= (before ? 0 : faults.retries); attempt += 1) {
        answer = await post(command, body);
        if (answer) break;
      }
    }
    return answer;
  }

  async function post(command: string, body: Fields): Promise<Fields | null> {
    const time = String(Math.floor(Date.now() / 1_000));
    const query = new URLSearchParams({
      SdkAppid: String(app.sdkAppId),
      CallbackCommand: command,
      contenttype: 'json',
      ClientIP: '127.0.0.1',
      OptPlatform: 'Web',
      RequestTime: time,
      Sign: createHash('sha256')
        .update(app.token + time)
        .digest('hex'),
    });
    try {
      const response = await fetch(`${callbackUrl}/message/callback?${query.toString()}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ CallbackCommand: command, ...body, EventTime: Date.now() }),
        signal: AbortSignal.timeout(BEFORE_MS),
      });
      const reply = (await response.json()) as Fields;
      delivered.push({ command, reply });
      return reply;
    } catch {
      return null;
    }
  }

  /** The same sender, numbers and content within two minutes is one message. */
  function store(input: Fields, from: string): ImStandInMessage {
    const now = Math.floor(Date.now() / 1_000);
    const text = JSON.stringify(input.MsgBody);
    const twin = messages.find(
      (each) =>
        each.From_Account === from &&
        each.MsgSeq === input.MsgSeq &&
        each.MsgRandom === input.MsgRandom &&
        now - each.MsgTimeStamp <= 120 &&
        JSON.stringify(each.MsgBody) === text,
    );
    if (twin) return twin;
    const MsgSeq = typeof input.MsgSeq === 'number' ? input.MsgSeq : (serial += 1);
    const MsgRandom =
      typeof input.MsgRandom === 'number' ? input.MsgRandom : randomBytes(4).readUInt32BE() >>> 1;
    const message: ImStandInMessage = {
      From_Account: from,
      To_Account: String(input.To_Account),
      MsgSeq,
      MsgRandom,
      MsgTimeStamp: now,
      MsgKey: [MsgSeq, MsgRandom, now].join('_'),
      MsgFlagBits: 0,
      MsgBody: input.MsgBody as unknown[],
      CloudCustomData: typeof input.CloudCustomData === 'string' ? input.CloudCustomData : '',
    };
    messages.push(message);
    return message;
  }

  const fail = (code: number, info: string): Fields => ({
    ActionStatus: 'FAIL',
    ErrorCode: code,
    ErrorInfo: info,
  });
  const ok = (fields: Fields = {}): Fields => ({
    ActionStatus: 'OK',
    ErrorCode: 0,
    ErrorInfo: '',
    ...fields,
  });

  const COMMANDS: Record<string, (body: Fields) => Fields> = {
    'im_open_login_svc/account_import'(body) {
      if (typeof body.UserID !== 'string' || !/^[\w-]{1,32}$/.test(body.UserID))
        return fail(70402, 'bad UserID');
      accounts.add(body.UserID);
      return ok();
    },
    'openim/sendmsg'(body) {
      const from = typeof body.From_Account === 'string' ? body.From_Account : app.admin;
      if (!accounts.has(from) || !accounts.has(String(body.To_Account)))
        return fail(20003, 'account not imported');
      if (!Array.isArray(body.MsgBody) || body.MsgBody.length === 0) return fail(90001, 'bad MsgBody');
      if (Buffer.byteLength(JSON.stringify(body)) > 8_000) return fail(93000, 'too long');
      if (JSON.stringify(body.MsgBody).includes('blocked-word')) return fail(80001, 'dirty word');
      const { MsgKey, MsgTimeStamp } = store(body, from);
      return ok({ MsgKey, MsgTime: MsgTimeStamp });
    },
    'openim/admin_msgwithdraw'(body) {
      const found = messages.find(
        (each) =>
          each.MsgKey === body.MsgKey &&
          each.From_Account === body.From_Account &&
          each.To_Account === body.To_Account,
      );
      if (!found) return fail(20022, 'no such message');
      found.MsgFlagBits |= 8;
      return ok();
    },
    'openim/admin_getroammsg'(body) {
      const { From_Account: one, To_Account: other, MinTime, MaxTime, MaxCnt, LastMsgKey } = body;
      if (!accounts.has(String(one)) || !accounts.has(String(other))) return fail(90048, 'unknown account');
      // The newest first, as pages; inside a page oldest first.
      const all = messages
        .filter(
          (each) =>
            [one, other].includes(each.From_Account) &&
            [one, other].includes(each.To_Account) &&
            each.MsgTimeStamp >= Number(MinTime) &&
            each.MsgTimeStamp <= Number(MaxTime),
        )
        .sort((a, b) => b.MsgTimeStamp - a.MsgTimeStamp || b.MsgSeq - a.MsgSeq);
      const begin = LastMsgKey === undefined ? 0 : all.findIndex((each) => each.MsgKey === LastMsgKey) + 1;
      const page = all.slice(begin, begin + Number(MaxCnt));
      const last = page.at(-1);
      return ok({
        Complete: begin + page.length >= all.length ? 1 : 0,
        MsgCnt: page.length,
        ...(last ? { LastMsgTime: last.MsgTimeStamp, LastMsgKey: last.MsgKey } : {}),
        MsgList: page.reverse(),
      });
    },
  };

  function answer(request: IncomingMessage, body: Fields): Fields {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const command = url.pathname.replace(/^\/v4\//, '');
    calls.push(command);
    const refused = refusal(app, url.searchParams);
    if (refused) return fail(refused, 'usersig');
    const planned = faults.rest.shift();
    if (planned) return fail(planned, 'planned');
    return COMMANDS[command]?.(body) ?? fail(60009, 'unknown command');
  }

  const server = createServer((request, response) => {
    if (faults.rest[0] === null) {
      faults.rest.shift();
      request.socket.destroy();
      return;
    }
    void bodyOf(request).then((body) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer(request, body)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

  const facts = ({ MsgTimeStamp, MsgFlagBits: _flags, ...message }: ImStandInMessage): Fields => ({
    ...message,
    MsgTime: MsgTimeStamp,
    OnlineOnlyFlag: 0,
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    messages,
    accounts,
    calls,
    delivered,
    faults,
    callbackTo(url) {
      callbackUrl = url;
    },
    async send(from, to, { body, cloud = '' }) {
      for (const account of [from, to]) accounts.add(account);
      const message = store({ To_Account: to, MsgBody: body, CloudCustomData: cloud }, from);
      const judged = await callback('C2C.CallbackBeforeSendMsg', facts(message), true);
      if (judged && judged.ErrorCode !== 0) {
        messages.splice(messages.indexOf(message), 1);
        return judged.ErrorCode === 1 ? 20006 : Number(judged.ErrorCode);
      }
      const result = { SendMsgResult: 0, ErrorInfo: 'send msg succeed', UnreadMsgNum: 1 };
      await callback('C2C.CallbackAfterSendMsg', { ...facts(message), ...result }, false);
      return message;
    },
    async withdraw(message) {
      message.MsgFlagBits |= 8;
      const { From_Account, To_Account, MsgKey } = message;
      await callback(
        'C2C.CallbackAfterMsgWithDraw',
        { From_Account, To_Account, MsgKey, UnreadMsgNum: 0 },
        false,
      );
    },
    async read(reader, peer) {
      const body = {
        Report_Account: reader,
        Peer_Account: peer,
        LastReadTime: Math.ceil(Date.now() / 1_000),
      };
      await callback('C2C.CallbackAfterMsgReport', { ...body, UnreadMsgNum: 0 }, false);
    },
    async state(account, action) {
      const Reason = { Login: 'Register', Logout: 'Unregister', Disconnect: 'LinkClose' }[action];
      await callback('State.StateChange', { Info: { Action: action, To_Account: account, Reason } }, false);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Fields> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return {};
  }
}

/** The error code for a caller whose signature is not the administrator's; null = it is. */
function refusal(app: ImStandInApp, query: URLSearchParams): number | null {
  const sig = query.get('usersig') ?? '';
  if (sig === '') return 70002;
  if (query.get('sdkappid') !== String(app.sdkAppId)) return 70014;
  let fields: Record<string, string | number>;
  try {
    const base64 = sig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
    fields = JSON.parse(inflateSync(Buffer.from(base64, 'base64')).toString()) as typeof fields;
  } catch {
    return 70003;
  }
  const names = ['identifier', 'sdkappid', 'time', 'expire'];
  const text = names.map((name) => `TLS.${name}:${String(fields[`TLS.${name}`])}\n`).join('');
  if (createHmac('sha256', app.secretKey).update(text).digest('base64') !== fields['TLS.sig']) return 70009;
  if (fields['TLS.identifier'] !== query.get('identifier')) return 70013;
  if (Number(fields['TLS.time']) + Number(fields['TLS.expire']) < Date.now() / 1_000) return 70001;
  return query.get('identifier') === app.admin ? null : 60010;
}
