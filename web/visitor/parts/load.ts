import { useCallback, useEffect, useRef, useState } from 'react';
import { HotlineError } from '../../../contract/client.js';
import { t } from '../text.js';

/** What went wrong, in the server's words where it has some. */
export const sentenceOf = (thrown: unknown): string =>
  thrown instanceof HotlineError ? thrown.message : t('unreachable');

/**
 * Something that is fetched when `key` changes; null while it is on its way or there is nothing to fetch. What was
 * asked for an earlier key and answers later is left.
 */
export function useLoad<T>(key: string | null, fetch: () => Promise<T>) {
  const [held, setHeld] = useState<{ key: string; value: T } | null>(null);
  const [error, setError] = useState('');
  const wanted = useRef(fetch);
  wanted.current = fetch;
  const current = useRef(key);
  current.current = key;
  const load = useCallback(() => {
    if (key === null) {
      return;
    }
    setError('');
    wanted.current().then(
      (value) => {
        if (current.current === key) {
          setHeld({ key, value });
        }
      },
      (thrown: unknown) => {
        if (current.current === key) {
          setError(sentenceOf(thrown));
        }
      },
    );
  }, [key]);
  useEffect(load, [load]);
  return { value: held?.key === key ? held.value : null, error, load };
}

/** Carries out one thing at a time and keeps what went wrong. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  return {
    busy,
    error,
    async run(work: () => Promise<void>) {
      setBusy(true);
      setError('');
      try {
        await work();
      } catch (thrown) {
        setError(sentenceOf(thrown));
      } finally {
        setBusy(false);
      }
    },
  };
}
