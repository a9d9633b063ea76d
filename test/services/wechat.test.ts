import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Me } from '../../contract/user.js';
import { openField } from '../../services/seal/fields.js';
import { findWeChatApp } from '../../services/wechat/apps.js';
import { code2session } from '../../services/wechat/client.js';
import type { Ctx } from '../../services/context.js';
import { startWechatStandIn } from '../../stand-ins/wechat.js';
import { startHotline, testConfig, type Hotline } from '../support/app.js';
import { http } from '../support/clients.js';

const APPID = 'wxdemo0000000000';
let standIn: Awaited<ReturnType<typeof startWechatStandIn>>;
let hotline: Hotline;
let ctx: Ctx;
beforeAll(async () => {
  standIn = await startWechatStandIn(0, { [APPID]: 'demo-secret', wxother: 'other-secret' });
  hotline = await startHotline({
    env: { WECHAT_URL: standIn.url, WECHAT_APPS: 'wxother:other-secret:other,wxwrong:wrong:ecnu', DEMO: '1' },
  });
  ctx = hotline.node.ctx;
});
afterAll(async () => {
  await hotline.stop();
  await standIn.close();
});

const logIn = (code: string, appid = APPID) =>
  http(hotline.node.url, 'POST', `/auth/wx/${appid}/login?code=${encodeURIComponent(code)}`);
const tokenOf = (answer: Awaited<ReturnType<typeof logIn>>) =>
  (answer.headers.get('authorization') ?? '').replace('Bearer ', '');
const me = async (token: string) =>
  (await http(hotline.node.url, 'GET', '/auth/me', { token })).body.result as Me;

describe('log-in of a mini-program’s visitor (3)', () => {
  test('registers an unknown openId as a visitor of the appid’s institution, once', async () => {
    const first = await logIn('demo:小林');
    expect([first.status, first.body]).toEqual([200, { code: 0, message: 'OK', result: 'ok' }]);
    const visitor = await me(tokenOf(first));
    expect(visitor).toMatchObject({ type: 'VISITOR', name: null, institutionCode: 'ecnu' });
    expect(visitor.username).toMatch(/^o[\w-]{27}$/);
    expect((await me(tokenOf(await logIn('demo:小林')))).id).toBe(visitor.id);
    expect((await me(tokenOf(await logIn('demo:阿秀')))).id).not.toBe(visitor.id);
    const elsewhere = await me(tokenOf(await logIn('demo:小林', 'wxother')));
    expect(elsewhere).toMatchObject({ institutionCode: 'other' });
    expect(elsewhere.id).not.toBe(visitor.id);
  });

  test('many at once are one visitor', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => logIn('demo:once')));
    const ids = await Promise.all(answers.map(async (answer) => (await me(tokenOf(answer))).id));
    expect(new Set(ids).size).toBe(1);
  });

  test('takes the code from a form and from JSON, too', async () => {
    const form = await http(hotline.node.url, 'POST', `/auth/wx/${APPID}/login`, {
      json: { code: 'demo:json' },
    });
    expect(form.body.result).toBe('ok');
    const urlencoded = await fetch(`${hotline.node.url}/auth/wx/${APPID}/login`, {
      method: 'POST',
      body: new URLSearchParams({ code: 'demo:form' }),
    });
    expect(await urlencoded.json()).toMatchObject({ code: 0 });
  });

  test('answers a refused code as documented, with WeChat’s own words', async () => {
    const { status, headers, body } = await logIn('invalid');
    expect([status, body.code, body.result]).toEqual([200, -2, null]);
    expect(body.message).toMatch(
      /错误代码:40029, 错误信息:code 无效.*\{"errcode":40029,"errmsg":"invalid code, hints: \[ req_id: /,
    );
    expect(headers.get('authorization')).toBeNull();
  });

  test('takes a code once', async () => {
    expect((await logIn('081abc')).body.code).toBe(0);
    const { body } = await logIn('081abc');
    expect(body).toMatchObject({ code: -2, message: expect.stringContaining('错误代码:40163') });
  });

  test('refuses an appid that is not configured and a code that is missing', async () => {
    expect((await logIn('demo:x', 'wxunknown')).body.code).toBe(-2);
    expect((await logIn('')).body.code).toBe(-2);
  });

  test('says -1 when WeChat refuses our own set-up', async () => {
    expect((await logIn('demo:x', 'wxwrong')).body).toMatchObject({ code: -1, result: null });
  });

  test('refuses a banned visitor as 1 does', async () => {
    const { id } = await me(tokenOf(await logIn('demo:banned')));
    await ctx.models.User.updateOne({ _id: id }, { $set: { enabled: false } });
    expect((await logIn('demo:banned')).body).toEqual({
      code: -3,
      message: '该用户名不存在或已被禁用,请核实后再登录!',
      result: null,
    });
  });

  test('keeps the newest session_key, sealed', async () => {
    const { id } = await me(tokenOf(await logIn('demo:sealed')));
    const keyOf = async () => {
      const { wechatSession } = await ctx.models.User.findById(id).lean().orFail();
      return openField(ctx, 'ecnu', ['users', 'wechatSession', id], wechatSession);
    };
    const first = await keyOf();
    expect(Buffer.from(first ?? '', 'base64')).toHaveLength(16);
    await logIn('demo:sealed');
    expect(await keyOf()).not.toBe(first);
    const { wechatSession } = await ctx.models.User.findById(id).lean().orFail();
    await expect(openField(ctx, 'ecnu', ['users', 'phone', id], wechatSession)).rejects.toThrow();
    expect(JSON.stringify(await ctx.models.User.findById(id).lean())).not.toContain(first);
  });
});

