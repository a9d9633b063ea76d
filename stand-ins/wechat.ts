/**
 * WeChat's server API on loopback, as far as we use it, for development and tests: the same parameters, fields, errors
 * and content type (log-in, stable access token, phone by code, subscribe message). Started by entry points and tests
 * only. What a test wants to happen it says on the returned object.
 * - log-in `demo:<name>`: the same name is the same openid, as often as one likes; `invalid` and `demo:`: 40029;
 *   anything else: an openid of its own, once; again it is 40163
 * - phone code `demo:<phone>`: that phone, as often as one likes; `invalid`: 40029
 */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

const APPS: Record<string, string> = { wxdemo0000000000: 'demo-secret' };
const TOKEN_SECONDS = 7_200;

type Answer = Record<string, unknown>;

export interface SentNotice {
  touser: string;
  template_id: string;
  page?: string;
  data: Record<string, { value: string }>;
}

export interface WechatStandIn {
  url: string;
  /** Subscribe messages that were taken, oldest first. */
  sent: SentNotice[];
  /** Paths in the order they were called. */
  calls: string[];
  /** From now on no token that was given is good, as after another system's forced refresh. */
  spendTokens(): void;
  /** Openids that have no credit left for a notice: 43101. */
  refusing: Set<string>;
  /** So many of the next calls are answered with -1, system busy. */
  busy: { calls: number };
  /** What the older phone button hands to the page. */
  encryptPhone(
    openid: string,
    phone: string,
    watermark?: { appid?: string; timestamp?: number },
  ): {
    encryptedData: string;
    iv: string;
  };
  close(): Promise<void>;
}

interface State {
  apps: Record<string, string>;
  spent: Set<string>;
  /** openid → appid and the session_key of the last log-in. */
  sessions: Map<string, { appid: string; sessionKey: string }>;
  /** Access token → appid. */
  tokens: Map<string, string>;
  sent: SentNotice[];
  refusing: Set<string>;
}

