/** The Tencent channel, where this installation uses it: it lives as long as the shell does. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { startTim } from '../../shared/tim/start.js';
import { timStore } from '../../shared/tim/state.js';
import { useStore } from '../../shared/store.js';
import { send } from '../api/http.js';
import { useClient } from '../live/context.js';
import { useMe } from '../state/session.js';
import { useConfig } from '../ui/labels.js';

export function TimNotice() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useClient();
  const im = useConfig()?.im;
  const { phase, reason, early } = useStore(timStore, (state) => state);
  useEffect(
    () => im && startTim({ im, userId: me.id, sign: () => send<string>('POST', '/im/sign'), client }),
    [im, me.id, client],
  );
  if (phase === 'off') return null;
  const text = early.at(-1)?.text ?? '';
  const words =
    early.length > 0
      ? t('connection.timEarly', { count: early.length, text })
      : phase === 'fallback'
        ? t('connection.timFallback')
        : '';
  return (
    <div
      className={words === '' ? '' : 'banner'}
      role="status"
      data-testid="tim-notice"
      data-state={phase}
      data-reason={reason}
    >
      {words}
    </div>
  );
}
