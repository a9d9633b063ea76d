/**
 * The reference client of the live protocol (docs/protocol.md): web pages, the mini-program and the tests all
 * speak through it. It owns no transport, no clock and no framework: those are handed in. From the contract it
 * takes types only, so that a phone does not load a schema library.
 *
 *   const client = createHotlineClient({ http, connect, newId: () => crypto.randomUUID() });
 *   client.subscribe(() => render(client.getState()));
 *   client.start();
 *   client.adopt(conversation); await client.load(conversation.id); client.send(conversation.id, '你好');
 */
import type { Attachment } from './attachment.js';
import { disconnected, HotlineError, resultOf } from './client/error.js';
import { createConversations } from './client/conversations.js';
import { createHistory } from './client/history.js';
import { createLink } from './client/link.js';
import { createOutbox } from './client/outbox.js';
import { createRepair } from './client/repair.js';
import { createSignals } from './client/signals.js';
import { createStore } from './client/store.js';
import type { ClientState, HotlineClientOptions, PushListener, Said, Timers } from './client/types.js';
import type { Conversation } from './conversation.js';
import type { ServerEvents } from './events.js';
import type { MessageReceipt } from './message.js';

export { HotlineError, resultOf } from './client/error.js';
export type { ClientErrorWord } from './client/error.js';
export type * from './client/types.js';

export type HotlineClient = ReturnType<typeof createHotlineClient>;

const realTimers: Timers = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (handle) => {
    clearTimeout(handle as ReturnType<typeof setTimeout>);
  },
};

