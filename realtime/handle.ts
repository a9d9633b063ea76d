/**
 * The one wrapper of every event: an acknowledgement function or nothing, limits, rights, input, handler, answer.
 * A frame that is not one of ours is dropped and counted; no input ends the process (I20).
 */
import type { Ack, ClientEvent } from '../contract/events.js';
import { AppError, badInput, isUnavailable, toWireError } from '../platform/errors.js';
import type { Ctx } from '../services/context.js';
import type { HotlineSocket } from './gateway.js';
import type { Handler, Handlers } from './handler.js';
import { conversationHandlers } from './handlers/conversation.js';
import { messageHandlers } from './handlers/message.js';
import { presenceHandlers } from './handlers/presence.js';
import { queueHandlers } from './handlers/queue.js';
import { wallHandlers } from './handlers/wall.js';

const handlers: Handlers = {
  ...conversationHandlers,
  ...messageHandlers,
  ...presenceHandlers,
  ...queueHandlers,
  ...wallHandlers,
};

/** Events a socket may have under way at once; a flood is answered, not queued. */
const MAX_UNDER_WAY = 64;

export function createDispatcher(ctx: Ctx): (socket: HotlineSocket) => void {
  return (socket) => {
    const budget = createBudget(ctx);
    let underWay = 0;
    // One after the other through the gate, so that a slow look-up turns no sender's order round.
    let gate: Promise<unknown> = Promise.resolve();
    socket.onAny((event: string, ...args: unknown[]) => {
      const ack = args.pop();
      const found = Object.hasOwn(handlers, event) ? handlers[event as ClientEvent] : undefined;
      if (!found || typeof ack !== 'function' || args.length > 1) {
        ctx.log.debug({ event: event.slice(0, 40) }, 'frame dropped');
        return;
      }
      const answer = ack as (answer: Ack<unknown>) => void;
      if (underWay >= MAX_UNDER_WAY || !budget()) {
        answer({ ok: false, error: toWireError(new AppError('RATE_LIMITED', { retry: 1_000 })) });
        return;
      }
      underWay += 1;
      const checked = gate.then(() => ctx.sessions.check(socket.data.principal));
      gate = checked.catch(() => undefined);
      checked
        .then(() => run(ctx, found, socket, args[0]))
        .then(
          (data): Ack<unknown> => ({ ok: true, data: data ?? null }),
          (error: unknown): Ack<unknown> => ({ ok: false, error: toWireError(known(ctx, event, error)) }),
        )
        .then((sent) => {
          underWay -= 1;
          answer(sent);
          if (!sent.ok && (sent.error.code === 'UNAUTHENTICATED' || sent.error.code === 'BANNED')) {
            socket.emit('session:closed', { reason: sent.error.code });
            socket.disconnect(true);
          }
        })
        .catch((error: unknown) => {
          ctx.log.error({ err: error, event }, 'acknowledgement failed');
        });
    });
  };
}

async function run(ctx: Ctx, found: Handler<never>, socket: HotlineSocket, raw: unknown): Promise<unknown> {
  const parsed = found.input.safeParse(raw ?? {});
  if (!parsed.success) throw badInput(parsed.error.issues);
  return found.handle(ctx, socket, parsed.data);
}

function known(ctx: Ctx, event: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isUnavailable(error)) return new AppError('UNAVAILABLE', { cause: error });
  ctx.log.error({ err: error, event }, 'event failed');
  return new AppError('INTERNAL', { cause: error });
}

/** A token bucket: so many events in ten seconds, in bursts too. */
function createBudget(ctx: Ctx): () => boolean {
  const most = ctx.config.SOCKET_EVENTS_PER_10S;
  let left = most;
  let at = ctx.clock.monotonic();
  return () => {
    const now = ctx.clock.monotonic();
    left = Math.min(most, left + ((now - at) / 10_000) * most);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
