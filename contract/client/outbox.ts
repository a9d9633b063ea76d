/**
 * Messages of our own until they are acknowledged. One in flight per conversation, in the order in which they
 * were written; a try whose outcome is unknown is repeated with the same clientMsgId, so nothing is doubled.
 */
import type { Attachment } from '../attachment.js';
import type { MessageReceipt } from '../message.js';
import { asHotlineError, isWorthAnotherTry } from './error.js';
import type { LocalFile, PendingMessage, PendingStore, Said, Timers } from './types.js';
import { createUploads } from './uploads.js';

/** An INTERNAL that stays is our fault and will not heal by asking; after these tries the person decides. */
const MAX_INTERNAL = 5;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

export interface OutboxDeps {
  timers: Timers;
  random: () => number;
  newId: () => string;
  store?: PendingStore;
  /** True while the socket or plain HTTP can carry something. */
  usable(): boolean;
  deliver(message: PendingMessage): Promise<MessageReceipt>;
  upload(
    message: PendingMessage,
    file: LocalFile,
    progress: (done: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<Attachment>;
  changed(conversationId: string): void;
  /** The highest seq known of a conversation. */
  high(conversationId: string): number;
  /** Acknowledged: stored durably under this seq. */
  sent(message: PendingMessage): void;
}

const shownFile = ({ name, size, seconds }: LocalFile): NonNullable<PendingMessage['file']> => ({
  name,
  size,
  ...(seconds === undefined ? {} : { seconds }),
  progress: 0,
});

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox(deps: OutboxDeps) {
  const rows = new Map<string, PendingMessage[]>();
  const inFlight = new Set<string>();
  const pauses = new Map<string, unknown>();
  const tries = new Map<string, number>();

  for (const kept of deps.store?.load() ?? []) {
    // The file itself does not survive a reload: it has to be chosen again.
    const lost = kept.file !== undefined && kept.attachment === undefined;
    const error = { code: 'FILE_LOST', message: '页面已刷新，请重新选择文件。' };
    const message: PendingMessage = lost ? { ...kept, state: 'failed', error } : kept;
    rows.set(message.conversationId, [...of(message.conversationId), message]);
  }
  const uploads = createUploads({
    timers: deps.timers,
    usable: deps.usable,
    pauseFor,
    send: deps.upload,
    find: (clientMsgId) => [...rows.values()].flat().find((row) => row.clientMsgId === clientMsgId),
    progress(message, progress) {
      if (message.file !== undefined) {
        patch(message, { file: { ...message.file, progress } }, false);
      }
    },
    done(message, attachment) {
      const others = of(message.conversationId).filter((row) => row.clientMsgId !== message.clientMsgId);
      // Behind what was written meanwhile: its place is where it is sent.
      write(message.conversationId, [...others, { ...message, attachment, state: 'sending' }]);
      pump(message.conversationId);
    },
    failed(message, error) {
      patch(message, { state: 'failed', error });
    },
  });

  function of(conversationId: string): PendingMessage[] {
    return rows.get(conversationId) ?? [];
  }

  function write(conversationId: string, next: PendingMessage[], keep = true) {
    rows.set(conversationId, next);
    if (keep) save();
    deps.changed(conversationId);
  }

  function save() {
    deps.store?.save([...rows.values()].flat().filter((message) => message.state !== 'sent'));
  }

  function patch(message: PendingMessage, change: Partial<PendingMessage>, keep = true): PendingMessage {
    const next = { ...message, ...change };
    write(
      message.conversationId,
      of(message.conversationId).map((row) => (row.clientMsgId === message.clientMsgId ? next : row)),
      keep,
    );
    return next;
  }

  function pauseFor(failures: number, asked: number | undefined): number {
    const grown = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1));
    return Math.max(asked ?? 0, grown * (0.75 + deps.random() / 2));
  }

