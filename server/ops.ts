/**
 * For operators, and for nobody else: `/metrics` (a bearer token of the configuration, or a system admin) and the
 * queue board under /ops/queues (a system admin who is signed in). To everybody else neither exists.
 */
import { timingSafeEqual, createHash } from 'node:crypto';
import { Router, type Request, type RequestHandler } from 'express';
import { AppError } from '../platform/errors.js';
import { isOwnOrigin, tokenOf } from '../platform/request.js';
import type { Ctx } from '../services/context.js';
import type { Metrics } from '../services/metrics/metrics.js';

export const BOARD_PATH = '/ops/queues';

export interface Ops {
  metrics: Metrics;
  /** The queue board, at BOARD_PATH. */
  board: RequestHandler;
}

const notThere = () => new AppError('NOT_FOUND', { message: '没有这个接口。' });

export function ops(ctx: Ctx, { metrics, board }: Ops): Router {
  const router = Router();
  router.get('/metrics', async (req, res) => {
    if (!hasMetricsToken(ctx, req)) await demandSystemAdmin(ctx, req);
    res.type(metrics.type).send(await metrics.text());
  });
  router.use(
    BOARD_PATH,
    async (req, res, next) => {
      await demandSystemAdmin(ctx, req);
      // The board finds its files by a <base>; what it would fetch from elsewhere stays refused.
      const policy = String(res.getHeader('content-security-policy') ?? '');
      res.set('Content-Security-Policy', policy.replace("base-uri 'none'", "base-uri 'self'"));
      next();
    },
    withoutOutsideFonts,
    board,
  );
  return router;
}

function hasMetricsToken(ctx: Ctx, req: Request): boolean {
  const { METRICS_TOKEN } = ctx.config;
  const { token, byCookie } = tokenOf(ctx.config, req);
  if (!METRICS_TOKEN || token === null || byCookie) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(token), digest(METRICS_TOKEN));
}

/** @throws AppError NOT_FOUND: whoever may not see it learns nothing of it */
async function demandSystemAdmin(ctx: Ctx, req: Request): Promise<void> {
  const { token, byCookie } = tokenOf(ctx.config, req);
  if (token === null || (byCookie && !isOwnOrigin(ctx.config, req))) throw notThere();
  const principal = await ctx.sessions.authenticate(token).catch((error: unknown) => {
    if (error instanceof AppError && error.word === 'UNAVAILABLE') throw error;
    return null;
  });
  if (principal?.role !== 'SYSTEM_ADMINISTRATOR') throw notThere();
}

/** The board's page names a font server; nobody who looks at it is told to that server. */
const withoutOutsideFonts: RequestHandler = (_req, res, next) => {
  const render = res.render.bind(res);
  res.render = ((view: string, options: object) => {
    render(view, options, (error: Error | null, html?: string) => {
      if (error) next(error);
      else res.send((html ?? '').replace(/<link[^>]+href="https?:[^>]*>/g, ''));
    });
  }) as typeof res.render;
  next();
};
