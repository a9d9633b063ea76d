/** From a tap to a conversation: consent if this tab has not given it, then whatever opens it. */
import { useState } from 'react';
import { HotlineError } from '../../../contract/client.js';
import { consentGiven, rememberConsent } from '../device.js';
import { api, session, signIn } from '../hotline.js';
import { t } from '../text.js';
import { ConsentSheet } from './consent.js';

type Opening = () => Promise<unknown>;

/** Gives a starter and whatever it has to show meanwhile. */
export function useStart() {
  const [asking, setAsking] = useState<{ open: Opening } | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');

  const run = async (open: Opening, prepare?: () => Promise<void>) => {
    setBusy(true);
    setError('');
    try {
      await prepare?.();
      await open();
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
    start(open: Opening) {
      if (version !== undefined && consentGiven() === version) {
        void run(open);
      } else {
        setAsking({ open });
      }
    },
    sheet: asking !== null && (
      <ConsentSheet
        busy={busy}
        onClose={() => {
          setAsking(null);
        }}
        onAgree={({ research, name }) =>
          void run(asking.open, async () => {
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
