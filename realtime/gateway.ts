import type { Server as HttpServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Server, type Socket } from 'socket.io';
import type { ClientEvents, ServerEvents } from '../contract/events.js';
import { isOwnOrigin } from '../platform/request.js';
import type { Principal } from '../services/account/session-cache.js';
import type { Ctx } from '../services/context.js';
import { authenticateSocket } from './auth.js';
import { startBeacon } from './beacon.js';
import { deliver } from './deliver.js';
import { createAttendance } from './attendance.js';
import { createDispatcher } from './handle.js';
import { roomsOf } from './rooms.js';
import { startWall } from './wall.js';

/** What a socket carries; everything else about a person is asked of the services. */
export interface SocketData {
  principal: Principal;
  /** While it watches the wall: what it was told last, and when (monotonic ms). */
  wall?: { told: string; at: number };
}
export type HotlineServer = Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>;
export type HotlineSocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>;

export interface Gateway {
  io: HotlineServer;
  /** Moves the sockets to other nodes, a few at a time; then refuses new ones and stops. */
  close(): Promise<void>;
}

/** The live face: attaches Socket.IO to a server that somebody else listens with. */
export function createGateway(http: HttpServer, ctx: Ctx): Gateway {
  const io: HotlineServer = new Server(http, {
    transports: ctx.config.polling ? ['polling', 'websocket'] : ['websocket'],
    maxHttpBufferSize: 64 * 1024,
    perMessageDeflate: false,
    serveClient: false,
    // A connection that died silently is noticed within 20 s.
    pingInterval: 10_000,
    pingTimeout: 10_000,
    connectTimeout: 10_000,
    allowRequest: (request, decide) => {
      // A foreign page may not ride on our cookie; with a token of its own it needs none.
      decide(null, request.headers.cookie === undefined || isOwnOrigin(ctx.config, request));
    },
  });
  io.use((socket, next) => {
    authenticateSocket(ctx, socket).then(
      () => {
        next();
      },
      (error: unknown) => {
        next(error as Error);
      },
    );
  });
  const dispatch = createDispatcher(ctx);
  const attendance = createAttendance(ctx);
  io.on('connection', (socket) => {
    void socket.join(roomsOf(socket.data.principal));
    dispatch(socket);
    attendance.came(socket.data.principal);
    socket.on('disconnect', () => {
      attendance.went(socket.data.principal);
    });
  });
  deliver(io, ctx);
  const beacon = startBeacon(io, ctx);
  const wall = startWall(io, ctx);
  return {
    io,
    async close() {
      beacon.stop();
      wall.stop();
      await drain(io);
      await io.close();
      // Their grace runs from now: who comes back through another node in time loses nothing.
      await attendance.settled();
    },
  };
}

const DRAIN_EACH = 50;
const DRAIN_EVERY_MS = 50;

/** Clients see a broken line, not a refusal, and connect anew; in turns, so that the other nodes are not run over. */
async function drain(io: HotlineServer): Promise<void> {
  const sockets = [...io.sockets.sockets.values()];
  for (let from = 0; from < sockets.length; from += DRAIN_EACH) {
    if (from > 0) await pause(DRAIN_EVERY_MS);
    for (const socket of sockets.slice(from, from + DRAIN_EACH)) socket.conn.close();
  }
}
