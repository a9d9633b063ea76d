/**
 * The only file that emits: maps what services published to the wire's names and sends it to the rooms that
 * rooms.ts names. A node that was paused sends nothing before it has read the cut-offs it missed (I12).
 */
import type { ServerEvents } from '../contract/events.js';
import type { Ctx } from '../services/context.js';
import { markReached } from '../services/supervision/call.js';
import { snapshotQueue } from '../services/matchmaking/snapshot.js';
import type { HotlineServer } from './gateway.js';
import { listenersOf, roomsOf, staffOf, staffRoom, userRoom } from './rooms.js';

/** Changes of one institution's queue within this time are told to staff once. */
const QUEUE_EVERY_MS = 200;

export function deliver(io: HotlineServer, ctx: Ctx): void {
  let held: (() => void)[] | null = null;

  /** At once while the node knows of every cut-off; otherwise in order, after the next read. */
  function whenFresh(send: () => void): void {
    if (held) held.push(send);
    else if (ctx.cutoffs.isFresh()) send();
    else {
      held = [send];
      void release();
    }
  }
  async function release(): Promise<void> {
    try {
      await ctx.cutoffs.fresh();
      for (const send of held ?? []) send();
    } catch {
      // Not to be had within its time: what is dropped here is fetched by seq.
      ctx.log.warn('pushes dropped: cut-offs unknown');
    } finally {
      held = null;
    }
  }
  function emit<E extends keyof ServerEvents>(
    rooms: string[],
    event: E,
    ...args: Parameters<ServerEvents[E]>
  ): void {
    if (rooms.length === 0) return;
    whenFresh(() => {
      io.to(rooms).emit(event, ...args);
    });
  }

  ctx.bus.on('message.created', ({ parties, message }) => {
    emit(listenersOf(parties), 'message:created', message);
  });
  ctx.bus.on('message.recalled', ({ parties, id, seq }) => {
    emit(listenersOf(parties), 'message:recalled', { conversationId: parties.id, id, seq });
  });
  ctx.bus.on('message.read', ({ parties, mark }) => {
    emit(listenersOf(parties), 'message:read', mark);
  });
  ctx.bus.on('typing.changed', ({ parties, userId, on }) => {
    const others = listenersOf(parties).filter((room) => room !== userRoom(userId));
    emit(others, 'typing:changed', { conversationId: parties.id, userId, on });
  });
  ctx.bus.on('conversation.updated', ({ parties, conversation, former }) => {
    const rooms = listenersOf(parties);
    emit(former === null ? rooms : [...rooms, userRoom(former)], 'conversation:updated', conversation);
  });
  ctx.bus.on('export.progress', ({ asker, task }) => {
    emit([userRoom(asker)], 'export:updated', task);
  });
  ctx.bus.on('supervision.requested', ({ supervisor, conversation, session, alarm }) => {
    if (!io.sockets.adapter.rooms.has(userRoom(supervisor))) return;
    emit([userRoom(supervisor)], 'supervision:requested', {
      conversationId: conversation,
      session,
      ...(alarm ? { alarm } : {}),
    });
    markReached(ctx, conversation, supervisor).catch((error: unknown) => {
      ctx.log.warn({ err: String(error) }, 'call not marked as reached');
    });
  });
  ctx.bus.on('offer.made', ({ counselor, offer }) => {
    emit([userRoom(counselor)], 'offer:made', offer);
  });
  ctx.bus.on('offer.withdrawn', ({ counselor, conversation }) => {
    emit([userRoom(counselor)], 'offer:withdrawn', { conversationId: conversation });
  });
  ctx.bus.on('message.marked', ({ parties, mark }) => {
    emit(staffOf(parties), 'message:marked', mark);
  });
  ctx.bus.on('follow-up.due', ({ owner, task }) => {
    emit([userRoom(owner)], 'follow-up:due', task);
  });
  ctx.bus.on('review.saved', ({ counselor, id, conversation }) => {
    emit([userRoom(counselor)], 'review:saved', { id, conversationId: conversation });
  });
  ctx.bus.on('offline-message.changed', ({ institution, change }) => {
    emit([staffRoom(institution)], 'offline-message:changed', change);
  });
  ctx.bus.on('transfer.offered', ({ counselor, transfer }) => {
    emit([userRoom(counselor)], 'transfer:offered', transfer);
  });
  ctx.bus.on('transfer.closed', ({ people, closed }) => {
    emit(people.map(userRoom), 'transfer:closed', closed);
  });
  ctx.bus.on('presence.changed', ({ institution, change }) => {
    emit([staffRoom(institution)], 'presence:changed', change);
  });

  const telling = new Map<string, NodeJS.Timeout>();
  ctx.bus.on('queue.changed', ({ institution, places }) => {
    for (const { visitor, ...place } of places) emit([userRoom(visitor)], 'queue:updated', place);
    if (telling.has(institution) || !io.sockets.adapter.rooms.has(staffRoom(institution))) return;
    const timer = setTimeout(() => {
      telling.delete(institution);
      snapshotQueue(ctx, institution).then(
        (snapshot) => {
          emit([staffRoom(institution)], 'queue:changed', snapshot);
        },
        (error: unknown) => {
          ctx.log.warn({ err: String(error) }, 'queue snapshot');
        },
      );
    }, QUEUE_EVERY_MS);
    timer.unref();
    telling.set(institution, timer);
  });

  ctx.cutoffs.onRaised(({ subject, ref, version, reason }) => {
    if (subject === 'key') ctx.keys.drop(ref);
    else closeCut(io, ctx, { subject, ref, version, reason });
  });
}

/**
 * Closes the sockets of a cut session or user. A raised user need not mean this socket: whoever changes their
 * password keeps the session they did it in. While that is asked the socket hears nothing.
 */
function closeCut(
  io: HotlineServer,
  ctx: Ctx,
  {
    subject,
    ref,
    version,
    reason,
  }: { subject: 'user' | 'session'; ref: string; version: number; reason: string },
): void {
  for (const socket of io.sockets.sockets.values()) {
    const { principal } = socket.data;
    const close = () => {
      socket.emit('session:closed', { reason });
      socket.disconnect(true);
    };
    if (subject === 'session') {
      if (principal.session === ref && principal.sessionVersion < version) close();
      continue;
    }
    if (principal.id !== ref || principal.userVersion >= version) continue;
    const rooms = roomsOf(principal);
    for (const room of rooms) void socket.leave(room);
    ctx.sessions.check(principal).then(() => {
      void socket.join(rooms);
    }, close);
  }
}
