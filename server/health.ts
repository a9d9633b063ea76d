import { Router } from 'express';
import { isRedisUp } from '../platform/redis.js';
import type { Ctx } from '../services/context.js';

/** mongoose's 1 is connected. */
const isConnected = (ctx: Ctx): boolean => ctx.mongo.readyState.valueOf() === 1;

/** `/health`: this process runs, and on which engines. `/ready`: it can serve. Neither tells a secret or a version. */
export function health(ctx: Ctx): Router {
  const router = Router();
  router.get('/health', (_req, res) => {
    res.json({
      status: 'ok',
      database: { engine: ctx.config.MONGO_ENGINE || 'MongoDB', up: isConnected(ctx) },
      redis: { engine: ctx.config.REDIS_ENGINE || 'Redis', up: isRedisUp(ctx.redis) },
    });
  });
  router.get('/ready', async (_req, res) => {
    const fresh = ctx.cutoffs.isFresh();
    const ready = fresh && isConnected(ctx);
    // Redis away is not a reason to take a node out: it serves without.
    res.status(ready ? 200 : 503).json({ ready, redis: isRedisUp(ctx.redis) });
    return Promise.resolve();
  });
  return router;
}
