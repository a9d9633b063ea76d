/**
 * What a phone can do for the page beyond showing it: keep its shell for times without a network, and tell in the
 * background that the counselor is there. Both need https or localhost; over plain http they are simply not there.
 */
import { client, institution, openConversation } from './hotline.js';
import { t } from './text.js';

const hasWorker = () => isSecureContext && 'serviceWorker' in navigator;

export function keepShell() {
  if (institution !== undefined) {
    document
      .querySelector('link[rel=manifest]')
      ?.setAttribute('href', `/visit/manifest.webmanifest?i=${encodeURIComponent(institution)}`);
  }
  if (hasWorker()) {
    // Without it the page works all the same, only not off line.
    navigator.serviceWorker.register('/visit/sw.js', { scope: '/visit/' }).catch(() => undefined);
  }
}

/** Told to the worker, which outlives the page that is being left. */
export function forgetShell() {
  if (hasWorker()) {
    navigator.serviceWorker.controller?.postMessage('forget');
  }
}

export type NoticeState = 'absent' | 'ask' | 'on';

/** A refusal is an answer: it is not asked for again. */
export function noticeState(): NoticeState {
  if (!hasWorker() || !('Notification' in window) || Notification.permission === 'denied') {
    return 'absent';
  }
  return Notification.permission === 'granted' ? 'on' : 'ask';
}

export async function askForNotice(): Promise<NoticeState> {
  await Notification.requestPermission();
  return noticeState();
}

/** Says that somebody is there, to a visitor who is looking elsewhere; no name and no word of theirs. */
async function tellReady() {
  if (document.visibilityState === 'visible' || noticeState() !== 'on') {
    return;
  }
  const worker = await navigator.serviceWorker.ready;
  await worker.showNotification(t('readyTitle'), {
    body: t('readyText'),
    icon: '/visit/icon-192.png',
    lang: document.documentElement.lang,
    tag: 'ready',
  });
}

/** Watches for the moment in which waiting is over. */
export function watchForReady() {
  let waiting: string | undefined;
  client.subscribe(() => {
    const open = openConversation(client.getState());
    const status = open?.conversation?.status;
    if (status === 'IN_PROGRESS' && open?.id === waiting) {
      tellReady().catch(() => undefined);
    }
    waiting = status === 'WAITING' ? open?.id : undefined;
  });
}
