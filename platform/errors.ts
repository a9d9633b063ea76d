import { ERRORS, type ErrorWord, type WireError } from '../contract/errors.js';

export interface ErrorDetails {
  /** Replaces the registry's sentence; Chinese, says what to do. null = the document prints `message: null` here. */
  message?: string | null;
  /** Milliseconds after which trying again may help. */
  retry?: number;
  fields?: { path: string; message: string }[];
  cause?: unknown;
}

/** The one kind of error that services throw; faces translate the word, see contract/errors.ts. */
export class AppError extends Error {
  readonly word: ErrorWord;
  readonly retry: number | undefined;
  readonly fields: { path: string; message: string }[] | undefined;
  /** The hotline dialect prints no message (document section 7). */
  readonly silent: boolean;

  constructor(word: ErrorWord, details: ErrorDetails = {}) {
    super(details.message ?? ERRORS[word].message, { cause: details.cause });
    this.name = 'AppError';
    this.word = word;
    this.retry = details.retry;
    this.fields = details.fields;
    this.silent = details.message === null;
  }
}

/** What a schema found wrong, as one error that names every field. */
export function badInput(issues: readonly { path: readonly PropertyKey[]; message: string }[]): AppError {
  const fields = issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
  const first = fields[0];
  return new AppError('BAD_INPUT', {
    ...(first?.path ? { message: `参数格式不正确：${first.path}` } : {}),
    fields,
  });
}

/** What an error may tell the outside: an unknown one only that something failed. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof AppError)) return { code: 'INTERNAL', message: ERRORS.INTERNAL.message };
  return {
    code: error.word,
    message: error.message,
    ...(error.retry === undefined ? {} : { retry: error.retry }),
    ...(error.fields === undefined ? {} : { details: error.fields }),
  };
}

/** True for what a lost or paused database or Redis throws: the outcome is unknown, trying again may help. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AppError) return error.word === 'UNAVAILABLE';
  return (
    /^(MongoNetwork|MongoServerSelection|MongoPool|MongoNotConnected|MongoTopology|MongoWaitQueue|MongoExpiredSession|MongooseServerSelection|MaxRetriesPerRequest|MongoOperationTimeout|MongoClientClosed)/.test(
      error.name,
    ) ||
    /Connection is closed|ECONNREFUSED|ECONNRESET|Stream isn't writeable|Command timed out/.test(
      error.message,
    )
  );
}
