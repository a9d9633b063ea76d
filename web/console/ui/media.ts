import { useCallback, useSyncExternalStore } from 'react';

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => {
        media.removeEventListener('change', listener);
      };
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** The three layouts: everything side by side; the context pane as a drawer; one pane at a time. */
export const NARROW = '(max-width: 767.98px)';
export const NO_CONTEXT = '(max-width: 1199.98px)';
