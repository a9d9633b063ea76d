/**
 * The virtual thread. It follows the newest message only while the reader is at the bottom; otherwise it stands
 * still and a pill says how much is new. Older history comes in at the front without a jump (virtua's `shift`).
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { DownOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { ConversationView } from '../../../contract/client.js';
import type { Conversation } from '../../../contract/conversation.js';
import type { Message } from '../../../contract/message.js';
import { useClient } from '../live/context.js';
import type { ThreadItem } from './items.js';
import type { Place } from './jump.js';
import { ThreadRow } from './thread-row.js';

interface ThreadProps {
  items: ThreadItem[];
  conversation: Conversation | null;
  hasOlder: boolean;
  loadingOlder: boolean;
  loadOlder: () => void;
  retry?: (clientMsgId: string) => void;
  discard?: (clientMsgId: string) => void;
  view: ConversationView | null;
  /** Left out where nothing can be said. */
  onQuote?: (message: Message) => void;
  /** Told whenever the reader sees the newest line. */
  onSeen?: () => void;
  /** Shown and marked; another object, and it is shown again. */
  target?: Place | null;
}

/** Nearer to an end than this counts as being there. */
const AT_BOTTOM = 40;
const NEAR_TOP = 240;

function useGrowth(items: ThreadItem[]) {
  const before = useRef<{ first: string | undefined; last: string | undefined; length: number }>({
    first: undefined,
    last: undefined,
    length: 0,
  });
  const first = items[0]?.key;
  const last = items.at(-1)?.key;
  const known = before.current;
  // Only when something stands in front of what was first before: anything else must not shift.
  const prepended =
    known.first !== undefined && first !== known.first && items.some(({ key }) => key === known.first);
  const added = last !== known.last && !prepended ? Math.max(0, items.length - known.length) : 0;
  useLayoutEffect(() => {
    before.current = { first, last, length: items.length };
  });
  return { prepended, added, isFirst: known.length === 0 && items.length > 0 };
}

export function Thread(props: ThreadProps) {
  const { items, conversation, hasOlder, loadingOlder, loadOlder, retry, discard, onSeen, view, onQuote } =
    props;
  const target = props.target ?? null;
  const client = useClient();
  const { t } = useTranslation();
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  const seen = useRef({ size: 0, top: 0 });
  const [away, setAway] = useState(false);
  const [fresh, setFresh] = useState(0);
  const { prepended, added, isFirst } = useGrowth(items);
  const lastIndex = items.length - 1;
  const ownIsLast = items.at(-1)?.type === 'message' && (items.at(-1) as { own: boolean }).own;

  const toBottom = useCallback(() => {
    atBottom.current = true;
    setAway(false);
    setFresh(0);
    list.current?.scrollToIndex(lastIndex, { align: 'end' });
  }, [lastIndex]);

  // Layout effects, so that nobody sees the list before it stands where it should.
  useLayoutEffect(() => {
    if (isFirst) {
      toBottom();
    } else if (added > 0) {
      if (atBottom.current || ownIsLast) toBottom();
      else setFresh((count) => count + added);
    }
  }, [isFirst, added, ownIsLast, toBottom]);

  // Rows that tell of a recall are not drawn: then the one behind it is meant.
  const place = target === null ? -1 : items.findIndex(({ message }) => (message?.seq ?? 0) >= target.seq);
  const placeKey = items[place]?.key;
  const placeRef = useRef(place);
  placeRef.current = place;
  useLayoutEffect(() => {
    if (target === null || placeRef.current === -1) return;
    atBottom.current = false;
    setAway(true);
    list.current?.scrollToIndex(placeRef.current, { align: 'center' });
  }, [target]);

  // The composer grows, the window shrinks, rows are measured anew: who was at the bottom stays there.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      if (atBottom.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    if (element.lastElementChild) observer.observe(element.lastElementChild);
    return () => {
      observer.disconnect();
    };
  }, []);

  useEffect(() => {
    const tell = () => {
      if (atBottom.current && document.visibilityState === 'visible' && items.length > 0) onSeen?.();
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => {
      document.removeEventListener('visibilitychange', tell);
    };
  }, [items, onSeen, away]);

  const onScroll = (offset: number) => {
    const element = scroller.current;
    if (!element) return;
    // Of the element itself: the list learns later than this that its window has another height.
    const { scrollHeight: size, clientHeight, scrollTop } = element;
    const before = seen.current;
    seen.current = { size, top: scrollTop };
    // The end moved away by itself, not the reader: the observer goes after it.
    if (atBottom.current && size !== before.size && scrollTop >= before.top) return;
    atBottom.current = size - clientHeight - scrollTop < AT_BOTTOM;
    setAway(!atBottom.current);
    if (atBottom.current) setFresh(0);
    if (offset < NEAR_TOP && hasOlder && !loadingOlder && !isFirst) loadOlder();
  };

  return (
    <div className="thread">
      {loadingOlder && (
        <p className="thread-older" role="status">
          {t('thread.older')}
        </p>
      )}
      <div
        ref={scroller}
        className="thread-scroller"
        role="log"
        aria-live="polite"
        aria-label={t('thread.label')}
        tabIndex={0}
        data-testid="thread"
      >
        <div className="thread-spacer" />
        <Virtualizer ref={list} data={items} shift={prepended} onScroll={onScroll} scrollRef={scroller}>
          {(item) => (
            <ThreadRow
              key={item.key}
              item={item}
              conversation={conversation}
              retry={retry}
              discard={discard}
              view={view}
              client={client}
              onQuote={onQuote}
              found={item.key === placeKey}
            />
          )}
        </Virtualizer>
      </div>
      {away && (
        <button type="button" className="thread-pill" onClick={toBottom} data-testid="new-messages">
          <DownOutlined /> {fresh > 0 ? t('thread.newMessages', { count: fresh }) : t('thread.toBottom')}
        </button>
      )}
    </div>
  );
}
