/** Sends a call as somebody and says in one word what came of it; the shape of every answer is checked on the way. */
import { expect } from '@jest/globals';
import type { Route } from '../../../server/route.js';
import type { Person } from '../../support/factories.js';
import type { Outcome } from './principals.js';

/** What a row sends; at most one of json, text and form. */
export interface Sent {
  /** With its parameters in place, and a query where it has one. */
  path: string;
  json?: unknown;
  /** A body as it stands, said to be JSON. */
  text?: string;
  form?: FormData;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

type Dialect = Route['dialect'];

/** @param as null = nobody; `token` replaces theirs */
export async function send(
  url: string,
  dialect: Dialect,
  method: string,
  sent: Sent,
  as: Pick<Person, 'user' | 'token'> | null,
): Promise<Answer> {
  const { body, type } = bodyOf(dialect, sent, as);
  const answer = await fetch(url + sent.path, {
    method,
    redirect: 'manual',
    headers: {
      ...(as && dialect !== 'consultant' ? { authorization: `Bearer ${as.token}` } : {}),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  const parsed = (answer.headers.get('content-type') ?? '').includes('json') ? parse(text) : {};
  return { status: answer.status, headers: answer.headers, text, body: parsed };
}

function parse(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function bodyOf(dialect: Dialect, sent: Sent, as: Pick<Person, 'user' | 'token'> | null) {
  const json = 'application/json';
  if (sent.text !== undefined) return { body: sent.text, type: json };
  const own = dialect === 'consultant' && as ? { userID: as.user.userID, token: as.token } : {};
  if (sent.form) {
    for (const [name, value] of Object.entries(own)) sent.form.set(name, String(value));
    return { body: sent.form, type: undefined };
  }
  if (dialect === 'consultant') {
    const fields = typeof sent.json === 'object' && sent.json !== null ? sent.json : {};
    return { body: JSON.stringify({ ...own, ...fields }), type: json };
  }
  return sent.json === undefined
    ? { body: undefined, type: undefined }
    : { body: JSON.stringify(sent.json), type: json };
}

/** @throws when an answer has a shape that its dialect does not know */
export function outcomeOf(dialect: Dialect, answer: Answer): Outcome {
  const { status, body } = answer;
  if (status >= 500) return status;
  switch (dialect) {
    case 'tencent':
      expect([status, Object.keys(body).sort()]).toEqual([200, ['ActionStatus', 'ErrorCode', 'ErrorInfo']]);
      return body['ActionStatus'] === 'OK' ? 'ok' : 1;
    case 'consultant':
      return consultantOutcome(answer);
    case 'hotline':
      return hotlineOutcome(answer);
    case 'ours':
      return oursOutcome(answer);
  }
}

function consultantOutcome({ status, body, text }: Answer): Outcome {
  expect([status, text.slice(0, 200)]).toEqual([200, expect.any(String)]);
  expect(body).toMatchObject({ code: expect.any(Number), message: expect.any(String) });
  if (body['code'] === 0) {
    expect(body['message']).toBe('OK');
    return 'ok';
  }
  if (body['code'] === 401) expect(body['message']).toBe('认证失败：用户ID与Token不匹配或Token已过期');
  return body['code'] as number;
}

function hotlineOutcome({ status, body, text }: Answer): Outcome {
  if (status === 403) {
    expect(Object.keys(body).sort()).toEqual(['error', 'message', 'path', 'status', 'timestamp']);
    expect(body).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
      status: 403,
      error: 'Forbidden',
      message: 'Access Denied',
    });
    return '403 body';
  }
  if (status === 429) {
    expect(body).toMatchObject({ code: -3, result: null });
    return -3;
  }
  expect([status, text.slice(0, 200)]).toEqual([200, expect.any(String)]);
  expect(Object.keys(body)).toEqual(expect.arrayContaining(['code', 'message', 'result']));
  if (body['code'] === 0) {
    expect(body['message']).toBe('OK');
    return 'ok';
  }
  expect([-1, -2, -3, -4, -5, -6]).toContain(body['code']);
  expect(body['result']).toBeNull();
  return body['code'] as number;
}

function oursOutcome({ status, body, headers }: Answer): Outcome {
  if (status < 300) {
    if (headers.get('content-type')?.includes('json')) expect(body).toMatchObject({ code: 0, message: 'OK' });
    return 'ok';
  }
  expect(body).toMatchObject({
    code: expect.any(Number),
    message: expect.stringMatching(/[\u4e00-\u9fff]/),
    result: null,
    error: expect.stringMatching(/^[A-Z_]+$/),
    requestId: expect.any(String),
  });
  return status;
}
