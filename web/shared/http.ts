/** HTTP as the reference client wants it: every answer resolves, no answer rejects. Same origin only. */
import type { Http } from '../../contract/client.js';

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
