/**
 * The line to the server: the socket, and plain HTTP for as long as the socket is away. It knows nothing of
 * conversations: `resume` and `poll` are given to it.
 */
import type { AskInput, ClientEvent, ConnectRefusal, ServerEvents } from '../events.js';
import { createAsks, createHttp } from './ask.js';
import { asHotlineError, disconnected, endsTheSession, sessionClosed } from './error.js';
import type { ConnectionState, HotlineClientOptions, Socketlike, Timers } from './types.js';

export interface LinkDeps {
  options: HotlineClientOptions;
  timers: Timers;
  random: () => number;
  /** Merges what was missed; called on every connect, before the state says connected. */
  resume(): Promise<void>;
  /** One round over plain HTTP; the first one answers at once so that we know whether HTTP works. */
  poll(first: boolean, signal: AbortSignal | undefined): Promise<void>;
  push(event: keyof ServerEvents, payload: unknown): void;
  changed(state: ConnectionState): void;
  /** Something can be carried again. */
  usable(): void;
  closed(reason: string): void;
}

const SERVER_EVENTS = [
  'message:created',
  'message:read',
  'message:recalled',
  'typing:changed',
  'conversation:updated',
  'queue:updated',
  'queue:changed',
  'presence:changed',
  'supervision:requested',
  'offer:made',
  'offer:withdrawn',
  'transfer:offered',
  'transfer:closed',
  'message:marked',
  'follow-up:due',
  'review:saved',
  'offline-message:changed',
  'session:closed',
  'beacon',
] as const satisfies readonly (keyof ServerEvents)[];

const LONGEST_PAUSE = 15_000;
/** How often the socket is tried again while HTTP carries the chat. */
const KNOCK_EVERY = 30_000;
/** A phone that wakes up may hold a socket that died in its sleep; it gets this long to prove itself. */
const PROBE_WAIT = 4000;

export type Link = ReturnType<typeof createLink>;

