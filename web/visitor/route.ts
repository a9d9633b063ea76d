/** Where in the page we are, kept in the hash so that the phone's Back works and a reload stays. */
import { useSyncExternalStore } from 'react';

export const go = (path: string) => {
  location.hash = path;
};
/** Without a step to go back to. */
export const goInstead = (path: string) => {
  history.replaceState(null, '', `#${path}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
};

const watch = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => {
    removeEventListener('hashchange', listener);
  };
};

/** ['history', 'abc'] for #/history/abc; ['home'] without one. */
export function useRoute(): [name: string, argument: string | undefined] {
  const hash = useSyncExternalStore(watch, () => location.hash);
  const [name, argument] = hash.replace(/^#\/?/, '').split('/');
  return [name === undefined || name === '' ? 'home' : name, argument];
}
