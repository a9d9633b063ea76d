/** Files on their way: each by itself, tried again while it may help, stopped when the person gives it up. */
import type { Attachment } from '../attachment.js';
import { asHotlineError, isWorthAnotherTry } from './error.js';
import type { LocalFile, PendingMessage, Timers } from './types.js';

const MAX_TRIES = 6;
/** Each change is drawn: a fast upload need not be drawn a thousand times. */
const TELL_EVERY = 100;

interface Running {
  file: LocalFile;
  abort: AbortController | undefined;
  tries: number;
  pause: unknown;
}

export function createUploads(deps: {
  timers: Timers;
  usable(): boolean;
  pauseFor(failures: number, asked: number | undefined): number;
  send(
    message: PendingMessage,
    file: LocalFile,
    progress: (done: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<Attachment>;
  /** As it is now; undefined once it was given up. */
  find(clientMsgId: string): PendingMessage | undefined;
  progress(message: PendingMessage, done: number): void;
  done(message: PendingMessage, attachment: Attachment): void;
  failed(message: PendingMessage, error: { code: string; message: string }): void;
}) {
  const files = new Map<string, Running>();

  async function run(clientMsgId: string): Promise<void> {
    const running = files.get(clientMsgId);
    const message = deps.find(clientMsgId);
    if (running === undefined || message?.state !== 'uploading' || running.abort !== undefined) {
      return;
    }
    if (!deps.usable()) {
      return; // `hurry` comes with the next connection
    }
    const abort = typeof AbortController === 'undefined' ? undefined : new AbortController();
    running.abort = abort;
    running.pause = undefined;
    let told = 0;
    try {
      const attachment = await deps.send(
        message,
        running.file,
        (done) => {
          const now = deps.timers.now();
          const current = deps.find(clientMsgId);
          if (now - told >= TELL_EVERY && current?.state === 'uploading') {
            told = now;
            deps.progress(current, done);
          }
        },
        abort?.signal,
      );
      const current = deps.find(clientMsgId);
      if (current?.state === 'uploading') {
        deps.done(current, attachment);
      }
    } catch (thrown) {
      failed(clientMsgId, running, thrown);
    } finally {
      running.abort = undefined;
    }
  }

  function failed(clientMsgId: string, running: Running, thrown: unknown) {
    const error = asHotlineError(thrown);
    const current = deps.find(clientMsgId);
    if (current?.state !== 'uploading' || files.get(clientMsgId) !== running) {
      return;
    }
    running.tries += 1;
    if (!isWorthAnotherTry(error.code) || running.tries >= MAX_TRIES) {
      running.tries = 0;
      deps.failed(current, { code: error.code, message: error.message });
      return;
    }
    running.pause = deps.timers.setTimeout(
      () => void run(clientMsgId),
      deps.pauseFor(running.tries, error.retry),
    );
  }

  return {
    start(message: PendingMessage, file: LocalFile) {
      files.set(message.clientMsgId, { file, abort: undefined, tries: 0, pause: undefined });
      void run(message.clientMsgId);
    },
    again(message: PendingMessage) {
      void run(message.clientMsgId);
    },
    holds: (clientMsgId: string) => files.has(clientMsgId),
    fileOf: (clientMsgId: string): LocalFile | undefined => files.get(clientMsgId)?.file,
    hurry() {
      for (const [clientMsgId, running] of files) {
        deps.timers.clearTimeout(running.pause);
        void run(clientMsgId);
      }
    },
    /** Sent or given up: the file is let go. */
    stop(clientMsgId: string) {
      const running = files.get(clientMsgId);
      files.delete(clientMsgId);
      deps.timers.clearTimeout(running?.pause);
      running?.abort?.abort();
    },
    clear() {
      for (const clientMsgId of [...files.keys()]) {
        this.stop(clientMsgId);
      }
    },
  };
}
