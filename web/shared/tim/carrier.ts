/**
 * The life of the Tencent channel in a page. It is a second ear: what the other side says through Tencent, or what
 * the server copied there, is heard and makes the page fetch the numbered message. Whatever is said goes through
 * the built-in channel, which numbers and keeps it, and the server copies it to Tencent; so losing Tencent loses
 * nothing, and is told in one calm line.
 */
import type { ConversationView } from '../../../contract/client.js';
import { mapSdkMessage, type SdkMessage, type TimMessage } from './map.js';
import { openTim, wordOf, type TimSession } from './sdk.js';
import { timStore, type TimState } from './state.js';
import type { TimOptions } from './start.js';

/** How long a log-in may take before the page stops waiting for it. */
const LOGIN_MS = 12_000;
const RETRY_MS = [15_000, 60_000, 300_000];
/** When the transcript is asked again for a message that only Tencent has so far. */
const ASK_AGAIN_MS = [0, 1_500, 5_000, 15_000];
/** A line that our transcript never got by then is a dead letter there, not something to show for ever. */
const EARLY_MS = 120_000;

const patch = (change: Partial<TimState>) => {
  timStore.set({ ...timStore.getState(), ...change });
};

export function carry({ userId, sign, client }: TimOptions, sdkAppId: number): () => void {
  let session: TimSession | null = null;
  let stopped = false;
  let failures = 0;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const later = (run: () => void, ms: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };

  const fail = (reason: string) => {
    patch({ phase: 'fallback', reason });
    session?.close();
    session = null;
    later(() => void open(), RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0);
    failures += 1;
  };

  async function open(): Promise<void> {
    if (stopped || session) return;
    if (timStore.getState().phase === 'off') patch({ phase: 'connecting' });
    // One attempt ends once: by its answer, or by the clock.
    const attempt = { over: false };
    const isOver = () => stopped || attempt.over;
    const once = (run: () => void) => {
      if (!isOver()) run();
      attempt.over = true;
    };
    later(() => {
      once(() => {
        fail('timeout');
      });
    }, LOGIN_MS);
    try {
      const userSig = await sign();
      if (isOver()) return;
      session = openTim(
        { sdkAppId, userId, userSig },
        {
          ready: () => {
            failures = 0;
            patch({ phase: 'ready', reason: null });
          },
          lost: (reason) => {
            // The SDK reconnects by itself, unless it was signed out: then we sign in anew.
            if (reason === 'disconnected' || reason === 'not-ready') patch({ phase: 'fallback', reason });
            else if (session) fail(reason);
          },
          messages,
        },
      );
      await session.loggedIn;
      attempt.over = true;
    } catch (error) {
      once(() => {
        fail(wordOf((error as { code?: unknown } | null)?.code) ?? 'failed');
      });
    }
  }

  const viewOf = (id: string | null): ConversationView | undefined =>
    id === null ? undefined : client.getState().conversations[id];

  function messages(raws: SdkMessage[]): void {
    for (const raw of raws) {
      const message = mapSdkMessage(raw);
      const view = viewOf(message?.conversationId ?? null);
      if (!message || !view || message.from === userId || holds(view, message)) continue;
      // Who claims to be in a conversation must be in it by what our own server said.
      const { visitor, counselor } = view.conversation ?? {};
      if (visitor?.id !== message.from && counselor?.id !== message.from) continue;
      patch({ early: [...timStore.getState().early, message] });
      ASK_AGAIN_MS.forEach((ms) => {
        later(() => {
          fetchMissing(message);
        }, ms);
      });
      later(() => {
        forget(message.id);
      }, EARLY_MS);
    }
  }

  function fetchMissing(message: TimMessage): void {
    const view = viewOf(message.conversationId);
    if (view && !holds(view, message)) client.sync([view.id]).catch(() => undefined);
  }

  const forget = (id: string) => {
    patch({ early: timStore.getState().early.filter((message) => message.id !== id) });
  };

  /** What the transcript holds by now is no longer early. */
  const unsubscribe = client.subscribe(() => {
    const { early } = timStore.getState();
    const left = early.filter((message) => {
      const view = viewOf(message.conversationId);
      return view !== undefined && !holds(view, message);
    });
    if (left.length !== early.length) patch({ early: left });
  });

  void open();
  return () => {
    stopped = true;
    unsubscribe();
    for (const timer of timers) clearTimeout(timer);
    session?.close();
    session = null;
    patch({ phase: 'off', reason: null, early: [] });
  };
}

const holds = (view: ConversationView, message: TimMessage): boolean =>
  view.messages.some((row) =>
    message.seq === null ? row.clientMsgId === message.clientMsgId : row.seq === message.seq,
  ) ||
  (view.latest !== null && message.seq !== null && view.latest.seq >= message.seq);
