/** Words and days in one conversation. Enter goes to the next place that was found, Shift+Enter back. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { CloseOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, DatePicker, Input, type InputRef } from 'antd';
import { useMutation } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import type { PlaceOfDay, SearchHit } from '../../../contract/search.js';
import { get } from '../api/http.js';
import { startOfDay, type Day } from '../ui/days.js';
import { sentenceOf } from '../ui/problem.js';
import { DAY } from '../ui/time.js';
import { useFound } from './found.js';
import { Hit } from './hit.js';
import { jumpTo, unmark } from './jump.js';

interface BarProps {
  id: string;
  /** Grows each time somebody asks for the bar. */
  asked: number;
  close: () => void;
}

function useDayJump(id: string) {
  return useMutation({
    mutationFn: async (day: Day) => {
      const name = day.format('YYYY-MM-DD');
      const place = await get<PlaceOfDay>(`/api/v1/conversations/${id}/days/${name}`);
      return { ...place, until: startOfDay(day) + DAY };
    },
    onSuccess: ({ seq }) => {
      if (seq !== null) jumpTo(id, seq);
    },
  });
}

export default function FindBar({ id, asked, close }: BarProps) {
  const { t } = useTranslation();
  const box = useRef<InputRef>(null);
  const [text, setText] = useState('');
  const [sought, setSought] = useState('');
  const [at, setAt] = useState(0);
  const { query, hits, read } = useFound<SearchHit, number>(
    `/api/v1/conversations/${id}/search`,
    sought,
    'before',
  );
  const day = useDayJump(id);

  useEffect(() => {
    box.current?.focus({ cursor: 'all' });
  }, [asked]);

  // With the bar goes the mark of what was found.
  useEffect(() => unmark, []);

  const go = (to: number) => {
    const hit = hits[to];
    if (!hit) return;
    setAt(to);
    jumpTo(id, hit.seq);
  };
  // The newest one is shown as soon as it is found.
  const first = hits[0]?.seq;
  useEffect(() => {
    setAt(0);
    if (first !== undefined) jumpTo(id, first);
  }, [id, sought, first]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
      return;
    }
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const enter = event.key === 'Enter';
    if (by === 0 && !enter) return;
    event.preventDefault();
    if (enter && text.trim() !== sought) {
      day.reset();
      setSought(text.trim());
      return;
    }
    const to = at + (by === 0 ? (event.shiftKey ? -1 : 1) : by);
    if (to >= hits.length && query.hasNextPage) void query.fetchNextPage();
    else go(to);
  };

  const told = query.isError
    ? sentenceOf(query.error)
    : day.isError
      ? sentenceOf(day.error)
      : day.data?.seq === null
        ? t('find.noDay')
        : day.data?.time != null && day.data.time >= day.data.until
          ? t('find.dayAfter')
          : sought === '' || query.isPending
            ? ''
            : hits.length === 0
              ? t(query.hasNextPage ? 'find.noneYet' : 'find.none', { count: read })
              : t('find.count', { at: at + 1, count: hits.length, more: query.hasNextPage ? '+' : '' });

  return (
    <search className="find" aria-label={t('find.here')} data-testid="find">
      <div className="find-bar">
        <Input
          ref={box}
          value={text}
          maxLength={100}
          allowClear
          prefix={<SearchOutlined />}
          placeholder={t('find.hint')}
          aria-label={t('find.here')}
          data-testid="find-box"
          onChange={(event) => {
            setText(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        <DatePicker
          placeholder={t('find.day')}
          aria-label={t('find.day')}
          data-testid="find-day"
          disabledDate={(date) => date.isAfter(dayjs(), 'day')}
          onChange={(date) => {
            if (date) day.mutate(date);
          }}
        />
        <Button
          type="text"
          icon={<CloseOutlined />}
          title="Esc"
          aria-label={t('find.close')}
          data-testid="find-close"
          onClick={close}
        />
      </div>
      <p className="find-told" role="status" data-testid="find-told">
        {query.isFetching ? t('find.running') : told}
      </p>
      {(hits.length > 0 || query.hasNextPage) && (
        <ul className="find-hits">
          {hits.map((hit, index) => (
            <li key={hit.seq}>
              <Hit
                hit={hit}
                current={index === at}
                open={() => {
                  go(index);
                }}
              />
            </li>
          ))}
          {query.hasNextPage && (
            <li className="rows-more">
              <Button
                block
                size="small"
                loading={query.isFetchingNextPage}
                data-testid="find-more"
                onClick={() => void query.fetchNextPage()}
              >
                {t('find.more')}
              </Button>
            </li>
          )}
        </ul>
      )}
    </search>
  );
}
