/**
 * The lines of a conversation, however many. It follows the newest one only for a reader who is at the bottom,
 * and stands still while older ones are put in front.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { VList } from 'virtua';
import type { VListHandle } from 'virtua';
import type { ConversationView } from '../../../contract/client.js';
import type { Message } from '../../../contract/message.js';
import { useStore } from '../../shared/store.js';
import { client, session } from '../hotline.js';
import { t, words } from '../text.js';
import { Icon } from './icons.js';
import { MessageRow } from './message-row.js';

const NEAR_BOTTOM = 48;
const NEAR_TOP = 240;

interface Props {
  view: ConversationView;
  live: boolean;
  /** Left out where nothing can be said. */
  onQuote?: (message: Message) => void;
}

export function MessageList({ view, live, onQuote }: Props) {
  const list = useRef<VListHandle>(null);
  const me = useStore(session, (state) => state.me?.id);
  const connection = useStore(client, (state) => state.connection);
  const [atBottom, setAtBottom] = useState(true);
  const [seenTo, setSeenTo] = useState(0);
  // Whether the oldest line that we hold begins a day or a turn shows only with the one before it: until then it is
  // not drawn, else what it loses above itself would move the page that is being read.
  const hidden = view.hasOlder && view.rows.length > 1 ? view.rows[0] : undefined;
  const rows = useMemo(() => (hidden === undefined ? view.rows : view.rows.slice(1)), [view.rows, hidden]);

  // Keys before and now tell a page put in front from a line added behind.
  const firstKey = rows[0]?.key;
  const before = useRef<{ first: string | undefined; count: number }>({ first: undefined, count: 0 });
  const shift =
    before.current.count > 0 && rows.length > before.current.count && before.current.first !== firstKey;

  const lastRow = rows.at(-1);
  const lastIsNewOwn = lastRow !== undefined && 'pending' in lastRow && lastRow.pending.state === 'sending';
  const follow = useRef(true);
  const toBottom = () => {
    list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  };
  useLayoutEffect(() => {
    const grown = rows.length > before.current.count && before.current.first === firstKey;
    const first = before.current.count === 0 && rows.length > 0;
    before.current = { first: firstKey, count: rows.length };
    if (first || follow.current || (grown && lastIsNewOwn)) {
      list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
    }
  }, [rows, view.typing.length, firstKey, lastIsNewOwn]);

  const onScroll = (offset: number) => {
    const handle = list.current;
    if (handle === null) {
      return;
    }
    const near = handle.scrollSize - handle.viewportSize - offset <= NEAR_BOTTOM;
    follow.current = near;
    setAtBottom(near);
    if (offset < NEAR_TOP && view.hasOlder && !view.loadingOlder) {
      // What could not be loaded now is asked for again by the next scroll.
      client.older(view.id).catch(() => undefined);
    }
  };
  const onResize = () => {
    if (follow.current) {
      toBottom();
    }
  };

  const { high, lastOwn, unseen } = useMemo(() => {
    let newest = 0;
    let own = 0;
    let count = 0;
    for (const { seq, sender, kind } of view.messages) {
      newest = Math.max(newest, seq);
      if (sender.id !== null && sender.id === me) {
        own = seq;
      } else if (seq > seenTo && kind !== 'system') {
        count += 1;
      }
    }
    return { high: newest, lastOwn: own, unseen: count };
  }, [view.messages, me, seenTo]);

  useEffect(() => {
    const see = () => {
      if (atBottom && document.visibilityState === 'visible' && high > 0) {
        setSeenTo(high);
        if (live) {
          client.markRead(view.id, high);
        }
      }
    };
    see();
    document.addEventListener('visibilitychange', see);
    return () => {
      document.removeEventListener('visibilitychange', see);
    };
  }, [atBottom, high, live, view.id]);

  const highest = (marks: Readonly<Record<string, number>>) =>
    Math.max(0, ...Object.entries(marks).flatMap(([id, seq]) => (id === me ? [] : [seq])));
  const readTo = highest(view.reads);
  const receivedTo = highest(view.received);
  const hole = high < (view.latest?.seq ?? 0);
  return (
    <div className="messages">
      {view.loadingOlder && <div className="older">{t('loadingOlder')}</div>}
      <VList
        ref={list}
        data={rows}
        shift={shift}
        className="log"
        role="log"
        aria-live="polite"
        aria-label={t('chatLog')}
        tabIndex={0}
        data-testid="log"
        onScroll={onScroll}
        onResize={onResize}
      >
        {(row, index) => (
          <MessageRow
            key={row.key}
            row={row}
            before={index === 0 ? hidden : rows[index - 1]}
            after={rows[index + 1]}
            me={me}
            view={view}
            onQuote={onQuote}
            connection={connection}
            readTo={readTo}
            receivedTo={receivedTo}
            lastOwn={!live || view.pending.length > 0 ? 0 : lastOwn}
          />
        )}
      </VList>
      {view.catchingUp && hole && (
        <div className="gap-notice" role="status" data-testid="gap">
          {words('gap')}
        </div>
      )}
      {!atBottom && (
        <button type="button" className="unseen" data-testid="unseen" onClick={toBottom}>
          <Icon name="down" />
          {unseen > 0 ? t('unseen', { count: unseen }) : t('toBottom')}
        </button>
      )}
    </div>
  );
}