export function createHotlineClient(options: HotlineClientOptions) {
  const timers: Timers = { ...realTimers, ...options.timers };
  const random = options.random ?? Math.random;
  const store = createStore<ClientState>({
    connection: 'reconnecting',
    closed: null,
    conversations: {},
    presence: {},
    queue: null,
    clockOffset: 0,
  });
  const listeners = new Set<PushListener>();
  let queueWatched = false;
  /** Resumes under way; pushes that arrive meanwhile wait. */
  let resuming = 0;
  const held: (() => void)[] = [];

  const patch = (change: Partial<ClientState>) => {
    store.set({ ...store.getState(), ...change });
  };

  const link = createLink({
    options,
    timers,
    random,
    resume,
    poll: (first, signal) => repair.poll(first, signal),
    push: (event, payload) => {
      if (resuming > 0 && event !== 'session:closed') {
        held.push(() => {
          take(event, payload);
        });
      } else {
        take(event, payload);
      }
    },
    changed: (connection) => {
      patch({ connection });
    },
    usable: () => {
      outbox.hurry();
      signals.flushReads();
    },
    closed: (reason) => {
      patch({ closed: reason });
    },
  });

  const outbox = createOutbox({
    timers,
    random,
    newId: options.newId,
    ...(options.store === undefined ? {} : { store: options.store }),
    usable: link.usable,
    high: (id) => conversations.after(id),
    deliver({ conversationId, clientMsgId, kind, text, quote, card, attachment }): Promise<MessageReceipt> {
      const said = {
        clientMsgId,
        kind,
        // A card's words come from the server.
        ...(text === '' || kind === 'card' || kind === 'voice' ? {} : { text }),
        ...(quote === undefined ? {} : { quote }),
        ...(card === undefined ? {} : { card }),
        ...(attachment === undefined ? {} : { attachment: attachment.id }),
      };
      return link.live()
        ? link.ask('message:send', { conversationId, ...said })
        : link.http('POST', `/api/v1/conversations/${conversationId}/messages`, said);
    },
    async upload({ conversationId }, file, progress, signal): Promise<Attachment> {
      if (options.upload === undefined) {
        throw new HotlineError({ code: 'FORBIDDEN', message: '这里不能发送文件。' });
      }
      const path = `/api/v1/conversations/${conversationId}/attachments`;
      const answer = await options
        .upload(path, file, { progress, ...(signal === undefined ? {} : { signal }) })
        .catch(() => {
          throw disconnected();
        });
      return resultOf<Attachment>(answer.status, answer.body);
    },
    changed: (id) => {
      conversations.refresh(id);
    },
    sent: (message) => {
      conversations.acknowledged(message);
    },
  });

  const conversations = createConversations({ store, link, outbox, timers });
  const signals = createSignals({ store, link, timers, conversations });
  const history = createHistory({ link, timers, conversations });
  const repair = createRepair({ store, link, timers, conversations });
  // What a reload left unsent is shown, and sent, before anything else is.
  outbox.conversations().forEach(conversations.refresh);

  async function watchQueue() {
    queueWatched = true;
    patch({ queue: await link.ask('queue:watch', {}) });
  }

  /** Handlers are on since the socket was made; what they hear meanwhile waits for the answer. */
  async function resume() {
    resuming += 1;
    try {
      await conversations.sync(conversations.all());
      conversations.all().forEach(signals.arrived);
      if (queueWatched) {
        // A queue that can't be had must not keep the conversations from coming back.
        await watchQueue().catch(() => undefined);
      }
    } finally {
      resuming -= 1;
      if (resuming === 0) {
        for (const run of held.splice(0)) {
          run();
        }
      }
    }
  }

  const takers: { [E in keyof ServerEvents]?: (payload: Parameters<ServerEvents[E]>[0]) => void } = {
    'message:created'(message) {
      conversations.message(message);
      signals.silence(message);
      signals.arrived(message.conversationId);
    },
    'message:recalled': conversations.recalled,
    'message:read': conversations.read,
    'typing:changed': signals.typingChanged,
    'conversation:updated': conversations.adopt,
    'queue:updated': conversations.place,
    'queue:changed'(queue) {
      patch({ queue });
    },
    'presence:changed'(change) {
      patch({ presence: { ...store.getState().presence, [change.userId]: change } });
    },
    beacon({ conversations: lines, queue }) {
      repair.beacon(lines);
      if (queueWatched && queue !== undefined && queue !== store.getState().queue?.version) {
        // Should this fail, the next beacon finds the same difference.
        watchQueue().catch(() => undefined);
      }
    },
  };

  function take(event: keyof ServerEvents, payload: unknown) {
    (takers[event] as ((told: unknown) => void) | undefined)?.(payload);
    for (const listener of [...listeners]) {
      listener(event, payload as never);
    }
  }

  return {
    getState: store.getState,
    subscribe: store.subscribe,
    /** Hears every push once it was taken in: for sounds, alerts and what the state does not hold. */
    onPush(listener: PushListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      patch({ closed: null });
      link.start();
      outbox.pump();
    },
    stop: link.stop,
    wake: link.wake,
    ask: link.ask,
    /** Opens a conversation, or answers the one that is open already. */
    async open(counselor?: string): Promise<Conversation> {
      const input = counselor === undefined ? {} : { counselor };
      const conversation = link.live()
        ? await link.ask('conversation:open', input)
        : await link.http<Conversation>('PUT', '/conversation', input);
      conversations.adopt(conversation);
      return conversation;
    },
    async end(conversationId: string): Promise<void> {
      if (link.live()) {
        conversations.adopt(await link.ask('conversation:end', { conversationId }));
      } else {
        await link.http('POST', `/conversation/end/${conversationId}`);
        await conversations.sync([conversationId]);
      }
    },
    /** Follows a conversation that an HTTP answer told of. */
    adopt: conversations.adopt,
    load: history.load,
    older: history.older,
    sync: conversations.sync,
    /** Text, or anything else that can be said. */
    send: (conversationId: string, said: string | Said) =>
      outbox.add(conversationId, typeof said === 'string' ? { kind: 'text', text: said } : said),
    retry: outbox.retry,
    discard: outbox.discard,
    /** The file of a pending message, to be shown before it has arrived. */
    fileOf: outbox.fileOf,
    /** Takes back one's own message of the last two minutes. */
    recall: (messageId: string): Promise<MessageReceipt> =>
      link.live()
        ? link.ask('message:recall', { id: messageId })
        : link.http('POST', `/api/v1/messages/${messageId}/recall`, {}),
    /** Fetches a quoted message that the timeline does not hold into `view.quoted`; once. */
    lookUp: history.lookUp,
    markRead: signals.markRead,
    typing: signals.typing,
    setPresence: (state: 'online' | 'busy' | 'away' | 'offline') => link.ask('presence:set', { state }),
    watchQueue,
    /** Forgets everything written on this device; for the quick exit. */
    clear() {
      link.stop();
      outbox.clear();
      patch({ conversations: {}, queue: null });
    },
  };
}
