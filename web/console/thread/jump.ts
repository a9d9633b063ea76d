/** Going to one message: its history is fetched page by page until it is held, then the thread shows it. */
import { useEffect, useState } from 'react';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import type { HotlineClient } from '../../../contract/client.js';
import { useClient } from '../live/context.js';
import { sentenceOf } from '../ui/problem.js';

export interface Place {
  conversationId: string;
  seq: number;
}

/** Where somebody wants to go, until the thread is there. */
const useJump = create<{ place: Place | null }>()(() => ({ place: null }));

export function jumpTo(conversationId: string, seq: number) {
  useJump.setState({ place: { conversationId, seq } });
}

/** contract/message.ts MAX_PAGE; not imported, since that would bring the schema library into the page. */
const LARGE = 200;

async function reach(client: HotlineClient, { conversationId, seq }: Place) {
  await client.load(conversationId);
  const isHeld = () => {
    const { messages, hasOlder } = client.getState().conversations[conversationId] ?? {};
    return hasOlder !== true || (messages?.[0]?.seq ?? Infinity) <= seq;
  };
  while (!isHeld() && (await client.older(conversationId, LARGE)));
}

/** What this thread is to show now; null until somebody went somewhere in it. */
export function useTarget(conversationId: string): Place | null {
  const { t } = useTranslation();
  const client = useClient();
  const { message } = App.useApp();
  const asked = useJump(({ place }) => (place?.conversationId === conversationId ? place : null));
  const [target, setTarget] = useState<Place | null>(null);
  useEffect(() => {
    if (asked === null) return undefined;
    let current = true;
    reach(client, asked)
      .then(() => {
        if (current) setTarget(asked);
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