export function createLink(deps: LinkDeps) {
  const { options, timers } = deps;
  const askTimeout = options.askTimeout ?? 10_000;
  const asks = createAsks(timers, askTimeout);
  const http = createHttp(options.http, timers, askTimeout);
  const fallbackAfter = options.fallbackAfter ?? 8_000;
  let socket: Socketlike | undefined;
  let running = false;
  let live = false;
  let state: ConnectionState = 'reconnecting';
  /** Counts connections and fallback runs, so that what belongs to an older one stops by itself. */
  let epoch = 0;
  let refusals = 0;
  let fallback: unknown;
  let abort: AbortController | undefined;

  const sleep = (ms: number) => new Promise<void>((done) => timers.setTimeout(done, ms));
  const pauseFor = (failures: number) =>
    Math.min(LONGEST_PAUSE, 1000 * 2 ** (failures - 1)) * (0.75 + deps.random() / 2);

  function become(next: ConnectionState) {
    if (next !== state) {
      state = next;
      deps.changed(next);
    }
  }

  let probing = false;

  const ask = <E extends ClientEvent>(event: E, input: AskInput<E>, timeout?: number) => {
    const answer = asks.ask(live ? socket : undefined, event, input, timeout);
    answer.catch((error: unknown) => {
      // Either the server is slow or the line is dead and nobody said so: find out, the ping would take longer.
      if (asHotlineError(error).code === 'TIMEOUT') {
        probe();
      }
    });
    return answer;
  };

  /** A line that does not answer the simplest question is given up for a new one. */
  function probe() {
    if (!live || probing) {
      return;
    }
    probing = true;
    asks
      .ask(socket, 'sync', { conversations: [] }, PROBE_WAIT)
      .catch((error: unknown) => {
        if (asHotlineError(error).code === 'TIMEOUT' && live) {
          socket?.disconnect();
          socket?.connect();
        }
      })
      .finally(() => {
        probing = false;
      });
  }

  function close(reason: string) {
    if (running) {
      stop();
      become('offline');
      deps.closed(reason);
    }
  }

  function waitForSocket() {
    timers.clearTimeout(fallback);
    const mine = epoch;
    fallback = timers.setTimeout(() => {
      if (running && !live && mine === epoch) {
        void carryOverHttp();
      }
    }, fallbackAfter);
  }

  async function carryOverHttp() {
    const mine = (epoch += 1);
    const current = () => running && !live && mine === epoch;
    abort = typeof AbortController === 'undefined' ? undefined : new AbortController();
    let failures = 0;
    let first = true;
    let knocked = timers.now();
    while (current()) {
      // socket.io goes on trying by itself; other transports may have given up, and asking twice is harmless.
      if (timers.now() - knocked > KNOCK_EVERY) {
        knocked = timers.now();
        socket?.connect();
      }
      try {
        await deps.poll(first, abort?.signal);
        failures = 0;
        first = false;
        if (current() && state !== 'http') {
          become('http');
          deps.usable();
        }
      } catch (thrown) {
        const error = asHotlineError(thrown);
        if (!current()) {
          return;
        }
        if (endsTheSession(error.code)) {
          close(error.message);
          return;
        }
        become('offline');
        failures += 1;
        first = true;
        await sleep(pauseFor(failures));
      }
    }
  }

  async function onConnect() {
    const mine = (epoch += 1);
    const current = () => live && mine === epoch;
    live = true;
    refusals = 0;
    timers.clearTimeout(fallback);
    abort?.abort();
    // Sends need not wait for the sync: the server orders them, and the person is waiting.
    deps.usable();
    for (let failures = 1; current(); failures += 1) {
      try {
        await deps.resume();
        if (current()) {
          become('connected');
        }
        return;
      } catch (thrown) {
        if (endsTheSession(asHotlineError(thrown).code)) {
          close(asHotlineError(thrown).message);
          return;
        }
        await sleep(pauseFor(failures));
      }
    }
  }

  function onDisconnect(reason: unknown) {
    live = false;
    epoch += 1;
    asks.drop(disconnected());
    if (!running) {
      return;
    }
    become('reconnecting');
    waitForSocket();
    if (reason === 'io server disconnect') {
      // The one case in which socket.io leaves trying again to us.
      tryAgainLater();
    }
  }

  function tryAgainLater() {
    refusals += 1;
    timers.setTimeout(() => {
      if (running && !live) {
        socket?.connect();
      }
    }, pauseFor(refusals));
  }

  function onRefusal(error: { message?: string; data?: Partial<ConnectRefusal> }) {
    const code = error.data?.code;
    if (code === undefined) {
      return; // the transport failed; socket.io goes on by itself
    }
    if (endsTheSession(code)) {
      close(code);
    } else {
      tryAgainLater();
    }
  }

  function start() {
    if (running) {
      return;
    }
    running = true;
    if (socket === undefined) {
      socket = options.connect(options.token === undefined ? {} : { token: options.token });
      socket.on('connect', () => void onConnect());
      socket.on('disconnect', onDisconnect);
      socket.on('connect_error', onRefusal);
      for (const event of SERVER_EVENTS) {
        socket.on(event, (payload: unknown) => {
          deps.push(event, payload);
          if (event === 'session:closed') {
            close((payload as { reason: string }).reason);
          }
        });
      }
    }
    waitForSocket();
    if (socket.connected) {
      void onConnect();
    } else {
      socket.connect();
    }
  }

  function stop() {
    running = false;
    live = false;
    epoch += 1;
    timers.clearTimeout(fallback);
    abort?.abort();
    asks.drop(sessionClosed('已退出。'));
    socket?.disconnect();
  }

  return {
    start,
    stop,
    ask,
    http,
    live: () => live,
    /** Something can be carried now, by socket or by HTTP. */
    usable: () => live || state === 'http',
    /** The device says that it is on line again, or the page came back to the front. */
    wake() {
      if (live) {
        probe();
      } else if (running) {
        socket?.connect();
        if (state === 'offline') {
          void carryOverHttp();
        }
      }
    },
  };
}
