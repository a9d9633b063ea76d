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

export const createHttp =
  (http: Http) =>
  async <T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T> => {
    let answer;
    try {
      answer = await http(method, path, body, signal === undefined ? undefined : { signal });
    } catch {
      throw disconnected();
    }
    return resultOf<T>(answer.status, answer.body);
  };
