/** Document section 7, over HTTP, against the stand-in; and the reference sheet's vector. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Ctx } from '../../../services/context.js';
import { decryptPhone, isGenuine, phoneOf } from '../../../services/wechat/decrypt.js';
import { startWechatStandIn, type WechatStandIn } from '../../../stand-ins/wechat.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { testClock, type TestClock } from '../../support/clock.js';
import { makePerson } from '../../support/factories.js';

const VECTOR = {
  sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
  iv: 'r7BXXKkLb8qrSNn05n0qiA==',
  encryptedData:
    'xT8p8W6jIVdEWQ+ccHuD2e4wlKOvkPACqSwR7g001A10cjwdM46gdn01GiQUKaqPzPDRMqCU65RqoH1SV87iasZARr/+0tJRzfFqQAAyBnqrunz9Sbe6xQGlPr95Uo9y/A9Sup64tUE4UVYwGsaRyE+JSNYeG2IMx4gaUgt0+dkOba1xRqBfBE5USsSp+vuoyQqqzgtB8swLoIZhMwIutw==',
};
const VECTOR_APP = 'wx4f4bc4dec97d474b';
const VECTOR_TIME = 1_700_000_000_000;

describe('what the older button hands over', () => {
  test('opens, also where a query turned + into a blank', () => {
    const info = decryptPhone(VECTOR)!;
    expect(phoneOf(info)).toBe('13800138000');
    expect(decryptPhone({ ...VECTOR, encryptedData: VECTOR.encryptedData.replaceAll('+', ' ') })).toEqual(
      info,
    );
    expect(phoneOf({ ...info, countryCode: '44', phoneNumber: '+447700900123' })).toBe('+447700900123');
  });

  test('its watermark names the app and a time near now', () => {
    const info = decryptPhone(VECTOR)!;
    expect(isGenuine(info, VECTOR_APP, VECTOR_TIME)).toBe(true);
    expect(isGenuine(info, 'wxother', VECTOR_TIME)).toBe(false);
    expect(isGenuine(info, VECTOR_APP, VECTOR_TIME + 601_000)).toBe(false);
    expect(isGenuine(info, VECTOR_APP, VECTOR_TIME - 601_000)).toBe(false);
  });

  test.each([
    ['another key', { sessionKey: Buffer.alloc(16, 1).toString('base64') }],
    ['a short key', { sessionKey: 'AAAA' }],
    ['a short iv', { iv: 'AAAA' }],
    ['half a block', { encryptedData: VECTOR.encryptedData.slice(0, -8) }],
    ['no base64', { encryptedData: '%%%' }],
    ['nothing', { encryptedData: '' }],
  ])('%s is null, never an exception', (_name, wrong) => {
    expect(decryptPhone({ ...VECTOR, ...wrong })).toBeNull();
  });
});

const APPID = 'wxdemo0000000000';
const FAILED = { code: -1, message: null, result: null };
let standIn: WechatStandIn;
let hotline: Hotline;
let clock: TestClock;
let ctx: Ctx;
beforeAll(async () => {
  standIn = await startWechatStandIn(0, { [APPID]: 'demo-secret', wxother: 'other-secret' });
  clock = testClock();
  hotline = await startHotline({
    nodes: 2,
    clock,
    env: { WECHAT_URL: standIn.url, WECHAT_APPS: 'wxother:other-secret:other', DEMO: '1' },
  });
  ctx = hotline.node.ctx;
});
afterAll(async () => {
  await hotline.stop();
  await standIn.close();
});

async function logIn(name: string, appid = APPID) {
  const answer = await http(hotline.node.url, 'POST', `/auth/wx/${appid}/login?code=demo:${name}`);
  const token = (answer.headers.get('authorization') ?? '').replace('Bearer ', '');
  const me = await http(hotline.node.url, 'GET', '/auth/me', { token });
  return { token, openid: String(me.body.result.username) };
}
const ask = (token: string, json: unknown, appid = APPID, url = hotline.node.url) =>
  http(url, 'POST', `/wx/user/${appid}/phone`, { token, json });

describe('POST /wx/user/{appid}/phone', () => {
  test('tells the phone, by JSON, form and query, with unescaped base64', async () => {
    const { token, openid } = await logIn('lin');
    const sealed = standIn.encryptPhone(openid, '18501799792');
    expect((await ask(token, sealed)).body).toEqual({ code: 0, message: 'OK', result: '18501799792' });
    const headers = { authorization: `Bearer ${token}` };
    const path = `${hotline.node.url}/wx/user/${APPID}/phone`;
    const form = await fetch(path, { method: 'POST', headers, body: new URLSearchParams(sealed) });
    expect(await form.json()).toMatchObject({ result: '18501799792' });
    const raw = `${path}?encryptedData=${sealed.encryptedData}&iv=${sealed.iv}`;
    expect(await (await fetch(raw, { method: 'POST', headers })).json()).toMatchObject({
      result: '18501799792',
    });
  });

  test('fails without words: stale, foreign watermark, an older session_key, garbage, another app', async () => {
    const { token, openid } = await logIn('xiu');
    const now = Math.floor(clock.now() / 1_000);
    for (const json of [
      standIn.encryptPhone(openid, '18501799792', { timestamp: now - 700 }),
      standIn.encryptPhone(openid, '18501799792', { appid: 'wxother' }),
      { encryptedData: 'AAAA', iv: 'BBBB' },
    ]) {
      const answer = await ask(token, json);
      expect([answer.status, answer.body]).toEqual([200, FAILED]);
    }
    const before = standIn.encryptPhone(openid, '18501799792');
    await logIn('xiu');
    expect((await ask(token, before)).body).toEqual(FAILED);
    const fresh = standIn.encryptPhone(openid, '18501799792');
    expect((await ask(token, fresh, 'wxother')).body).toEqual(FAILED);
    expect((await ask(token, fresh, 'wxnone')).body).toEqual(FAILED);
    expect((await ask(token, fresh)).body.code).toBe(0);
  });

  test('is for visitors who came through WeChat', async () => {
    const guest = await makePerson(ctx, 'VISITOR');
    expect((await ask(guest.token, { code: 'demo:13800138000' })).body).toEqual(FAILED);
    const counselor = await makePerson(ctx, 'COUNSELOR');
    const answer = await ask(counselor.token, { code: 'demo:13800138000' });
    expect([answer.status, answer.body.path]).toEqual([403, `/wx/user/${APPID}/phone`]);
    expect((await ask((await logIn('empty')).token, {})).body).toMatchObject({ code: -2 });
  });
});

describe('the newer code and the access token behind it', () => {
  beforeEach(() => {
    standIn.calls.length = 0;
  });
  const tokens = () => standIn.calls.filter((path) => path === '/cgi-bin/stable_token').length;

  test('one token serves all nodes, and lies sealed in Redis', async () => {
    const { token } = await logIn('code');
    const [one, two] = hotline.nodes.map((node) => node.url);
    expect((await ask(token, { code: 'demo:13800138000' }, APPID, one)).body.result).toBe('13800138000');
    expect((await ask(token, { code: 'demo:13800138001' }, APPID, two)).body.result).toBe('13800138001');
    expect(tokens()).toBe(1);
    const key = `${hotline.config.KEY_PREFIX}:{wechat}:token:${APPID}`;
    const held = (await ctx.redis.get(key)) ?? '';
    expect(held).not.toBe('');
    expect(Buffer.from(held, 'base64').toString('latin1')).not.toContain('7_');
    const ttl = await ctx.redis.ttl(key);
    expect(ttl).toBeGreaterThan(6_000);
    expect(ttl).toBeLessThanOrEqual(6_900);
  });

  test('a token that WeChat no longer takes is fetched anew, once', async () => {
    const { token } = await logIn('stale');
    await ask(token, { code: 'demo:13800138000' });
    standIn.calls.length = 0;
    standIn.spendTokens();
    expect((await ask(token, { code: 'demo:13800138002' })).body.result).toBe('13800138002');
    expect(tokens()).toBe(1);
  });

  test('a refused code and a WeChat in trouble are -1 without words', async () => {
    const { token } = await logIn('trouble');
    expect((await ask(token, { code: 'invalid' })).body).toEqual(FAILED);
    standIn.busy.calls = 1;
    expect((await ask(token, { code: 'demo:13800138000' })).body).toEqual(FAILED);
    await ctx.redis.del(`${hotline.config.KEY_PREFIX}:{wechat}:token:${APPID}`);
    standIn.busy.calls = 1;
    expect((await ask(token, { code: 'demo:13800138000' })).body).toEqual(FAILED);
  });
});
