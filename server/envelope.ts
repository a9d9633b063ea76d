/** Prints answers and errors in each dialect (design.md, "Dialects"). The only place that knows both. */
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { ERRORS } from '../contract/errors.js';
import type { Listing } from '../contract/common.js';
import { toWireError, type AppError } from '../platform/errors.js';
import type { Route } from './route.js';

export function requestId(res: Response): string {
  const locals = res.locals as { requestId?: string };
  locals.requestId ??= randomUUID();
  return locals.requestId;
}

export function sendResult(res: Response, route: Route, result: unknown): void {
  if (route.dialect === 'tencent') {
    res.json(result);
    return;
  }
  if (route.dialect === 'consultant') {
    const data = route.beside ? (result as object) : result === undefined ? {} : { data: result };
    res.json({ code: 0, message: 'OK', ...data });
    return;
  }
  if (route.list) {
    const { rows, count, next } = result as Listing<unknown>;
    res.json({ code: 0, message: 'OK', result: rows, count, next });
  } else res.json({ code: 0, message: 'OK', result: result ?? null });
}

/** The documented Spring-style refusal; the path is the called one without its query. */
export function sendSpringForbidden(res: Response, path: string): void {
  res.status(403).json({
    timestamp: new Date().toISOString().replace('Z', '+00:00'),
    status: 403,
    error: 'Forbidden',
    message: 'Access Denied',
    path,
  });
}

export function sendError(req: Request, res: Response, dialect: Route['dialect'], error: AppError): void {
  const row = ERRORS[error.word];
  if (dialect === 'tencent') {
    // Always HTTP 200: Tencent reads the body.
    res.json({ ActionStatus: 'FAIL', ErrorInfo: error.message, ErrorCode: 1 });
    return;
  }
  if (dialect === 'hotline' && (error.word === 'UNAUTHENTICATED' || error.word === 'BANNED')) {
    sendSpringForbidden(res, req.path);
    return;
  }
  if (dialect === 'consultant') {
    sendConsultantError(res, error);
    return;
  }
  const wire = toWireError(error);
  if (wire.retry !== undefined) res.set('Retry-After', String(Math.ceil(wire.retry / 1000)));
  if (dialect === 'hotline') {
    const message = error.silent ? null : wire.message;
    res.status(row.hotlineOk ? 200 : row.http).json({ code: row.hotline, message, result: null });
    return;
  }
  res.status(row.http).json({
    code: row.hotline,
    message: wire.message,
    result: null,
    error: wire.code,
    ...(wire.details === undefined ? {} : { details: wire.details }),
    ...(wire.retry === undefined ? {} : { retry: wire.retry }),
    requestId: requestId(res),
  });
}

/** The document's own words for everything that is wrong with token or userID. */
const UNKNOWN_CONSULTANT = '认证失败：用户ID与Token不匹配或Token已过期';

/** Always HTTP 200; the number says it. */
function sendConsultantError(res: Response, error: AppError): void {
  const { consultant } = ERRORS[error.word];
  if (consultant === 401) {
    res.json({ code: 401, message: UNKNOWN_CONSULTANT });
    return;
  }
  const wire = toWireError(error);
  const seconds = wire.retry === undefined ? null : Math.ceil(wire.retry / 1000);
  if (seconds !== null) res.set('Retry-After', String(seconds));
  res.json({
    code: consultant,
    message:
      error.word === 'RATE_LIMITED' && seconds !== null
        ? `操作过于频繁，请在${String(seconds)}秒后重试。`
        : wire.message,
    ...(wire.details === undefined ? {} : { details: wire.details }),
  });
}
