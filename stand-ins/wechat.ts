/**
 * WeChat's jscode2session on loopback, for development and tests: the same parameters, fields, errors and content
 * type (shared/reference tencent-im.md, section 5). Started by entry points and tests only.
 * - `demo:<name>`: the same name is the same openid, as often as one likes
 * - `invalid` and `demo:`: 40029
 * - anything else: an openid of its own, once; again it is 40163
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const APPS: Record<string, string> = { wxdemo0000000000: 'demo-secret' };

type Answer = { errcode: number; errmsg: string } | { session_key: string; openid: string };

/** @param apps appid → secret */
export async function startWechatStandIn(
  port = 0,
  apps: Record<string, string> = APPS,
): Promise<{ url: string; close(): Promise<void> }> {
  const spent = new Set<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    if (url.pathname !== '/sns/jscode2session') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(JSON.stringify(answer(apps, spent, url.searchParams)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(actual)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(apps: Record<string, string>, spent: Set<string>, query: URLSearchParams): Answer {
  const refused = (errcode: number, text: string): Answer => {
    const id = randomBytes(6).toString('base64url');
    return { errcode, errmsg: `${text}, hints: [ req_id: ${id} ]` };
  };
  const appid = query.get('appid');
  const code = query.get('js_code');
  if (!appid) return refused(41002, 'appid missing');
  if (!query.get('secret')) return refused(41004, 'appsecret missing');
  if (!code) return refused(41008, 'missing code');
  if (query.get('grant_type') !== 'authorization_code') return refused(40002, 'invalid grant_type');
  const secret = Object.hasOwn(apps, appid) ? apps[appid] : undefined;
  if (secret === undefined) return refused(40013, 'invalid appid');
  if (query.get('secret') !== secret) return refused(40125, 'invalid appsecret');
  if (code === 'invalid' || code === 'demo:') return refused(40029, 'invalid code');
  if (!code.startsWith('demo:')) {
    if (spent.has(code)) return refused(40163, 'code been used');
    spent.add(code);
  }
  return { session_key: randomBytes(16).toString('base64'), openid: openidOf(appid, code) };
}

/** 28 characters, as WeChat's are; another app sees the same person under another one. */
function openidOf(appid: string, code: string): string {
  const name = code.replace(/^demo:/, '');
  return `o${createHash('sha256').update(`${appid}\0${name}`).digest('base64url').slice(0, 27)}`;
}
