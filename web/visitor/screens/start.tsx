/** From a tap to a conversation: consent if this tab has not given it, then open. */
import { useState } from 'react';
import { HotlineError } from '../../../contract/client.js';
import { consentGiven, rememberConsent } from '../device.js';
import { api, openWith, session, signIn } from '../hotline.js';
import { t } from '../text.js';
import { ConsentSheet } from './consent.js';

/** Gives a starter and whatever it has to show meanwhile. `null` = whoever is free. */
export function useStart() {
  const [asking, setAsking] = useState<{ counselor: string | undefined } | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');

  const open = async (counselor: string | undefined, prepare?: () => Promise<void>) => {
    setBusy(true);
    setError('');
    try {
      await prepare?.();
      await openWith(counselor);
    } catch (thrown) {
      setError(thrown instanceof HotlineError ? thrown.message : t('unreachable'));
    } finally {
      setBusy(false);
      setAsking(null);
    }
  };

  const version = session.getState().config?.consent.version;
  return {
    busy,
    error,
    start(counselor?: string) {
      if (version !== undefined && consentGiven() === version) {
        void open(counselor);
      } else {
        setAsking({ counselor });
      }
    },
    sheet: asking !== null && (
      <ConsentSheet
        busy={busy}
        onClose={() => {
          setAsking(null);
        }}
        onAgree={({ research, name }) =>
          void open(asking.counselor, async () => {
            if (name !== '') {
              await signIn(name);
            }
            if (version !== undefined) {
              await api.post('/api/v1/consent', { version, research });
              rememberConsent(version);
            }
          })
        }
      />
    ),
  };
}
