/** Holds a real answer to what the description says of its call: the shape of a success, the errors that are listed. */
import { expect } from '@jest/globals';
import { z } from 'zod';
import { declaredErrors } from '../../../server/openapi-errors.js';
import type { Route } from '../../../server/route.js';
import type { Answer } from './send.js';

/** @throws when the answer has a field that is not described, lacks one, or is an error that the call does not list */
export function assertDescribed(route: Route, { status, headers, body }: Answer): void {
  const call = `${route.method} ${route.path}`;
  const isJson = (headers.get('content-type') ?? '').includes('json');
  if (route.dialect === 'tencent') {
    expect([call, faultsOf(route.answer, body)]).toEqual([call, []]);
    return;
  }
  if (status < 300 && (!isJson || body['code'] === 0)) {
    if (isJson) expect([call, faultsOf(wholeOf(route), body)]).toEqual([call, []]);
    else expect([call, route.answer]).toEqual([call, 'bytes']);
    return;
  }
  const listed = declaredErrors(route).filter(
    ({ word, code, status: own }) =>
      own === status &&
      (code === null || code === body['code']) &&
      (route.dialect !== 'ours' || word === body['error']),
  );
  // An error that is met is named in `errors:` of its route.
  expect([call, status, body['error'] ?? body['code'], body['message'], listed.length > 0]).toEqual([
    call,
    status,
    body['error'] ?? body['code'],
    body['message'],
    true,
  ]);
}

function wholeOf(route: Route): z.ZodType {
  const { answer } = route;
  const head = { code: z.literal(0), message: z.literal('OK') };
  const told = answer instanceof z.ZodType ? answer : z.null();
  if (route.dialect === 'consultant') {
    if (answer === null) return z.strictObject(head);
    return route.beside ? z.looseObject(head).and(z.unknown()) : z.strictObject({ ...head, data: told });
  }
  return route.list
    ? z.strictObject({ ...head, result: z.array(told), count: z.int().min(0), next: z.int().nullable() })
    : z.strictObject({ ...head, result: told });
}

function faultsOf(schema: Route['answer'], value: unknown): string[] {
  if (!(schema instanceof z.ZodType)) return ['no schema'];
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map(issueText);
}
const issueText = (issue: z.core.$ZodIssue): string =>
  `${issue.path.join('.')}: ${issue.message}${issue.code === 'invalid_union' ? ` ${JSON.stringify(issue.errors).slice(0, 600)}` : ''}`;
