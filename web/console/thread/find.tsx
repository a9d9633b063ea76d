/** The bar above a thread in which words and days are looked for: its key, and whether it is open. */
import { Suspense, lazy, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions, type Action, type Keys } from '../keys/registry.js';

/** The browser's own finds only the rows that are drawn. */
export const FIND_KEYS: Keys = { mod: true, code: 'KeyF' };

const FindBar = lazy(() => import('./find-bar.js'));

export function useFind(conversationId: string): { bar: ReactNode; open: () => void } {
  const { t } = useTranslation();
  /** How often it was asked for: the same key again goes back to its box. 0 = closed. */
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    setAsked(0);
  }, [conversationId]);
  const { open, actions } = useMemo(() => {
    const run = () => {
      setAsked((times) => times + 1);
    };
    const action: Action = {
      id: 'conversation.find',
      group: 'conversation',
      title: t('find.here'),
      keys: FIND_KEYS,
      run,
    };
    return { open: run, actions: [action] };
  }, [t]);
  useActions('find', actions);
  const bar = asked > 0 && (
    <Suspense>
      <FindBar
        key={conversationId}
        id={conversationId}
        asked={asked}
        close={() => {
          setAsked(0);
        }}
      />
    </Suspense>
  );
  return { bar, open };
}
