/** Words in all my sessions, newest first; a place that was found opens where it stands. */
import { useState } from 'react';
import { SearchOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FoundOwn, OwnHit } from '../../../contract/search.js';
import { useFound } from '../thread/found.js';
import { Hit } from '../thread/hit.js';
import { jumpTo } from '../thread/jump.js';
import { go } from '../ui/route.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { SEARCH_BOX } from './tab.js';

export function SearchTab() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [sought, setSought] = useState('');
  const [shown, setShown] = useState('');
  const { query, hits, read } = useFound<OwnHit, NonNullable<FoundOwn['next']>>(
    '/api/v1/search',
    sought,
    'from',
  );
  return (
    <>
      <search className="list-filters is-single">
        <Input
          id={SEARCH_BOX}
          value={text}
          maxLength={100}
          allowClear
          prefix={<SearchOutlined />}
          placeholder={t('find.hint')}
          aria-label={t('find.everywhere')}
          data-testid="search-own"
          onChange={(event) => {
            setText(event.target.value);
          }}
          onPressEnter={(event) => {
            // The Enter that confirms pinyin asks for nothing.
            if (!event.nativeEvent.isComposing) setSought(text.trim());
          }}
        />
      </search>
      {sought === '' ? (
        <EmptyState icon={<SearchOutlined />} title={t('find.everywhere')} hint={t('find.everywhereHint')} />
      ) : query.isPending ? (
        <RowSkeletons />
      ) : query.isError && hits.length === 0 ? (
        <FailedState title={t('find.failed')} error={query.error} retry={() => void query.refetch()} />
      ) : (
        <>
          <p className="list-note" role="status" data-testid="search-told">
            {hits.length === 0
              ? t(query.hasNextPage ? 'find.noneYet' : 'find.none', { count: read })
              : t('find.total', { count: hits.length, read })}
          </p>
          <ul className="rows">
            {hits.map((hit) => {
              const key = `${hit.conversationId} ${String(hit.seq)}`;
              return (
                <li key={key}>
                  <Hit
                    hit={hit}
                    where={hit.visitorName ?? t('common.unnamed')}
                    current={key === shown}
                    open={() => {
                      setShown(key);
                      jumpTo(hit.conversationId, hit.seq);
                      go('workbench', hit.conversationId);
                    }}
                  />
                </li>
              );
            })}
            {query.hasNextPage && (
              <li className="rows-more">
                <Button
                  block
                  loading={query.isFetchingNextPage}
                  data-testid="search-more"
                  onClick={() => void query.fetchNextPage()}
                >
                  {t('find.more')}
                </Button>
              </li>
            )}
          </ul>
        </>
      )}
    </>
  );
}
