/** tim-js-sdk behind four words: open, heard, stands, close. Loaded by the carrier only. */
import TIM from 'tim-js-sdk';
import type { SdkMessage } from './map.js';

export interface TimListeners {
  ready: () => void;
  /** Not to be used until `ready` comes again. */
  lost: (reason: string) => void;
  messages: (messages: SdkMessage[]) => void;
}

export interface TimSession {
  /** Rejects with what Tencent answers: {code, message}. The SDK may take minutes to give up. */
  loggedIn: Promise<void>;
  close: () => void;
}

/** The SDK logs to the console, message bodies too; nothing of that is wanted on a shared computer. */
const SILENT = 4;

export function openTim(
  who: { sdkAppId: number; userId: string; userSig: string },
  listeners: TimListeners,
): TimSession {
  let ready = false;
  const tim = TIM.create({ SDKAppID: who.sdkAppId });
  tim.setLogLevel(SILENT);
  const heard: [string, (event: { data?: unknown }) => void][] = [
    [
      TIM.EVENT.SDK_READY,
      () => {
        ready = true;
        listeners.ready();
      },
    ],
    [
      TIM.EVENT.SDK_NOT_READY,
      () => {
        ready = false;
        listeners.lost('not-ready');
      },
    ],
    [
      TIM.EVENT.KICKED_OUT,
      ({ data }) => {
        listeners.lost(wordOf((data as { type?: unknown } | undefined)?.type) ?? 'kicked-out');
      },
    ],
    [
      TIM.EVENT.NET_STATE_CHANGE,
      ({ data }) => {
        const state = (data as { state?: unknown } | undefined)?.state;
        if (state === TIM.TYPES.NET_STATE_DISCONNECTED) listeners.lost('disconnected');
        if (state === TIM.TYPES.NET_STATE_CONNECTED && ready) listeners.ready();
      },
    ],
    [
      TIM.EVENT.MESSAGE_RECEIVED,
      ({ data }) => {
        listeners.messages(Array.isArray(data) ? (data as SdkMessage[]) : []);
      },
    ],
  ];
  for (const [event, listener] of heard) tim.on(event, listener);
  const close = () => {
    for (const [event, listener] of heard) tim.off(event, listener);
    void Promise.resolve(tim.destroy()).catch(() => undefined);
  };
  // `login` throws at once for what it can tell by itself, and rejects for the rest.
  const loggedIn = (async () => {
    await tim.login({ userID: who.userId, userSig: who.userSig });
  })();
  return { close, loggedIn };
}

/** A code or word of Tencent's; null for anything else. */
export const wordOf = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;
