/** The composition root: one node with the faces it was asked for. Tests build their nodes here too. */
import { createServer, type Server } from 'node:http';
import type { Clock } from '../platform/clock.js';
import { systemClock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { createLog } from '../platform/log.js';
import { createGateway, type Gateway } from '../realtime/gateway.js';
import { createApp, createProbes } from '../server/app.js';
import { BOARD_PATH } from '../server/ops.js';
import { createNode } from '../services/create.js';
import type { Ctx } from '../services/context.js';
import { createMetrics } from '../services/metrics/metrics.js';
import { createBoard } from '../workers/board.js';
import { startWorkers, type WorkerFace } from '../workers/runtime.js';
import { createQueues } from '../workers/queues.js';

export interface Assembled {
  ctx: Ctx;
  /** Not listening yet. */
  http: Server;
  workers: WorkerFace | null;
  /** In order: no new work, drain, workers, queues, Redis, MongoDB. */
  close(): Promise<void>;
}

/** @param options.clock moves time in tests */
export async function assemble(
  config: Config,
  options: { clock?: Clock; name?: string } = {},
): Promise<Assembled> {
  const clock = options.clock ?? systemClock;
  const queues = createQueues({
    url: config.REDIS_URL,
    keyPrefix: config.KEY_PREFIX,
    log: createLog(config.LOG_LEVEL, 'queues'),
    clock,
  });
  const node = await createNode(config, { ...options, clock, waker: queues, jobs: queues });
  const { ctx } = node;
  let gateway: Gateway | null = null;
  const metrics = createMetrics(ctx, {
    sockets: () => gateway?.io.engine.clientsCount ?? 0,
  });
  const board = createBoard(queues.all, BOARD_PATH);
  const http = createServer((config.faces.has('server') ? createApp : createProbes)(ctx, { metrics, board }));
  // Longer than a proxy keeps its connections (usually 60 s): the side that asks should be the one that closes, or its
  // next call meets a connection that is just being closed.
  http.keepAliveTimeout = 65_000;
  gateway = config.faces.has('realtime') ? createGateway(http, ctx) : null;
  const workers = config.faces.has('worker')
    ? startWorkers(ctx, undefined, {
        failed: (queue) => {
          metrics.jobFailed(queue);
        },
      })
    : null;
  return {
    ctx,
    http,
    workers,
    async close() {
      // Keep-alive connections would hold the server open for ever; Socket.IO closes the server it is attached to.
      setTimeout(() => {
        http.closeAllConnections();
      }, 2_000).unref();
      await (gateway ? gateway.close() : new Promise((done) => http.close(done)));
      await workers?.close();
      await queues.close();
      await node.close();
    },
  };
}
