/**
 * Notices of the desktop, while the page is out of sight. They name nobody and quote nothing: a screen is seen by
 * others too.
 */
import i18next from 'i18next';
import { usePreferences } from '../state/preferences.js';
import type { Tone } from './sound.js';

/** Left out quietly where a browser has none, or the page is on plain http. */
export const hasDesktop = 'Notification' in window && window.isSecureContext;

/** Asks the person; a browser that was told no once answers by itself. */
export const allowDesktop = async () => hasDesktop && (await Notification.requestPermission()) === 'granted';

export function tellDesktop(tone: Tone, even = document.hidden) {
  if (!even || !hasDesktop || !usePreferences.getState().desktop) return;
  if (Notification.permission !== 'granted') return;
  // One of a kind: a burst of messages is one notice.
  const notice = new Notification(i18next.t('product'), {
    body: i18next.t(`sound.told.${tone}`),
    tag: `hotline-${tone}`,
  });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}
