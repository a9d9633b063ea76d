/** HTTP as the reference client wants it: every answer resolves, no answer rejects. Same origin only. */
import { resultOf } from '../../contract/client.js';
import type { Http, HttpAnswer } from '../../contract/client.js';

export interface HttpOptions {
  /** Sent as Bearer; then no cookie travels, in or out, so two roles may live in one browser. */
  token?: () => string | undefined;
  /** How long to wait for an answer; waiting GETs hold theirs up to 25 s. */
  timeout?: number;
}

export function createFetchHttp({ token, timeout = 35_000 }: HttpOptions = {}): Http {
  return async (method, path, body, options) => {
    const bearer = token?.();
    const stop = new AbortController();
    const timer = setTimeout(() => {
      stop.abort();
    }, timeout);
    const onAbort = () => {
      stop.abort();
    };
    options?.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const response = await fetch(path, {
        method,
        credentials: token === undefined ? 'include' : 'omit',
        cache: 'no-store',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: stop.signal,
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : parse(text) };
    } finally {
      clearTimeout(timer);
      options?.signal?.removeEventListener('abort', onAbort);
    }
  };
}

/** A proxy in between may answer with a page of its own; that is no answer of ours. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The session ended: the documented body of Spring, or our own word. */
export function isSignedOut({ status, body }: HttpAnswer): boolean {
  const { code, error } = (body ?? {}) as { code?: unknown; error?: unknown };
  return status === 403 && (typeof code !== 'number' || error === 'UNAUTHENTICATED');
}

/** Calls that want the result of the envelope, or a HotlineError. */
export function createApi(http: Http) {
  const call =
    (method: 'GET' | 'POST' | 'PUT' | 'DELETE') =>
    async <T>(path: string, body?: unknown): Promise<T> => {
      const { status, body: answer } = await http(method, path, body);
      return resultOf<T>(status, answer);
    };
  return { get: call('GET'), post: call('POST'), put: call('PUT'), delete: call('DELETE') };
}
export type Api = ReturnType<typeof createApi>;
