/** What is told and forgotten: who is typing, how far was read. None of it takes a seq. */
import type { ServerEvents } from '../events.js';
import type { Message, ReadMark } from '../message.js';
import { asHotlineError } from './error.js';
import type { Conversations } from './conversations.js';
import type { Link } from './link.js';
import type { Store } from './store.js';
import type { ClientState, Timers } from './types.js';

/** Typing is told again at most this often, and is over this long after the last key. */
const TYPING_AGAIN = 3000;
const TYPING_OVER = 5000;
/** A sign of the other side that was not taken back is forgotten after this. */
const TYPING_FORGOTTEN = 7000;
/** What arrives in one go is told in one mark. */
const RECEIVED_AFTER = 1000;

export function createSignals(deps: {
  store: Store<ClientState>;
  link: Link;
  timers: Timers;
  conversations: Conversations;
}) {
  const { store, link, timers, conversations } = deps;
  const wanted = new Map<string, number>();
  const confirmed = new Map<string, number>();
  const reading = new Set<string>();
  const ownTyping = new Map<string, { toldAt: number; over: unknown }>();
  const theirTyping = new Map<string, unknown>();

  async function tellRead(conversationId: string) {
    const seq = wanted.get(conversationId) ?? 0;
    if (reading.has(conversationId) || seq <= (confirmed.get(conversationId) ?? 0) || !link.usable()) {
      return;
    }
    reading.add(conversationId);
    let done = false;
    try {
      const mark = link.live()
        ? await link.ask('message:read', { conversationId, seq })
        : await link.http<ReadMark>('POST', `/api/v1/conversations/${conversationId}/read`, { seq });
      confirmed.set(conversationId, Math.max(seq, mark.seq));
      conversations.read(mark);
      done = true;
    } catch {
      // A read mark is not worth a back-off of its own: the next one, or the next connection, tells it.
    } finally {
      reading.delete(conversationId);
    }
    if (done) {
      await tellRead(conversationId);
    }
  }

  const receivedTold = new Map<string, number>();
  const receivedSoon = new Map<string, unknown>();

  /** A read mark says more; who only looks on marks nothing and is not asked again. */
  async function tellReceived(conversationId: string) {
    receivedSoon.delete(conversationId);
    const seq = conversations.after(conversationId);
    const told = Math.max(receivedTold.get(conversationId) ?? 0, confirmed.get(conversationId) ?? 0);
    if (seq <= told || !link.live()) {
      return;
    }
    receivedTold.set(conversationId, seq);
    try {
      conversations.read(await link.ask('message:received', { conversationId, seq }));
    } catch (error) {
      const refused = asHotlineError(error).code === 'FORBIDDEN';
      receivedTold.set(conversationId, refused ? Infinity : told);
    }
  }

  /** Something arrived: the other side hears of it soon, unless it was read by then. */
  function arrived(conversationId: string) {
    const { conversation } = conversations.view(conversationId);
    const open = conversation?.status === 'WAITING' || conversation?.status === 'IN_PROGRESS';
    if (open && !receivedSoon.has(conversationId)) {
      const soon = timers.setTimeout(() => void tellReceived(conversationId), RECEIVED_AFTER);
      receivedSoon.set(conversationId, soon);
    }
  }

  function tellTyping(conversationId: string, on: boolean) {
    if (link.live()) {
      link.ask('typing:set', { conversationId, on }).catch(() => undefined);
    }
  }

  function typing(conversationId: string, on: boolean) {
    const known = ownTyping.get(conversationId);
    timers.clearTimeout(known?.over);
    if (!on) {
      if (known !== undefined) {
        ownTyping.delete(conversationId);
        tellTyping(conversationId, false);
      }
      return;
    }
    const again = known === undefined || timers.now() - known.toldAt >= TYPING_AGAIN;
    ownTyping.set(conversationId, {
      toldAt: again ? timers.now() : known.toldAt,
      over: timers.setTimeout(() => {
        typing(conversationId, false);
      }, TYPING_OVER),
    });
    if (again) {
      tellTyping(conversationId, true);
    }
  }

  function typingChanged({ conversationId, userId, on }: Parameters<ServerEvents['typing:changed']>[0]) {
    const key = `${conversationId} ${userId}`;
    timers.clearTimeout(theirTyping.get(key));
    theirTyping.delete(key);
    const others = conversations.view(conversationId).typing.filter((id) => id !== userId);
    conversations.change(conversationId, { typing: on ? [...others, userId] : others });
    if (on) {
      theirTyping.set(
        key,
        timers.setTimeout(() => {
          typingChanged({ conversationId, userId, on: false });
        }, TYPING_FORGOTTEN),
      );
    }
  }

  return {
    arrived,
    typing,
    typingChanged,
    /** Who has just written is not typing any longer. */
    silence({ conversationId, sender }: Message) {
      const { id } = sender;
      if (id !== null && store.getState().conversations[conversationId]?.typing.includes(id) === true) {
        typingChanged({ conversationId, userId: id, on: false });
      }
    },
    markRead(conversationId: string, seq: number) {
      if (seq > (wanted.get(conversationId) ?? 0)) {
        wanted.set(conversationId, seq);
        void tellRead(conversationId);
      }
    },
    flushReads() {
      for (const id of wanted.keys()) {
        void tellRead(id);
      }
    },
  };
}
