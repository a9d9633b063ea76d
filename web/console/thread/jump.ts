/** Going to one message: its history is fetched until it is held (reach.ts), then the thread shows it. */
import { useEffect } from 'react';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { useClient } from '../live/context.js';
import { sentenceOf } from '../ui/problem.js';
import { reach, type Place } from './reach.js';

export type { Place };

/** Where somebody wants to go, until the thread is there. */
const useJump = create<{ place: Place | null }>()(() => ({ place: null }));

/** What was gone to last, which the thread marks. */
const useMarked = create<{ target: Place | null }>()(() => ({ target: null }));
export const unmark = () => {
  useMarked.setState({ target: null });
};

export function jumpTo(conversationId: string, seq: number) {
  useJump.setState({ place: { conversationId, seq } });
}

/** What this thread is to show now; null until somebody went somewhere in it. */
export function useTarget(conversationId: string): Place | null {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const asked = useJump(({ place }) => (place?.conversationId === conversationId ? place : null));
  const target = useMarked((state) =>
    state.target?.conversationId === conversationId ? state.target : null,
  );
  // Whoever comes back begins at the newest line.
  useEffect(() => unmark, [conversationId]);
  useEffect(() => {
    if (asked === null) return undefined;
    let current = true;
    reach(client, asked, () => current)
      .then((held) => {
        if (!current) return;
        if (held) useMarked.setState({ target: asked });
        else void message.info(t('thread.tooFar'));
      })
      .catch((error: unknown) => {
        if (current) void message.error(sentenceOf(error, t('thread.olderFailed')));
      })
      .finally(() => {
        if (current) useJump.setState({ place: null });
      });
    return () => {
      current = false;
    };
  }, [client, asked, message, t]);
  return target;
}
