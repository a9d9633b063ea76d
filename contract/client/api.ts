/** Calls over any transport that want the result of the envelope and nothing else. */
import { resultOf } from './error.js';
import type { Http, HttpAnswer } from './types.js';

/** The session ended: the documented body of Spring, or our own word. */
export function isSignedOut({ status, body }: HttpAnswer): boolean {
  const { code, error } = (body ?? {}) as { code?: unknown; error?: unknown };
  return status === 403 && (typeof code !== 'number' || error === 'UNAUTHENTICATED');
}

/** Each resolves to the result of the envelope. @throws HotlineError for any other answer */
export function createApi(http: Http) {
  const call =
    (method: Parameters<Http>[0]) =>
    async <T>(path: string, body?: unknown): Promise<T> => {
      const { status, body: answer } = await http(method, path, body);
      return resultOf<T>(status, answer);
    };
  return { get: call('GET'), post: call('POST'), put: call('PUT'), delete: call('DELETE') };
}
export type Api = ReturnType<typeof createApi>;
