/** What the client throws, and which refusals are final. */
import type { ErrorWord, WireError } from '../errors.js';

/** The last three are the client's own: no answer in time, no connection, session over. */
export type ClientErrorWord = ErrorWord | 'TIMEOUT' | 'DISCONNECTED' | 'CLOSED';

export class HotlineError extends Error {
  readonly code: ClientErrorWord;
  readonly retry: number | undefined;
  readonly details: WireError['details'];

  constructor(error: Omit<WireError, 'code'> & { code: ClientErrorWord }) {
    super(error.message);
    this.name = 'HotlineError';
    this.code = error.code;
    this.retry = error.retry;
    this.details = error.details;
  }
}

export const timedOut = () => new HotlineError({ code: 'TIMEOUT', message: '服务器没有及时回应。' });
export const disconnected = () => new HotlineError({ code: 'DISCONNECTED', message: '网络连接已断开。' });
export const sessionClosed = (reason: string) => new HotlineError({ code: 'CLOSED', message: reason });

export const asHotlineError = (error: unknown): HotlineError =>
  error instanceof HotlineError ? error : disconnected();

/** After these the outcome is unknown or will change by itself: ask again with the same clientMsgId. */
const WORTH_ANOTHER_TRY: ReadonlySet<ClientErrorWord> = new Set<ClientErrorWord>([
  'TIMEOUT',
  'DISCONNECTED',
  'UNAVAILABLE',
  'OVERLOADED',
  'RATE_LIMITED',
  'THIRD_PARTY',
  'INTERNAL',
]);

export const isWorthAnotherTry = (code: ClientErrorWord) => WORTH_ANOTHER_TRY.has(code);

/** Nothing that we ask in this session will be answered any more. */
export const endsTheSession = (code: ClientErrorWord) => code === 'UNAUTHENTICATED' || code === 'BANNED';

const WORD_OF_STATUS: Record<number, ErrorWord> = {
  400: 'BAD_INPUT',
  401: 'BAD_CREDENTIALS',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'TOO_LARGE',
  422: 'RULE_REFUSED',
  429: 'RATE_LIMITED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'UNAVAILABLE',
};

const WORD_OF_CODE: Record<number, ErrorWord> = {
  [-1]: 'UNAVAILABLE',
  [-2]: 'RULE_REFUSED',
  [-3]: 'RATE_LIMITED',
  [-4]: 'NOT_FOUND',
  [-5]: 'FORBIDDEN',
  [-6]: 'QUOTA',
};

interface Envelope {
  code?: unknown;
  message?: unknown;
  result?: unknown;
  /** The stable word, on our own endpoints. */
  error?: unknown;
  retry?: unknown;
}

/** The result of an HTTP answer in either envelope of ours, or the refusal that it carries. */
export function resultOf<T>(status: number, body: unknown): T {
  const envelope = (typeof body === 'object' && body !== null ? body : {}) as Envelope;
  if (status < 300 && envelope.code === 0) {
    return envelope.result as T;
  }
  // The documented body for "not signed in" is Spring's: it has a status and no code.
  const signedOut = status === 403 && typeof envelope.code !== 'number';
  const code = signedOut
    ? 'UNAUTHENTICATED'
    : typeof envelope.error === 'string'
      ? (envelope.error as ErrorWord)
      : status < 300
        ? (WORD_OF_CODE[Number(envelope.code)] ?? 'INTERNAL')
        : (WORD_OF_STATUS[status] ?? 'INTERNAL');
  throw new HotlineError({
    code,
    message: typeof envelope.message === 'string' ? envelope.message : '系统出现问题，请稍后重试。',
    ...(typeof envelope.retry === 'number' ? { retry: envelope.retry } : {}),
  });
}
