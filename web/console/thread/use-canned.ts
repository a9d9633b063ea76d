/** The canned replies of the composer: opened by `/` at the caret, walked by the arrows, taken by Enter or Tab. */
import { useState, type KeyboardEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { CannedReply } from '../../../contract/canned-reply.js';
import { get } from '../api/http.js';
import { useConversation } from '../live/context.js';
import { usePreferences } from '../state/preferences.js';
import { useMe } from '../state/session.js';
import { useConfig } from '../ui/labels.js';
import { askedAt, filled, fitting, type Asked } from './canned.js';

/** The root of their key. */
export const CANNED = 'canned-replies';
export const useCannedReplies = () =>
  useQuery({
    queryKey: [CANNED],
    queryFn: ({ signal }) => get<CannedReply[]>('/api/v1/canned-replies', undefined, signal),
    staleTime: 60_000,
  });

export interface Canned {
  /** What is offered; null while nothing is asked for. */
  found: CannedReply[] | null;
  /** Which of them is lit. */
  at: number;
  light: (at: number) => void;
  take: (reply: CannedReply) => void;
  /** After the words or the caret have changed. */
  look: (text: string, caret: number) => void;
  /** True when the key was meant for the list, or put in a favourite. */
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
}

/** @param put writes the words in place of what stands between two points, and sets the caret behind them */
export function useCanned(
  conversationId: string,
  put: (words: string, from: number, to: number) => void,
): Canned {
  const rows = useCannedReplies().data ?? [];
  const favourites = usePreferences((state) => state.favouriteReplies);
  const visitor = useConversation(conversationId)?.conversation?.visitor?.name;
  const me = useMe();
  const institution = useConfig()?.institution.name;
  const [asked, setAsked] = useState<Asked | null>(null);
  const [at, light] = useState(0);
  const found = asked === null ? null : fitting(rows, asked.query);

  const insert = (reply: CannedReply, from: number, to: number) => {
    put(filled(reply.text, { 来访者: visitor, 咨询师: me.name, 机构: institution }), from, to);
    setAsked(null);
  };
  const take = (reply: CannedReply) => {
    if (asked !== null) insert(reply, asked.from, asked.to);
  };
  const walk = (by: number) => {
    if (found !== null && found.length > 0) light((at + by + found.length) % found.length);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const nth = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (nth !== undefined && event.altKey && event.shiftKey) {
      const reply = rows.find(({ id }) => id === favourites[Number(nth) - 1]);
      const { selectionStart, selectionEnd } = event.currentTarget;
      if (reply) insert(reply, selectionStart, selectionEnd);
      return reply !== undefined;
    }
    if (found === null) return false;
    switch (event.key) {
      case 'ArrowDown':
        walk(1);
        return true;
      case 'ArrowUp':
        walk(-1);
        return true;
      case 'Escape':
        setAsked(null);
        return true;
      case 'Enter':
      case 'Tab': {
        const lit = found[at];
        if (lit === undefined || event.shiftKey) return false;
        take(lit);
        return true;
      }
      default:
        return false;
    }
  };

  return {
    found,
    at,
    light,
    take,
    look(text, caret) {
      setAsked(askedAt(text, caret));
      light(0);
    },
    onKeyDown,
  };
}
