/** All my conversations, newest first, a page at a time. */
import { useDeferredValue, useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { FolderOpenOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ListedConversation } from '../../../contract/conversation.js';
import { CONVERSATION_STATUSES, type ConversationStatus } from '../../../contract/enums.js';
import { getPage } from '../api/http.js';
import { useNow } from '../ui/now.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { roughSpan, shortMoment } from '../ui/time.js';
import { useStatusWord } from '../ui/labels.js';
import { ConversationRow } from './row.js';
import { TagFilter } from './tags.js';

const PAGE = 30;

export function HistoryTab({ selected }: { selected: string | null }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const statusWord = useStatusWord();
  const [name, setName] = useState('');
  const [status, setStatus] = useState<ConversationStatus | ''>('');
  const [tag, setTag] = useState('');
  const visitorName = useDeferredValue(name.trim());
  const list = useInfiniteQuery({
    queryKey: ['tags', 'history', visitorName, status, tag],
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) =>
      getPage<ListedConversation>(
        '/conversation/consultlist',
        { visitorName, status, tag, page: pageParam, size: PAGE },
        signal,
      ),
    getNextPageParam: ({ next }) => next,
  });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];

  return (
    <>
      <div className="list-filters">
        <Input
          allowClear
          prefix={<SearchOutlined />}
          placeholder={t('list.searchVisitor')}
          aria-label={t('list.searchVisitor')}
          value={name}
          data-testid="history-search"
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
        <Select
          value={status}
          onChange={setStatus}
          aria-label={t('list.status')}
          data-testid="history-status"
          popupMatchSelectWidth={false}
          options={[
            { value: '' as const, label: t('common.all') },
            ...CONVERSATION_STATUSES.map((value) => ({ value, label: statusWord(value) })),
          ]}
        />
        <TagFilter value={tag} onChange={setTag} className="is-whole" />
      </div>
      {list.isPending ? (
        <RowSkeletons />
      ) : list.isError && rows.length === 0 ? (
        <FailedState title={t('records.failed')} error={list.error} retry={() => void list.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState
          icon={<FolderOpenOutlined />}
          title={t('list.historyEmpty')}
          hint={t('list.historyEmptyHint')}
        />
      ) : (
        <ul className="rows">
          {rows.map((conversation) => (
            <li key={conversation.id}>
              <ConversationRow
                conversation={conversation}
                selected={conversation.id === selected}
                tags={conversation.tags}
                clock={shortMoment(conversation.startTime ?? conversation.createdTime, now)}
                line={
                  <>
                    <span className={`status is-${conversation.status}`}>
                      {statusWord(conversation.status)}
                    </span>
                    {conversation.duration !== null && ` · ${roughSpan(conversation.duration * 1000)}`}
                    {conversation.level !== null && ` · ★ ${String(conversation.level)}`}
                  </>
                }
              />
            </li>
          ))}
          {list.hasNextPage && (
            <li className="rows-more">
              <Button block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('common.more')}
              </Button>
            </li>
          )}
        </ul>
      )}
    </>
  );
}
