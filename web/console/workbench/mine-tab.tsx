/** My running conversations: who waits longest for an answer stands first, and no row moves under the pointer. */
import { useMemo, useRef, useState } from 'react';
import { ClockCircleOutlined, CoffeeOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversation.js';
import type { Message } from '../../../contract/message.js';
import { useLive } from '../live/context.js';
import { useDuty, useSetPresence } from '../live/duty.js';
import { useInbox, useMine, useRefreshInbox } from '../live/inbox.js';
import { useDrafts } from '../state/drafts.js';
import { useMe } from '../state/session.js';
import { useNow } from '../ui/now.js';
import { sentenceOf } from '../ui/problem.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { roughSpan, shortMoment } from '../ui/time.js';
import { inListOrder, lineOf, unansweredSince } from './order.js';
import { ConversationRow } from './row.js';
import { useMyTags } from './tags.js';

/** The last words of each conversation: system lines neither answer nor ask. */
export function useLasts(conversations: readonly Conversation[]): Record<string, Message | null> {
  const views = useLive((state) => state.conversations);
  const told = useInbox((state) => state.last);
  return useMemo(
    () =>
      Object.fromEntries(
        conversations.map(({ id }) => {
          const known = [told[id], views[id]?.messages.findLast(({ kind }) => kind !== 'system')];
          return [id, known.reduce<Message | null>((a, b) => (b && b.seq > (a?.seq ?? 0) ? b : a), null)];
        }),
      ),
    [conversations, views, told],
  );
}

/** While the pointer is on the list the order stands still: new ones go to the end, ended ones leave. */
function useCalmOrder(ordered: Conversation[], frozen: boolean): Conversation[] {
  const before = useRef<string[]>([]);
  return useMemo(() => {
    if (!frozen) {
      before.current = ordered.map(({ id }) => id);
      return ordered;
    }
    const place = (id: string) => {
      const at = before.current.indexOf(id);
      return at === -1 ? before.current.length : at;
    };
    return [...ordered].sort((a, b) => place(a.id) - place(b.id));
  }, [ordered, frozen]);
}

function NothingYet() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const duty = useDuty();
  const change = useSetPresence();
  if (!duty) return <EmptyState icon={<CoffeeOutlined />} title={t('list.mineEmpty')} />;
  if (duty.state === 'online') {
    return (
      <EmptyState
        icon={<CoffeeOutlined />}
        title={t('list.mineEmpty')}
        hint={duty.maxConsults === 0 ? t('list.mineEmptyFull') : t('list.mineEmptyOnline')}
      />
    );
  }
  return (
    <EmptyState
      icon={<CoffeeOutlined />}
      title={t('list.mineEmpty')}
      hint={t('list.mineEmptyElse')}
      action={
        <Button
          type="primary"
          loading={change.isPending}
          data-testid="go-online"
          onClick={() => {
            change.mutate('online', {
              onError: (error) => void message.error(sentenceOf(error, t('presence.failed'))),
            });
          }}
        >
          {t('presence.go')}
        </Button>
      }
    />
  );
}

function WaitClock({ since, now }: { since: number; now: number }) {
  const { t } = useTranslation();
  const minutes = (now - since) / 60_000;
  const heat = minutes >= 5 ? 'is-late' : minutes >= 2 ? 'is-slow' : '';
  // Running seconds would make the whole list restless.
  const words = minutes < 1 ? t('time.justNow') : roughSpan(now - since);
  return (
    <span className={`wait ${heat}`} title={t('list.unanswered', { time: words })}>
      <ClockCircleOutlined /> {words}
    </span>
  );
}

export function MineTab({ selected }: { selected: string | null }) {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow();
  const mine = useMine();
  const { phase, error, unread } = useInbox();
  const refresh = useRefreshInbox();
  const lasts = useLasts(mine);
  const drafts = useDrafts((state) => state.drafts);
  const tags = useMyTags(mine.map(({ id }) => id));
  const [pointed, setPointed] = useState(false);
  const ordered = useMemo(() => inListOrder(mine, lasts), [mine, lasts]);
  const rows = useCalmOrder(ordered, pointed);

  if (rows.length === 0) {
    if (phase === 'loading') return <RowSkeletons />;
    if (phase === 'failed')
      return <FailedState title={t('thread.failedLoad')} error={error} retry={refresh} />;
    return <NothingYet />;
  }
  return (
    <ul
      className="rows"
      onPointerEnter={() => {
        setPointed(true);
      }}
      onPointerLeave={() => {
        setPointed(false);
      }}
    >
      {rows.map((conversation) => {
        const last = lasts[conversation.id];
        const since = unansweredSince(conversation, last);
        const moment = last?.time ?? conversation.startTime ?? conversation.createdTime;
        return (
          <li key={conversation.id}>
            <ConversationRow
              conversation={conversation}
              selected={conversation.id === selected}
              unread={unread[conversation.id] ?? 0}
              draft={conversation.id === selected ? undefined : drafts[conversation.id]}
              tags={tags[conversation.id]}
              line={lineOf(last, me.id, t)}
              clock={since === null ? shortMoment(moment, now) : <WaitClock since={since} now={now} />}
            />
          </li>
        );
      })}
    </ul>
  );
}
