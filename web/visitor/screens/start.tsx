/** From a tap to a conversation: consent if this tab has not given it, then whatever opens it. */
import { useState } from 'react';
import { consentGiven, rememberConsent } from '../device.js';
import { api, session, signIn } from '../hotline.js';
import { useAction } from '../parts/load.js';
import { ConsentSheet } from './consent.js';

type Opening = () => Promise<unknown>;

/** Gives a starter and whatever it has to show meanwhile. */
export function useStart() {
  const [asking, setAsking] = useState<{ open: Opening } | null>(null);
  const { busy, error, run } = useAction();

  const begin = async (open: Opening, prepare?: () => Promise<void>) => {
    await run(async () => {
      await prepare?.();
      await open();
    });
    setAsking(null);
  };

  const version = session.getState().config?.consent.version;
  return {
    busy,
    error,
    start(open: Opening) {
      if (version !== undefined && consentGiven() === version) {
        void begin(open);
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
          void begin(asking.open, async () => {
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