/** @param apps appid → secret */
export async function startWechatStandIn(
  port = 0,
  apps: Record<string, string> = APPS,
): Promise<WechatStandIn> {
  const state: State = {
    apps,
    spent: new Set(),
    sessions: new Map(),
    tokens: new Map(),
    sent: [],
    refusing: new Set(),
  };
  const calls: string[] = [];
  const busy = { calls: 0 };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const answers = ANSWERS[`${request.method ?? ''} ${url.pathname}`];
    if (!answers) {
      response.writeHead(404).end();
      return;
    }
    calls.push(url.pathname);
    void bodyOf(request).then((body) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      if (busy.calls > 0) {
        busy.calls -= 1;
        response.end(JSON.stringify(refused(-1, 'system error')));
      } else response.end(JSON.stringify(answers(state, url.searchParams, body)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(actual)}`,
    sent: state.sent,
    calls,
    spendTokens: () => state.tokens.clear(),
    refusing: state.refusing,
    busy,
    encryptPhone: (openid, phone, watermark) => encryptPhone(state, openid, phone, watermark),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const ANSWERS: Record<string, (state: State, query: URLSearchParams, body: Answer) => Answer> = {
  'GET /sns/jscode2session': logIn,
  'POST /cgi-bin/stable_token': stableToken,
  'POST /wxa/business/getuserphonenumber': phoneByCode,
  'POST /cgi-bin/message/subscribe/send': subscribeSend,
};

function refused(errcode: number, text: string): Answer {
  return { errcode, errmsg: `${text}, hints: [ req_id: ${randomBytes(6).toString('base64url')} ]` };
}

async function bodyOf(request: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return {};
  }
}

function secretOf(state: State, appid: string): string | undefined {
  return Object.hasOwn(state.apps, appid) ? state.apps[appid] : undefined;
}

function logIn(state: State, query: URLSearchParams): Answer {
  const appid = query.get('appid');
  const code = query.get('js_code');
  if (!appid) return refused(41002, 'appid missing');
  if (!query.get('secret')) return refused(41004, 'appsecret missing');
  if (!code) return refused(41008, 'missing code');
  if (query.get('grant_type') !== 'authorization_code') return refused(40002, 'invalid grant_type');
  const secret = secretOf(state, appid);
  if (secret === undefined) return refused(40013, 'invalid appid');
  if (query.get('secret') !== secret) return refused(40125, 'invalid appsecret');
  if (code === 'invalid' || code === 'demo:') return refused(40029, 'invalid code');
  if (!code.startsWith('demo:')) {
    if (state.spent.has(code)) return refused(40163, 'code been used');
    state.spent.add(code);
  }
  const openid = openidOf(appid, code);
  const sessionKey = randomBytes(16).toString('base64');
  state.sessions.set(openid, { appid, sessionKey });
  return { session_key: sessionKey, openid };
}

/** 28 characters, as WeChat's are; another app sees the same person under another one. */
function openidOf(appid: string, code: string): string {
  const name = code.replace(/^demo:/, '');
  return `o${createHash('sha256').update(`${appid}\0${name}`).digest('base64url').slice(0, 27)}`;
}

/** In its normal mode the same token until it is over; this one never is by itself. */
function stableToken(state: State, _query: URLSearchParams, body: Answer): Answer {
  if (body.grant_type !== 'client_credential') return refused(40002, 'invalid grant_type');
  const appid = typeof body.appid === 'string' ? body.appid : '';
  const secret = secretOf(state, appid);
  if (secret === undefined) return refused(40013, 'invalid appid');
  if (body.secret !== secret) return refused(40125, 'invalid appsecret');
  const current = [...state.tokens].find(([, owner]) => owner === appid)?.[0];
  const token = current ?? `7_${randomBytes(96).toString('base64url')}`;
  state.tokens.set(token, appid);
  return { access_token: token, expires_in: TOKEN_SECONDS };
}

/** The app that a token is for. */
function appOf(state: State, query: URLSearchParams): string | undefined {
  return state.tokens.get(query.get('access_token') ?? '');
}

const BAD_TOKEN = () => refused(40001, 'invalid credential, access_token is invalid or not latest');

function phoneByCode(state: State, query: URLSearchParams, body: Answer): Answer {
  const appid = appOf(state, query);
  if (appid === undefined) return BAD_TOKEN();
  const phone = typeof body.code === 'string' ? /^demo:(\d{5,15})$/.exec(body.code)?.[1] : undefined;
  if (phone === undefined) return refused(40029, 'invalid code');
  return { errcode: 0, errmsg: 'ok', phone_info: phoneInfo(phone, { appid }) };
}

function phoneInfo(phone: string, watermark: { appid: string; timestamp?: number }): Answer {
  return {
    phoneNumber: phone,
    purePhoneNumber: phone,
    countryCode: '86',
    watermark: { timestamp: Math.floor(Date.now() / 1_000), ...watermark },
  };
}

function encryptPhone(
  state: State,
  openid: string,
  phone: string,
  watermark: { appid?: string; timestamp?: number } = {},
): { encryptedData: string; iv: string } {
  const session = state.sessions.get(openid);
  if (!session) throw new Error('this openid never logged in here');
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(session.sessionKey, 'base64'), iv);
  const plain = JSON.stringify(phoneInfo(phone, { appid: session.appid, ...watermark }));
  const encryptedData = Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
  return { encryptedData, iv: iv.toString('base64') };
}

/** `thing` holds at most 20 characters. */
const MAX_THING = 20;

function subscribeSend(state: State, query: URLSearchParams, body: Answer): Answer {
  const appid = appOf(state, query);
  if (appid === undefined) return BAD_TOKEN();
  const notice = body as unknown as SentNotice;
  if (state.sessions.get(notice.touser)?.appid !== appid) return refused(40003, 'invalid openid');
  if (!notice.template_id) return refused(40037, 'invalid template_id');
  for (const [name, { value }] of Object.entries(notice.data)) {
    if (name.startsWith('thing') && (value.length === 0 || value.length > MAX_THING))
      return refused(47003, `argument invalid! data.${name}.value invalid`);
  }
  if (state.refusing.has(notice.touser)) return refused(43101, 'user refuse to accept the msg');
  state.sent.push(notice);
  return { errcode: 0, errmsg: 'ok', msgid: state.sent.length };
}
