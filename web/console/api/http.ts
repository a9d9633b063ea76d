/**
 * One way to call the server. Two dialects come back in one shape: documented paths answer HTTP 200 with a
 * `code`, our own `/api/v1` an HTTP status with the same body; both fail here as an ApiError.
 */

import { createFetchHttp } from '../../shared/http.js';

const http = createFetchHttp({ timeout: 20_000 });
type Method = Parameters<typeof http>[0];

export type FailureKind = 'network' | 'signed-out' | 'forbidden' | 'limited' | 'refused' | 'server';

export class ApiError extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly status: number,
    readonly code: number | null,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

interface Envelope {
  code?: number;
  message?: string | null;
  result?: unknown;
  count?: number;
  next?: number | null;
}

export interface Page<T> {
  rows: T[];
  count: number;
  next: number | null;
}

type Query = Record<string, string | number | boolean | null | undefined>;

interface Call {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

/** Called when the server says 403; tells whether the session itself is gone. Set by session.ts. */
let sessionIsGone: () => Promise<boolean> = () => Promise.resolve(false);
export function onForbidden(check: () => Promise<boolean>) {
  sessionIsGone = check;
}

function addressOf(path: string, query: Query = {}) {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

function kindOf(status: number, code: number | null): FailureKind {
  if (status === 401) return 'signed-out';
  if (status === 403 || code === -5) return 'forbidden';
  if (status === 429) return 'limited';
  if (status >= 500) return 'server';
  return 'refused';
}

/** The raw exchange: no session rule, for log-in, log-out and the check of the session itself. */
export async function exchange(method: Method, path: string, { query, body, signal }: Call = {}) {
  const { status, body: answer } = await http(
    method,
    addressOf(path, query),
    body,
    signal && { signal },
  ).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError('network', 0, null, '');
  });
  return { status, ok: status < 300, envelope: (answer ?? {}) as Envelope };
}

async function call(method: Method, path: string, options?: Call): Promise<Envelope> {
  const { status, ok, envelope } = await exchange(method, path, options);
  const code = typeof envelope.code === 'number' ? envelope.code : null;
  if (ok && (code === 0 || code === null)) return envelope;
  // The documents answer 403 both for "not signed in" and for "not your role": only /auth/me can tell which.
  if (status === 401 || status === 403) {
    if (await sessionIsGone()) throw new ApiError('signed-out', status, code, envelope.message ?? '');
  }
  throw new ApiError(kindOf(status, code), status, code, envelope.message ?? '');
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await call('GET', path, { query, signal })).result as T;
}

export async function getPage<T>(path: string, query?: Query, signal?: AbortSignal): Promise<Page<T>> {
  const { result, count, next } = await call('GET', path, { query, signal });
  const rows = (result ?? []) as T[];
  return { rows, count: count ?? rows.length, next: next ?? null };
}

export async function send<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  return (await call(method, path, { body })).result as T;
}