test('the demo’s appid is unknown in production', () => {
  expect(findWeChatApp(testConfig({ DEMO: '0' }), APPID)).toBeNull();
  expect(findWeChatApp(testConfig({ DEMO: '1' }), APPID)).toMatchObject({ institution: 'ecnu' });
});

describe('WeChat in trouble', () => {
  let server: Server;
  let reply: { status?: number; body: string } = { body: '' };
  let url: string;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(reply.status ?? 200, { 'content-type': 'text/plain' }).end(reply.body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const ask = () => code2session({ WECHAT_URL: url }, { appid: 'wx1', secret: 'a-secret-of-ours' }, 'c');

  test.each([
    ['{"errcode":-1,"errmsg":"system error"}', 200, 'THIRD_PARTY'],
    ['{"errcode":45011,"errmsg":"api minute-quota reached"}', 200, 'RATE_LIMITED'],
    ['{"errcode":40013,"errmsg":"invalid appid"}', 200, 'THIRD_PARTY'],
    ['<html>bad gateway</html>', 502, 'THIRD_PARTY'],
    ['<html>captive portal</html>', 200, 'THIRD_PARTY'],
    ['{"session_key":"x"}', 200, 'THIRD_PARTY'],
    ['null', 200, 'THIRD_PARTY'],
    [`{"openid":"${'o'.repeat(10_000)}","session_key":"x"}`, 200, 'THIRD_PARTY'],
  ])('%.40s', async (body, status, word) => {
    reply = { status, body };
    await expect(ask()).rejects.toMatchObject({ word });
  });

  test('errcode 0 beside an openid is a success', async () => {
    reply = { body: '{"errcode":0,"errmsg":"ok","openid":"o1","session_key":"k"}' };
    expect(await ask()).toEqual({ openId: 'o1', sessionKey: 'k' });
  });

  test('no error tells the secret', async () => {
    const error: unknown = await code2session(
      { WECHAT_URL: 'http://127.0.0.1:1' },
      { appid: 'wx1', secret: 'a-secret-of-ours' },
      'c',
    ).catch((each: unknown) => each);
    expect(error).toMatchObject({ word: 'THIRD_PARTY' });
    const { message, stack, cause } = error as Error;
    expect(`${message}${String(stack)}${String((cause as Error).stack)}`).not.toContain('a-secret-of-ours');
  });
});
