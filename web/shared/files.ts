/** Attachments as addresses that an img or audio element takes: fetched with our own rights, kept while shown. */
import { createContext, useContext, useEffect, useState } from 'react';

export type LoadFile = (path: string) => Promise<string>;

const KEPT = 120;

/** @param token left out where the cookie of the same origin speaks for us */
export function createFileLoader(token?: () => string | undefined): LoadFile {
  const kept = new Map<string, Promise<string>>();
  return (path) => {
    const known = kept.get(path);
    if (known !== undefined) {
      return known;
    }
    const bearer = token?.();
    const loading = fetch(path, {
      credentials: token === undefined ? 'include' : 'omit',
      ...(bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } }),
    }).then(async (answer) => {
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      return URL.createObjectURL(await answer.blob());
    });
    kept.set(path, loading);
    loading.catch(() => kept.delete(path));
    for (const [old, address] of kept) {
      if (kept.size <= KEPT) {
        break;
      }
      kept.delete(old);
      void address.then((url) => {
        URL.revokeObjectURL(url);
      });
    }
    return loading;
  };
}

export const FilesContext = createContext<LoadFile>(() => Promise.reject(new Error('no files here')));

/** An address; null while it is loading; 'failed' when it could not be had. */
export function useFile(
  path: string | null,
  local?: Blob,
): { url: string | null; failed: boolean; retry(): void } {
  const load = useContext(FilesContext);
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (local !== undefined) {
      const own = URL.createObjectURL(local);
      setUrl(own);
      return () => {
        URL.revokeObjectURL(own);
      };
    }
    let current = path !== null;
    setFailed(false);
    if (path !== null) {
      load(path).then(
        (found) => {
          if (current) setUrl(found);
        },
        () => {
          if (current) setFailed(true);
        },
      );
    }
    return () => {
      current = false;
    };
  }, [load, path, local, tries]);
  return {
    url,
    failed,
    retry() {
      setTries((count) => count + 1);
    },
  };
}
