/** The two doors of a real client, plain HTTP and a socket, for the demo's traffic. */
import { io, type Socket } from 'socket.io-client';
import type { Ack, AskInput, AskOutput, ClientEvent, ServerEvent } from '../contract/events.js';
import type { Me } from '../contract/user.js';

const ANSWER_MS = 15_000;

export interface Connected {
  url: string;
  token: string;
  me: Me;
  /** @throws Error with the word of a refusal */
  ask<E extends ClientEvent>(event: E, input: AskInput<E>): Promise<AskOutput<E>>;
  /** Resolves at the next push of this kind. */
  heard(event: ServerEvent): Promise<void>;
  close(): void;
}

export async function connect(url: string, token: string, me: Me): Promise<Connected> {
  const socket: Socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    url,
    token,
    me,
    async ask(event, input) {
      const answer = (await socket.timeout(ANSWER_MS).emitWithAck(event, input)) as Ack<never>;
      if (!answer.ok) throw new Error(`${event}: ${answer.error.code} ${answer.error.message}`);
      return answer.data;
    },
    heard: (event) =>
      new Promise((resolve) => {
        socket.once(event, () => {
          resolve();
        });
      }),
    close() {
      socket.disconnect();
    },
  };
}

/**
 * @returns the result, and the token of the Authorization header where the answer signs in
 * @throws Error for every answer whose code is not 0
 */
export async function call<Result>(
  url: string,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  options: { token?: string; json?: unknown } = {},
): Promise<{ result: Result; token: string | null }> {
  const answer = await fetch(url + path, {
    method,
    signal: AbortSignal.timeout(ANSWER_MS),
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
  });
  const body = (await answer.json()) as { code: number; message: string; result: Result };
  if (body.code !== 0) throw new Error(`${method} ${path}: ${body.message}`);
  return { result: body.result, token: answer.headers.get('authorization')?.replace(/^Bearer /, '') ?? null };
}
