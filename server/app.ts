import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import { AppError, isUnavailable } from '../platform/errors.js';
import type { Ctx } from '../services/context.js';
import { requestId, sendError, sendSpringForbidden } from './envelope.js';
import { docs } from './docs.js';
import { health } from './health.js';
import { mount } from './mount.js';
import { ops, type Ops } from './ops.js';
import { pages } from './pages.js';
import { DocumentedForbidden, type Route } from './route.js';
import { allRoutes } from './routes/index.js';

/**
 * What tim-js-sdk needs: its sockets, and the workers that it makes of its own text. Its statistics host is left
 * out on purpose: who talks to a hotline from where is nobody's statistics.
 */
const TENCENT_SOURCES = {
  connectSrc: ["'self'", 'wss://*.im.qcloud.com', 'wss://*.tim.qq.com', 'wss://*.my-imcloud.com'],
  workerSrc: ["'self'", 'blob:'],
};

/** The HTTP face. Never listens: the entry point does. */
export function createApp(ctx: Ctx, forOperators: Ops): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  if (ctx.config.TRUST_PROXY) app.set('trust proxy', trustProxy(ctx.config.TRUST_PROXY));
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          // antd writes its styles into style elements.
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          mediaSrc: ["'self'", 'blob:'],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          ...(ctx.config.IM_PROVIDER === 'tencent' ? TENCENT_SOURCES : {}),
        },
      },
      strictTransportSecurity: ctx.config.https,
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  app.use((_req, res, next) => {
    res.set('X-Request-Id', requestId(res));
    res.set('Cache-Control', 'no-store');
    next();
  });
  app.use(health(ctx));
  app.use(ops(ctx, forOperators));
  app.use(pages());
  app.use(docs());
  app.use(rawPaths, express.raw({ type: () => true, limit: '256kb' }));
  app.use(express.json({ limit: '256kb' }), express.urlencoded({ extended: false, limit: '256kb' }));
  mount(app, ctx, allRoutes);
  app.use((_req, _res, next) => {
    next(new AppError('NOT_FOUND', { message: '没有这个接口。' }));
  });
  app.use(errorHandler(ctx));
  return app;
}

/** A process without the HTTP face: whether it runs, and its figures. */
export function createProbes(ctx: Ctx, forOperators: Ops): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(health(ctx));
  app.use(ops(ctx, forOperators));
  app.use(errorHandler(ctx));
  return app;
}

const trustProxy = (value: string): string | number | boolean =>
  value === 'true' ? true : /^\d+$/.test(value) ? Number(value) : value;

/** The last resort: whatever was thrown leaves in the dialect of its path, and nothing of it but what may. */
function errorHandler(ctx: Ctx): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    if (error instanceof DocumentedForbidden) {
      sendSpringForbidden(res, error.path);
      return;
    }
    if (rawPaths.includes(req.path)) {
      sendError(req, res, 'tencent', toAppError(ctx, error, requestId(res)));
      return;
    }
    sendError(req, res, dialectOf(req.path), toAppError(ctx, error, requestId(res)));
  };
}

/** Read as they came: Tencent's callback is answered in its own words even when it is no JSON. */
const rawPaths = allRoutes.filter((route) => route.from === 'raw').map((route) => route.path);
const documentedHeads = new Set(
  allRoutes.filter((route) => route.dialect === 'hotline').map((route) => route.path.split('/')[1]),
);
/** The second document's paths, in all three spellings that it prints. */
const CONSULTANT_PATH = /^\/api\/(consultant|consult|consuntant)(\/|$)/i;
function dialectOf(path: string): Route['dialect'] {
  if (CONSULTANT_PATH.test(path)) return 'consultant';
  return path.startsWith('/api/') || !isDocumented(path) ? 'ours' : 'hotline';
}
const isDocumented = (path: string): boolean => documentedHeads.has(path.split('/')[1]);

function toAppError(ctx: Ctx, error: unknown, request: string): AppError {
  if (error instanceof AppError) {
    if (error.word === 'INTERNAL') ctx.log.error({ err: error, request }, 'request failed');
    return error;
  }
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.too.large') return new AppError('TOO_LARGE');
  // body-parser and the router say 400 of what they can't read.
  if (status !== undefined && status >= 400 && status < 500) return new AppError('BAD_INPUT');
  ctx.log.error({ err: error, request }, 'request failed');
  return new AppError(isUnavailable(error) ? 'UNAVAILABLE' : 'INTERNAL');
}
