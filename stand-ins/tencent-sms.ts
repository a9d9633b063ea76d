/**
 * Tencent Cloud SMS on loopback, for tests: SendSms 2021-01-11 with the TC3-HMAC-SHA256 signature checked as the
 * vendor documents it. Numbers that end in 0000 are refused in the status, as an unreachable phone is.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SentSms {
  phone: string;
  template: string;
  parameters: string[];
}

interface SendSms {
  PhoneNumberSet: string[];
  SmsSdkAppId: string;
  SignName: string;
  TemplateId: string;
  TemplateParamSet: string[];
}

export async function startTencentSmsStandIn(
  keys: Record<string, string>,
): Promise<{ url: string; sent: SentSms[]; close(): Promise<void> }> {
  const sent: SentSms[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ Response: { RequestId: 'stand-in', ...answer(keys, sent, request, body) } }),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  keys: Record<string, string>,
  sent: SentSms[],
  request: IncomingMessage,
  body: string,
): object {
  const error = (Code: string) => ({ Error: { Code, Message: Code } });
  if (request.headers['x-tc-action'] !== 'SendSms' || request.headers['x-tc-version'] !== '2021-01-11')
    return error('InvalidAction');
  if (!isSigned(keys, request, body)) return error('AuthFailure.SignatureFailure');
  const asked = JSON.parse(body) as SendSms;
  return {
    SendStatusSet: asked.PhoneNumberSet.map((phone) => {
      const refused = phone.endsWith('0000');
      if (!refused) sent.push({ phone, template: asked.TemplateId, parameters: asked.TemplateParamSet });
      return { PhoneNumber: phone, Code: refused ? 'FailedOperation.PhoneNumberInBlacklist' : 'Ok', Fee: 1 };
    }),
  };
}

const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');
const hmac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest();

/** https://www.tencentcloud.com/document/api/213/33224 */
function isSigned(keys: Record<string, string>, request: IncomingMessage, body: string): boolean {
  const parts =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/([\d-]+)\/(\w+)\/tc3_request, ?SignedHeaders=([\w;-]+), ?Signature=(\w+)$/.exec(
      request.headers.authorization ?? '',
    );
  const [, id = '', date = '', service = '', names = '', signature = ''] = parts ?? [];
  const secret = Object.hasOwn(keys, id) ? keys[id] : undefined;
  if (secret === undefined) return false;
  // The vendor's own address has no port, and the SDK signs none.
  const valueOf = (name: string) => String(request.headers[name]).trim().toLowerCase();
  const headers = names
    .split(';')
    .map((name) => `${name}:${name === 'host' ? valueOf(name).replace(/:\d+$/, '') : valueOf(name)}\n`);
  const canonical = ['POST', '/', '', headers.join(''), names, sha256(body)].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const time = String(request.headers['x-tc-timestamp']);
  const toSign = ['TC3-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(`TC3${secret}`, date), service), 'tc3_request');
  return hmac(key, toSign).toString('hex') === signature;
}
