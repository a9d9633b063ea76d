/** The second document's client: POST, everything in the body, HTTP 200 whatever happens. */
import type { Ctx } from '../../../services/context.js';
import { makePerson } from '../../support/factories.js';

export interface ConsultantAnswer {
  status: number;
  headers: Headers;
  body: {
    code: number;
    message: string;
    // Tests read whatever the wire says.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    data?: any;
    id?: number;
    details?: { path: string; message: string }[];
  };
}

/** @param body an object goes as JSON, URLSearchParams and FormData as they are */
export async function ask(
  url: string,
  path: string,
  body: Record<string, unknown> | URLSearchParams | FormData,
  headers: Record<string, string> = {},
): Promise<ConsultantAnswer> {
  const plain = !(body instanceof URLSearchParams || body instanceof FormData);
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { ...(plain ? { 'content-type': 'application/json' } : {}), ...headers },
    body: plain ? JSON.stringify(body) : body,
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as ConsultantAnswer['body'],
  };
}

/** The newest code that the development outbox holds for an account, as a system admin reads it. */
export async function codeFor(ctx: Ctx, url: string, to: string): Promise<string> {
  const admin = await makePerson(ctx, 'SYSTEM_ADMINISTRATOR');
  const answer = await fetch(`${url}/api/v1/dev/outbox?to=${encodeURIComponent(to)}`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  const body = (await answer.json()) as { result: { code: string }[] };
  const newest = body.result[0];
  if (!newest) throw new Error(`no code for ${to}`);
  return newest.code;
}

/** Registers by e-mail and logs in, all over the wire. */
export async function register(
  ctx: Ctx,
  url: string,
  name: string,
): Promise<{ userID: number; token: string; email: string; password: string }> {
  const email = `${name}@example.com`;
  const password = `${name}-pass-8620`;
  await ask(url, '/api/consultant/auth/email', { email });
  const registered = await ask(url, '/api/consultant/auth/register', {
    userName: name,
    account: email,
    accountType: 'email',
    password,
    verificationCode: await codeFor(ctx, url, email),
  });
  if (registered.body.code !== 0) throw new Error(registered.body.message);
  const { body } = await ask(url, '/api/consultant/auth/login', {
    loginType: 'password',
    accountType: 'email',
    account: email,
    credential: password,
  });
  return { userID: body.data.userInfo.userID as number, token: body.data.token as string, email, password };
}
