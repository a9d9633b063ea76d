/** What the client holds of each conversation: its state, its timeline, its pending lines. */
import type { Conversation, QueuePlace, SyncAnswer } from '../conversation.js';
import type { Message, ReadMark } from '../message.js';
import { asHotlineError, isWorthAnotherTry } from './error.js';
import type { Link } from './link.js';
import type { Outbox } from './outbox.js';
import type { Store } from './store.js';
import { hasHole, hasOlder, merge, recall, rowsOf, tombstone } from './timeline.js';
import type { Timeline } from './timeline.js';
import type { ClientState, ConversationView, PendingMessage, Timers } from './types.js';

/** The most conversations one sync may name. */
const SYNC_ROWS = 200;
/** How long an acknowledged message may go unheard before we fetch it ourselves. */
const ECHO_WAIT = 1500;
const HOLE_TRIES = 5;

export type Conversations = ReturnType<typeof createConversations>;

export function createConversations(deps: {
  store: Store<ClientState>;
  link: Link;
  outbox: Outbox;
  timers: Timers;
}) {
  const { store, link, outbox, timers } = deps;
  const timelines = new Map<string, Timeline>();
  /** Under a sync now: a hole seen meanwhile may be closing already. */
  const syncing = new Set<string>();
  const catching = new Set<string>();

  const view = (id: string): ConversationView =>
    store.getState().conversations[id] ?? {
      id,
      conversation: null,
      loaded: false,
      rows: [],
      messages: [],
      pending: [],
      latest: null,
      catchingUp: false,
      hasOlder: false,
      loadingOlder: false,
      reads: {},
      received: {},
      quoted: {},
      typing: [],
      place: null,
      gone: false,
    };

  const sleep = (ms: number) => new Promise<void>((done) => timers.setTimeout(done, ms));

  function change(id: string, part: Partial<ConversationView>) {
    const state = store.getState();
    store.set({ ...state, conversations: { ...state.conversations, [id]: { ...view(id), ...part } } });
  }

  const highOf = (id: string) => timelines.get(id)?.high;
  /** Where a sync goes on: without a page only the state is wanted, so everything known is skipped. */
  const afterOf = (id: string) => {
    const { conversation, latest } = view(id);
    return highOf(id) ?? Math.max(conversation?.lastSeq ?? 0, latest?.seq ?? 0);
  };

  /** Shows a conversation anew after its timeline or its pending lines changed. */
  function refresh(id: string) {
    const timeline = timelines.get(id);
    const messages = timeline?.messages ?? [];
    const pending = outbox.of(id);
    change(id, {
      messages,
      pending,
      rows: rowsOf(messages, pending),
      ...(timeline === undefined ? {} : { loaded: true, hasOlder: hasOlder(timeline) }),
    });
  }

  function put(id: string, next: Timeline) {
    if (next === timelines.get(id)) {
      return;
    }
    timelines.set(id, next);
    const own = new Set(next.messages.map((message) => message.clientMsgId));
    outbox.settle(
      id,
      (row) => own.has(row.clientMsgId) || (row.receipt !== undefined && row.receipt.seq <= next.high),
    );
    refresh(id);
    closeHole(id);
  }

  function closeHole(id: string) {
    const timeline = timelines.get(id);
    if (timeline !== undefined && hasHole(timeline) && !syncing.has(id)) {
      void catchUp(id);
    }
  }

  function remember(message: Message) {
    const { latest } = view(message.conversationId);
    if (latest === null || message.seq > latest.seq) {
      change(message.conversationId, { latest: message });
    }
  }

  /** What was quoted and then taken back is not shown from memory. */
  function forgetQuoted(id: string, seq: number) {
    const { quoted } = view(id);
    const known = quoted[seq];
    if (known !== undefined && known !== null) {
      change(id, { quoted: { ...quoted, [seq]: tombstone(known) } });
    }
  }

  function take(id: string, incoming: readonly Message[]) {
    for (const message of incoming) {
      remember(message);
      if (message.event === 'recalled' && message.ref !== undefined) {
        forgetQuoted(id, message.ref);
      }
    }
    const timeline = timelines.get(id);
    if (timeline !== undefined) {
      put(id, merge(timeline, incoming));
    }
  }

  /** An older state never replaces a newer one: `rev` grows with every change. */
  function adopt(conversation: Conversation) {
    const known = view(conversation.id).conversation;
    if (known !== null && conversation.rev < known.rev) {
      return;
    }
    change(conversation.id, {
      conversation,
      gone: false,
      place:
        conversation.position === null
          ? null
          : {
              conversationId: conversation.id,
              position: conversation.position,
              wait: conversation.wait,
              waitLeast: conversation.waitLeast,
            },
    });
    const high = highOf(conversation.id);
    if (high !== undefined && conversation.lastSeq > high && !syncing.has(conversation.id)) {
      void catchUp(conversation.id);
    }
  }

  function read(mark: ReadMark) {
    const { reads, received } = view(mark.conversationId);
    const { userId, seq } = mark;
    // An older server tells no `received`.
    const arrived = Math.max(seq, (mark as Partial<ReadMark>).received ?? 0);
    if ((reads[userId] ?? 0) < seq || (received[userId] ?? 0) < arrived) {
      change(mark.conversationId, {
        reads: { ...reads, [userId]: Math.max(reads[userId] ?? 0, seq) },
        received: { ...received, [userId]: Math.max(received[userId] ?? 0, arrived) },
      });
    }
  }

  function apply(answer: SyncAnswer): string[] {
    const unfinished: string[] = [];
    for (const { conversation, messages, more, reads } of answer.conversations) {
      const { id } = conversation;
      // Messages first: otherwise the new lastSeq alone would look like a hole.
      take(id, messages);
      adopt(conversation);
      reads.forEach(read);
      if (more && timelines.has(id)) {
        unfinished.push(id);
      }
    }
    for (const id of answer.gone) {
      change(id, { gone: true });
    }
    store.set({ ...store.getState(), clockOffset: answer.time - timers.now() });
    return unfinished;
  }

  async function syncOnce(ids: readonly string[], signal?: AbortSignal): Promise<string[]> {
    const conversations = ids.map((id) => ({ id, after: afterOf(id) }));
    const answer = link.live()
      ? await link.ask('sync', { conversations })
      : await link.http<SyncAnswer>(
          'POST',
          '/api/v1/sync',
          { conversations },
          signal === undefined ? {} : { signal },
        );
    return apply(answer);
  }

  /** Fetches what was missed of these, page after page until nothing is missing. */
  async function sync(ids: readonly string[], signal?: AbortSignal): Promise<void> {
    ids.forEach((id) => syncing.add(id));
    try {
      for (let from = 0; from === 0 || from < ids.length; from += SYNC_ROWS) {
        let left: readonly string[] = ids.slice(from, from + SYNC_ROWS);
        do {
          left = await syncOnce(left, signal);
        } while (left.length > 0);
      }
    } finally {
      ids.forEach((id) => syncing.delete(id));
    }
    ids.forEach(closeHole);
  }

  /** Closes a hole; a push that was lost may be readable only a moment later. */
  async function catchUp(id: string) {
    if (catching.has(id)) {
      return;
    }
    catching.add(id);
    change(id, { catchingUp: true });
    for (let tries = 1; tries <= HOLE_TRIES; tries += 1) {
      try {
        await sync([id]);
        const timeline = timelines.get(id);
        if (timeline === undefined || !hasHole(timeline)) {
          break;
        }
      } catch (error) {
        if (!isWorthAnotherTry(asHotlineError(error).code)) {
          break;
        }
      }
      await sleep(250 * 2 ** tries);
    }
    catching.delete(id);
    change(id, { catchingUp: false });
  }

  return {
    view,
    all: () => Object.keys(store.getState().conversations).filter((id) => !view(id).gone),
    after: afterOf,
    take,
    catchUp,
    change,
    refresh,
    adopt,
    read,
    sync,
    timeline: (id: string) => timelines.get(id),
    put,
    message: (message: Message) => {
      take(message.conversationId, [message]);
    },
    recalled({ conversationId, seq }: { conversationId: string; seq: number }) {
      const timeline = timelines.get(conversationId);
      if (timeline !== undefined) {
        put(conversationId, recall(timeline, seq));
      }
      forgetQuoted(conversationId, seq);
    },
    place(place: QueuePlace) {
      change(place.conversationId, { place });
    },
    /** Our own message is durable; its push normally follows at once and takes the row's place. */
    acknowledged(message: PendingMessage) {
      const { conversationId: id, receipt } = message;
      const isHeld = () => receipt !== undefined && (highOf(id) ?? 0) >= receipt.seq;
      if (isHeld()) {
        outbox.settle(id, (row) => row.clientMsgId === message.clientMsgId);
      } else if (timelines.has(id)) {
        timers.setTimeout(() => {
          if (!isHeld()) {
            void catchUp(id);
          }
        }, ECHO_WAIT);
      }
    },
  };
}
