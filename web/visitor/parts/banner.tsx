/** How the connection stands, in words; shown only while it does not stand well. */
import { useEffect, useState } from 'react';
import { useStore } from '../../shared/store.js';
import { client } from '../hotline.js';
import { t } from '../text.js';

/** A hiccup shorter than this is nobody's business. */
const PATIENCE = 1500;
const GOOD_NEWS = 2500;

export function Banner() {
  const connection = useStore(client, (state) => state.connection);
  const [shown, setShown] = useState<'connected' | 'again' | 'reconnecting' | 'http' | 'offline'>(
    'connected',
  );
  useEffect(() => {
    if (connection === 'connected') {
      setShown((before) => (before === 'connected' ? before : 'again'));
      const timer = setTimeout(() => {
        setShown('connected');
      }, GOOD_NEWS);
      return () => {
        clearTimeout(timer);
      };
    }
    const timer = setTimeout(() => {
      setShown(connection);
    }, PATIENCE);
    return () => {
      clearTimeout(timer);
    };
  }, [connection]);
  const words = {
    connected: '',
    again: t('connectedAgain'),
    reconnecting: t('reconnecting'),
    http: t('httpBanner'),
    offline: t('offlineBanner'),
  }[shown];
  return (
    <div className={`banner ${shown}`} role="status" data-testid="banner" data-state={connection}>
      {words}
    </div>
  );
}
