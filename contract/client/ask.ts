/** One question, one answer: over the socket with a time limit, or over HTTP. */
import type { Ack, AskInput, AskOutput, ClientEvent } from '../events.js';
import { disconnected, HotlineError, resultOf, timedOut } from './error.js';
import type { Http, Socketlike, Timers } from './types.js';

export function createAsks(timers: Timers, standardTimeout: number) {
  const open = new Set<(error: HotlineError) => void>();

  return {
    ask<E extends ClientEvent>(
      via: Socketlike | undefined,
      event: E,
      input: AskInput<E>,
      timeout = standardTimeout,
    ): Promise<AskOutput<E>> {
      if (via === undefined) {
        return Promise.reject(disconnected());
      }
      return new Promise((resolve, reject) => {
        const settle = () => {
          timers.clearTimeout(timer);
          open.delete(fail);
        };
        const fail = (error: HotlineError) => {
          settle();
          reject(error);
        };
        const timer = timers.setTimeout(() => {
          fail(timedOut());
        }, timeout);
        open.add(fail);
        via.emit(event, input, (answer: Ack<AskOutput<E>>) => {
          settle();
          if (answer.ok) {
            resolve(answer.data);
          } else {
            reject(new HotlineError(answer.error));
          }
        });
      });
    },
    /** A lost connection answers everything that was asked over it, at once. */
    drop(error: HotlineError) {
      for (const fail of [...open]) {
        fail(error);
      }
    },
  };
}

/** A held GET may take as long as the server holds it, and a little for the way. */
export const HELD_SECONDS = 25;
const HELD_TIMEOUT = (HELD_SECONDS + 10) * 1000;

export type Call = ReturnType<typeof createHttp>;

export const createHttp =
  (http: Http, timers: Timers, standardTimeout: number) =>
  <T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    options: { signal?: AbortSignal; held?: boolean } = {},
  ): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      // The transport may have no time limit of its own; whatever comes later is dropped.
      const timer = timers.setTimeout(
        () => {
          reject(timedOut());
        },
        options.held === true ? HELD_TIMEOUT : standardTimeout,
      );
      http(method, path, body, options.signal === undefined ? undefined : { signal: options.signal })
        .catch(() => {
          throw disconnected();
        })
        .then((answer) => resultOf<T>(answer.status, answer.body))
        .then(resolve, reject)
        .finally(() => {
          timers.clearTimeout(timer);
        });
    });
