/** Turns the list of routes into handlers: origin, session, role, input, handler, envelope. In that order. */
import type { Express, Request, RequestHandler, Response } from 'express';
import { AppError, badInput } from '../platform/errors.js';
import { cookieName, isOwnOrigin, tokenOf } from '../platform/request.js';
import type { Principal } from '../services/account/session-cache.js';
import type { Ctx } from '../services/context.js';
import { assertOwnUserID, consultantTokenOf } from './consultant.js';
import { sendResult, sendSpringForbidden } from './envelope.js';
import { sendFile } from './send-file.js';
import { sendRanged } from './send-ranged.js';
import type { Reply, Route } from './route.js';
import { readMultipart } from './uploads.js';

/** A handler that took longer than this is authorised again before its answer leaves (I12). */
const RECHECK_MS = 500;

export function mount(app: Express, ctx: Ctx, routes: Route[]): void {
  for (const route of routes) {
    const handler = handlerOf(ctx, route);
    for (const path of [route.path, ...(route.also ?? [])]) app[route.method](toExpressPath(path), handler);
  }
}

/** `{id}` of the document is `:id` of Express. */
const toExpressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

function handlerOf(ctx: Ctx, route: Route): RequestHandler {
  return async (req, res) => {
    const began = ctx.clock.monotonic();
    // The consultant API carries its token beside the files: only there a body is read before its sender is known.
    const beside = route.dialect === 'consultant' ? await readMultipart(req, res, route.files) : undefined;
    const { token, byCookie } =
      route.dialect === 'consultant' ? consultantTokenOf(ctx.config, req) : tokenOf(ctx.config, req);
    if (byCookie && !isOwnOrigin(ctx.config, req))
      throw new AppError('FORBIDDEN', { message: '来源不受信任。' });
    const principal = await identify(ctx, route, token);
    if (route.dialect === 'consultant' && route.auth !== 'anyone') assertOwnUserID(req, route, principal);
    if (
      route.auth !== 'anyone' &&
      route.auth !== 'signed-in' &&
      !(principal && route.auth.includes(principal.role))
    ) {
      // A route that this role may never call: the documented 403 body.
      if (route.dialect === 'hotline') {
        sendSpringForbidden(res, req.path);
        return;
      }
      throw new AppError('FORBIDDEN');
    }
    const files = beside ?? (await readMultipart(req, res, route.files));
    // A long upload: whoever lost their rights meanwhile keeps nothing here (I12).
    if (principal && route.files && ctx.clock.monotonic() - began > RECHECK_MS)
      await ctx.sessions.check(principal);
    const result = await route.handle({
      ctx,
      actor: principal as never,
      input: parse(route, req) as never,
      caller: { address: req.ip ?? '', userAgent: req.get('user-agent') ?? '', token },
      reply: replyOf(ctx, req, res, principal),
      files,
    });
    // What answers nothing lets nothing out; ending the own account is such a call.
    const reads = route.method === 'get' || (route.dialect === 'consultant' && result !== undefined);
    if (principal && ctx.clock.monotonic() - began > RECHECK_MS && reads && !res.headersSent)
      await ctx.sessions.check(principal);
    if (!res.headersSent) sendResult(res, route, result);
  };
}

async function identify(ctx: Ctx, route: Route, token: string | null): Promise<Principal | null> {
  if (token === null) {
    if (route.auth === 'anyone') return null;
    throw new AppError('UNAUTHENTICATED');
  }
  try {
    return await ctx.sessions.authenticate(token);
  } catch (error) {
    if (route.auth === 'anyone' && error instanceof AppError && error.word !== 'UNAVAILABLE') return null;
    throw error;
  }
}

/** Names in any case: Tencent's documents spell them in several. */
function rawOf(req: Request): { query: Record<string, string>; body: string } {
  const named = Object.entries(req.query).flatMap(([name, value]): [string, string][] => {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? [[name.toLowerCase(), first]] : [];
  });
  return { query: Object.fromEntries(named), body: Buffer.isBuffer(req.body) ? req.body.toString() : '' };
}

function parse(route: Route, req: Request): unknown {
  const body: unknown = route.from === 'raw' ? undefined : req.body;
  // A body that is itself an array (document section 35) is called `list`.
  const fields = Array.isArray(body)
    ? { list: body as unknown[] }
    : typeof body === 'object'
      ? (body ?? {})
      : {};
  const sources = {
    query: { ...req.query },
    json: fields,
    // Query first, then form or JSON (contract-notes.md, section 1).
    any: { ...fields, ...req.query },
    raw: route.from === 'raw' ? rawOf(req) : {},
  };
  const raw = { ...sources[route.from], ...req.params };
  const parsed = route.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw badInput(parsed.error.issues);
}

function replyOf(ctx: Ctx, req: Request, res: Response, principal: Principal | null): Reply {
  const closed = new AbortController();
  res.on('close', () => {
    closed.abort();
  });
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure: ctx.config.https } as const;
  return {
    signIn(token, expiresAt) {
      res.cookie(cookieName(ctx.config), token, { ...attributes, expires: expiresAt });
      res.set('Authorization', `Bearer ${token}`);
    },
    signOut() {
      res.clearCookie(cookieName(ctx.config), attributes);
    },
    send: (file) => sendFile(res, file),
    sendRanged: (file) => sendRanged(ctx, principal, req, res, file),
    closed: closed.signal,
  };
}
