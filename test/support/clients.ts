/** Real clients: a socket and plain HTTP. */
import { io, type Socket } from 'socket.io-client';
import type {
  Ack,
  AskInput,
  AskOutput,
  ClientEvent,
  ServerEvent,
  ServerEvents,
} from '../../contract/events.js';
import { until } from './poll.js';

export interface TestSocket {
  socket: Socket;
  ask<E extends ClientEvent>(event: E, input: AskInput<E>): Promise<Ack<AskOutput<E>>>;
  /** Asks and fails the test on a refusal. */
  must<E extends ClientEvent>(event: E, input: AskInput<E>): Promise<AskOutput<E>>;
  /** Everything heard of one event so far. */
  heard<E extends ServerEvent>(event: E): Parameters<ServerEvents[E]>[0][];
  /** The first heard that fits, waiting for it. */
  hear<E extends ServerEvent>(
    event: E,
    fits?: (payload: Parameters<ServerEvents[E]>[0]) => boolean,
    deadlineMs?: number,
  ): Promise<Parameters<ServerEvents[E]>[0]>;
  close(): void;
}

export async function connect(url: string, token: string): Promise<TestSocket> {
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false });
  const heard = new Map<string, unknown[]>();
  socket.onAny((event: string, payload: unknown) => {
    const list = heard.get(event) ?? [];
    list.push(payload);
    heard.set(event, list);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const self: TestSocket = {
    socket,
    ask: (event, input) => socket.timeout(30_000).emitWithAck(event, input),
    async must(event, input) {
      const answer = await self.ask(event, input);
      if (!answer.ok) throw new Error(`${event} refused: ${answer.error.code} ${answer.error.message}`);
      return answer.data;
    },
    heard: (event) => (heard.get(event) ?? []) as never[],
    hear: (event, fits = () => true, deadlineMs = 10_000) =>
      until(() => self.heard(event).find((payload) => fits(payload)), `hear ${event}`, deadlineMs),
    close() {
      socket.disconnect();
    },
  };
  return self;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: {
    code: number;
    message: string;
    // Tests read whatever the wire says.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    result: any;
    count?: number;
    next?: number | null;
    path?: string;
    error?: string;
  };
}

export async function http(
  url: string,
  method: string,
  path: string,
  options: { token?: string; json?: unknown; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<HttpAnswer> {
  const answer = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : null) as never };
}