  async function attempt(message: PendingMessage) {
    const { conversationId, clientMsgId } = message;
    inFlight.add(conversationId);
    try {
      const receipt = await deps.deliver(message);
      tries.delete(clientMsgId);
      uploads.stop(clientMsgId);
      // Its push may have been quicker than the acknowledgement and has taken the row's place already.
      if (of(conversationId).some((row) => row.clientMsgId === clientMsgId)) {
        deps.sent(patch(message, { state: 'sent', receipt }));
      }
    } catch (thrown) {
      const error = asHotlineError(thrown);
      const failures = (tries.get(clientMsgId) ?? 0) + 1;
      tries.set(clientMsgId, failures);
      const again = isWorthAnotherTry(error.code) && !(error.code === 'INTERNAL' && failures >= MAX_INTERNAL);
      if (!again) {
        tries.delete(clientMsgId);
        patch(message, { state: 'failed', error: { code: error.code, message: error.message } });
      } else {
        // Also after a lost connection: `hurry` ends the pause as soon as there is a new one.
        const pause = deps.timers.setTimeout(
          () => {
            pauses.delete(conversationId);
            pump(conversationId);
          },
          pauseFor(failures, error.retry),
        );
        pauses.set(conversationId, pause);
      }
    } finally {
      inFlight.delete(conversationId);
    }
    pump(conversationId);
  }

  /** Starts whatever may go; called at every change that could let something go. */
  function pump(conversationId?: string) {
    for (const id of conversationId === undefined ? [...rows.keys()] : [conversationId]) {
      const next = of(id).find((message) => message.state === 'sending');
      if (next !== undefined && !inFlight.has(id) && !pauses.has(id) && deps.usable()) {
        void attempt(next);
      }
    }
  }

  return {
    of,
    conversations: () => [...rows.keys()],
    pump,
    /** A new connection: what waited for a back-off need not wait any longer. */
    hurry() {
      for (const handle of pauses.values()) {
        deps.timers.clearTimeout(handle);
      }
      pauses.clear();
      uploads.hurry();
      pump();
    },
    add(conversationId: string, said: Said): PendingMessage {
      const base = {
        clientMsgId: deps.newId(),
        conversationId,
        text: said.text ?? '',
        ...(said.quote === undefined ? {} : { quote: said.quote }),
        after: deps.high(conversationId),
        time: deps.timers.now(),
      };
      const message: PendingMessage =
        said.kind === 'file'
          ? { ...base, kind: said.file.kind, file: shownFile(said.file), state: 'uploading' }
          : said.kind === 'card'
            ? { ...base, kind: 'card', card: said.card, state: 'sending' }
            : { ...base, kind: said.kind, state: 'sending' };
      write(conversationId, [...of(conversationId), message]);
      if (said.kind === 'file') {
        uploads.start(message, said.file);
      } else {
        pump(conversationId);
      }
      return message;
    },
    /** Sends a refused one again under its old clientMsgId, behind those that are on their way. */
    retry(clientMsgId: string) {
      const message = [...rows.values()].flat().find((row) => row.clientMsgId === clientMsgId);
      if (message?.state !== 'failed') {
        return;
      }
      const unsent = message.file !== undefined && message.attachment === undefined;
      if (unsent && !uploads.holds(clientMsgId)) {
        return;
      }
      const again: PendingMessage = { ...message, state: unsent ? 'uploading' : 'sending' };
      delete again.error;
      const others = of(message.conversationId).filter((row) => row.clientMsgId !== clientMsgId);
      write(message.conversationId, [...others, again]);
      if (unsent) {
        uploads.again(again);
      } else {
        pump(message.conversationId);
      }
    },
    /** The person gives a refused message up, or a file that is still on its way. */
    discard(clientMsgId: string) {
      for (const [id, list] of rows) {
        const given = (row: PendingMessage) =>
          row.clientMsgId === clientMsgId && (row.state === 'failed' || row.state === 'uploading');
        if (list.some(given)) {
          uploads.stop(clientMsgId);
          write(
            id,
            list.filter((row) => !given(row)),
          );
        }
      }
    },
    /** The file of a pending message, to be shown or played before it has arrived. */
    fileOf: uploads.fileOf,
    /** The timeline holds these now; their optimistic rows go. */
    settle(conversationId: string, isHeld: (message: PendingMessage) => boolean) {
      const left = of(conversationId).filter((message) => !isHeld(message));
      if (left.length !== of(conversationId).length) {
        write(conversationId, left);
      }
    },
    clear() {
      uploads.clear();
      for (const id of [...rows.keys()]) {
        write(id, []);
      }
    },
  };
}
