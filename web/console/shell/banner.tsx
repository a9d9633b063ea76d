/** How the line stands, in words: a pill that is always there, and a banner when there is something to know. */
import { useEffect, useRef, useState } from 'react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ConnectionState } from '../../../contract/client.js';
import { useClient, useLive } from '../live/context.js';

const WORDS = {
  connected: 'connection.connected',
  reconnecting: 'connection.reconnecting',
  offline: 'connection.offline',
  http: 'connection.fallback',
} as const satisfies Record<ConnectionState, string>;

const SENTENCES = {
  reconnecting: 'connection.reconnectingLong',
  offline: 'connection.offlineLong',
  http: 'connection.fallbackLong',
} as const;

export function ConnectionPill() {
  const { t } = useTranslation();
  const connection = useLive((state) => state.connection);
  return (
    <span
      className={`connection is-${connection}`}
      role="status"
      data-testid="connection"
      data-state={connection}
    >
      <i aria-hidden="true" />
      {t(WORDS[connection])}
    </span>
  );
}

/** A blink of a phone network is nobody's business: the banner waits a moment, and says when all is well again. */
const PATIENCE = 1200;
const GOOD_NEWS = 2500;

export function ConnectionBanner() {
  const { t } = useTranslation();
  const client = useClient();
  const connection = useLive((state) => state.connection);
  const [shown, setShown] = useState<ConnectionState>('connected');
  const [recovered, setRecovered] = useState(false);
  const troubled = useRef(false);

  useEffect(() => {
    if (connection === 'connected') {
      setShown('connected');
      if (!troubled.current) return undefined;
      troubled.current = false;
      setRecovered(true);
      const timer = setTimeout(() => {
        setRecovered(false);
      }, GOOD_NEWS);
      return () => {
        clearTimeout(timer);
      };
    }
    setRecovered(false);
    const timer = setTimeout(() => {
      troubled.current = true;
      setShown(connection);
    }, PATIENCE);
    return () => {
      clearTimeout(timer);
    };
  }, [connection]);

  if (shown === 'connected') {
    return recovered ? (
      <div className="banner is-good" role="status" data-testid="connection-banner">
        {t('connection.backLong')}
      </div>
    ) : null;
  }
  return (
    <div className={`banner is-${shown}`} role="status" data-testid="connection-banner">
      <span>{t(SENTENCES[shown])}</span>
      <Button
        size="small"
        onClick={() => {
          client.wake();
        }}
      >
        {t('connection.retry')}
      </Button>
    </div>
  );
}
