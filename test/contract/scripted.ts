/** A transport that does what the test says, and a clock that stands still: the one place where a fake is right. */
import { createHotlineClient } from '../../contract/client.js';
import type { HotlineClientOptions, HttpAnswer, PendingMessage, Socketlike } from '../../contract/client.js';
import type { Conversation, SyncAnswer } from '../../contract/conversation.js';
import type { Ack } from '../../contract/events.js';
import type { Message } from '../../contract/message.js';

export const CONVERSATION = 'c1';
export const ME = 'visitor-1';

export const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${String(seq)}`,
  conversationId: CONVERSATION,
  seq,
  kind: 'text',
  text: `text ${String(seq)}`,
  sender: { id: 'counselor-1', name: '林晓', type: 'COUNSELOR' },
  time: seq * 1000,
  ...more,
});

export const conversation = (more: Partial<Conversation> = {}): Conversation => ({
  id: CONVERSATION,
  conversationType: 'COUNSELING_SESSION',
  status: 'IN_PROGRESS',
  channel: 'TEXT',
  rev: 1,
  position: null,
  wait: null,
  waitLeast: null,
  visitor: null,
  counselor: null,
  requestedCounselor: null,
  createdTime: 0,
  startTime: 0,
  endTime: null,
  limitTime: null,
  waitDeadline: null,
  duration: null,
  endCause: null,
  level: null,
  lastSeq: 0,
  extended: false,
  counselorBackBy: null,
  visitorLostTime: null,
  session: null,
  ...more,
});

/** Time that passes only when told to; what falls due runs in its order. */
function createClock() {
  let now = 1_000_000;
  let next = 1;
  const due = new Map<number, { at: number; run: () => void }>();
  const settle = async () => {
    for (let turn = 0; turn < 30; turn += 1) {
      await Promise.resolve();
    }
  };
  return {
    timers: {
      now: () => now,
      setTimeout(run: () => void, ms: number) {
        due.set(next, { at: now + ms, run });
        next += 1;
        return next - 1;
      },
      clearTimeout(handle: unknown) {
        due.delete(handle as number);
      },
    },
    settle,
    async pass(ms: number) {
      const until = now + ms;
      await settle();
      for (;;) {
        const [first] = [...due].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at);
        if (first === undefined) {
          break;
        }
        due.delete(first[0]);
        now = Math.max(now, first[1].at);
        first[1].run();
        await settle();
      }
      now = until;
    },
  };
}

type Answerer = (input: never) => Ack<unknown> | 'silence' | Promise<Ack<unknown>>;

export function createScript(options: Partial<HotlineClientOptions> = {}) {
  const clock = createClock();
  const handlers = new Map<string, ((payload: unknown) => void)[]>();
  /** Everything asked, in order. */
  const asked: { event: string; input: Record<string, unknown> }[] = [];
  const called: { method: string; path: string; body: unknown }[] = [];
  /** What the server holds; the standard answers are made of it. */
  const server = { messages: [] as Message[], conversation: conversation(), up: true, http: true, calls: 0 };
  let ids = 0;
  const saved: PendingMessage[][] = [];

  const synced = (after: number): SyncAnswer => ({
    conversations: [
      {
        conversation: { ...server.conversation, lastSeq: server.messages.length },
        messages: server.messages.filter(({ seq }) => seq > after).slice(0, 200),
        more: server.messages.length - after > 200,
        reads: [],
      },
    ],
    gone: [],
    time: clock.timers.now() + 5000,
  });
  const store = (input: { clientMsgId: string; text: string }) => {
    const known = server.messages.find((row) => row.clientMsgId === input.clientMsgId);
    const row =
      known ??
      message(server.messages.length + 1, {
        text: input.text,
        clientMsgId: input.clientMsgId,
        sender: { id: ME, name: null, type: 'VISITOR' },
      });
    if (known === undefined) {
      server.messages.push(row);
    }
    return { id: row.id, seq: row.seq, time: row.time };
  };
  const afterOf = (input: unknown) =>
    (input as { conversations: { after: number }[] }).conversations[0]?.after ?? 0;

  const answers: Record<string, Answerer> = {
    sync: (input) => ({ ok: true, data: synced(afterOf(input)) }),
    'message:send': (input) => ({ ok: true, data: store(input) }),
    'message:read': (input: Record<string, unknown>) => ({ ok: true, data: { ...input, userId: ME } }),
    'message:received': ({ conversationId, seq }: Record<string, unknown>) => ({
      ok: true,
      data: { conversationId, userId: ME, seq: 0, received: seq },
    }),
    'typing:set': () => ({ ok: true, data: null }),
  };

  const tell = (event: string, payload?: unknown) => {
    for (const handler of handlers.get(event) ?? []) {
      handler(payload);
    }
  };
  const socket: Socketlike & { connected: boolean } = {
    connected: false,
    connect() {
      if (server.up && !this.connected) {
        this.connected = true;
        tell('connect');
      }
    },
    disconnect() {
      if (this.connected) {
        this.connected = false;
        tell('disconnect', 'io client disconnect');
      }
    },
    on(event, handler) {
      handlers.set(event, [...(handlers.get(event) ?? []), handler]);
    },
    emit(event: string, input: unknown, ack: unknown) {
      asked.push({ event, input: input as Record<string, unknown> });
      const answer = answers[event]?.(input as never) ?? 'silence';
      if (answer !== 'silence') {
        void Promise.resolve(answer).then((given) => {
          (ack as (given: Ack<unknown>) => void)(given);
        });
      }
    },
  };

  const ok = (result: unknown): HttpAnswer => ({ status: 200, body: { code: 0, message: 'OK', result } });
  const http: HotlineClientOptions['http'] = (method, path, body) => {
    called.push({ method, path, body });
    if (!server.http) {
      return Promise.reject(new Error('no network'));
    }
    const query = new URLSearchParams(path.split('?')[1]);
    if (path === '/api/v1/sync') {
      return Promise.resolve(ok(synced(afterOf(body))));
    }
    if (method === 'POST' && path.endsWith('/messages')) {
      return Promise.resolve(ok(store(body as never)));
    }
    if (query.has('before')) {
      const before = Number(query.get('before'));
      const limit = Number(query.get('limit'));
      return Promise.resolve(ok(server.messages.filter(({ seq }) => seq < before).slice(-limit)));
    }
    if (query.has('wait')) {
      // Held: answers after the held time, or with what is there.
      const there = server.messages.filter(({ seq }) => seq > Number(query.get('after')));
      return there.length > 0
        ? Promise.resolve(ok(there))
        : new Promise((resolve) => {
            clock.timers.setTimeout(() => {
              resolve(ok(server.messages.filter(({ seq }) => seq > Number(query.get('after')))));
            }, 25_000);
          });
    }
    return Promise.resolve(ok('ok'));
  };

  const client = createHotlineClient({
    http,
    connect: () => socket,
    timers: clock.timers,
    random: () => 0.5,
    newId: () => `id-${String((ids += 1))}`,
    store: {
      load: () => [],
      save: (pending) => {
        saved.push(pending);
      },
    },
    ...options,
  });

  return {
    client,
    clock,
    socket,
    server,
    answers,
    asked,
    called,
    saved,
    tell,
    store,
    /** As a server whose push arrives: stored and told. */
    push(row: Message) {
      server.messages.push(row);
      tell('message:created', row);
    },
    drop() {
      server.up = false;
      socket.connected = false;
      tell('disconnect', 'transport close');
    },
    comeBack() {
      server.up = true;
      socket.connect();
    },
    async ready() {
      client.adopt(conversation({ lastSeq: server.messages.length }));
      client.start();
      await client.load(CONVERSATION);
      await clock.settle();
    },
    view: () => {
      const view = client.getState().conversations[CONVERSATION];
      if (view === undefined) {
        throw new Error('the conversation is not held');
      }
      return view;
    },
    asks: (event: string) => asked.filter((ask) => ask.event === event).map((ask) => ask.input),
  };
}

export const refusal = (code: string, retry?: number): Ack<never> => ({
  ok: false,
  error: { code: code as 'UNAVAILABLE', message: code, ...(retry === undefined ? {} : { retry }) },
});
