/** Calls again and again while somebody waits, for those who wish it: an alert that was missed comes back. */
import { useEffect } from 'react';
import { isCounselor, useMe } from '../state/session.js';
import { usePreferences } from '../state/preferences.js';
import { alertWith } from '../ui/alert.js';
import { useQueue } from './queue.js';

const EVERY_MS = 30_000;

/** Mounted once, in the shell. */
export function useWaitingAlert() {
  const me = useMe();
  const wished = usePreferences((state) => state.scope === 'queue') && isCounselor(me);
  const waits = (useQueue().queue?.waiting.length ?? 0) > 0;
  useEffect(() => {
    if (!wished || !waits) return;
    alertWith('waiting');
    const again = setInterval(() => {
      alertWith('waiting');
    }, EVERY_MS);
    return () => {
      clearInterval(again);
    };
  }, [wished, waits]);
}
