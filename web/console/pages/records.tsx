/** All conversations that this person may read, with the documented filters; a row opens its transcript. */
import { useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FileTextOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, DatePicker, Input, Segmented, Select, type TableColumnsType, type TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { sortOf } from './record-sorts.js';
import type { ListedConversation } from '../../../contract/conversation.js';
import {
  CONVERSATION_STATUSES,
  DISPOSITIONS,
  type ConversationStatus,
  type Disposition,
} from '../../../contract/enums.js';
import { getPage } from '../api/http.js';
import { isCounselor, useMe } from '../state/session.js';
import { useStatusWord } from '../ui/labels.js';
import { useNow } from '../ui/now.js';
import { QueryTable } from '../ui/query-table.js';
import { go, queryOfAddress } from '../ui/route.js';
import { dateTime, roughSpan } from '../ui/time.js';
import { RowTags } from '../workbench/row.js';
import { TagFilter } from '../workbench/tags.js';
import { Stars } from '../workbench/visitor-pane.js';
import { ExportButton } from './export-button.js';
import { PageFrame } from './page-frame.js';
import { MissingRecords, useMissingCount } from './records-missing.js';
import { TranscriptDrawer } from './transcript-drawer.js';
import { dayFrom, endOfDay, startOfDay, type Day } from '../ui/days.js';

interface Filters {
  visitorName: string;
  counselorName: string;
  /** One person, where a figure was opened: two may have one name. */
  counselor: { id: string; name: string } | null;
  status: ConversationStatus | '';
  tag: string;
  disposition: Disposition | '';
  days: [Day, Day] | null;
}

const NO_FILTERS: Filters = {
  visitorName: '',
  counselorName: '',
  counselor: null,
  status: '',
  tag: '',
  disposition: '',
  days: null,
};

/** A figure of the reports opens the list of what it counts. */
function filtersOfAddress(): Filters {
  const query = queryOfAddress();
  const from = dayFrom(query.get('from'));
  const to = dayFrom(query.get('to'));
  const counselor = query.get('counselor');
  return {
    ...NO_FILTERS,
    counselor: counselor === null ? null : { id: counselor, name: query.get('name') ?? counselor },
    disposition: DISPOSITIONS.find((kind) => kind === query.get('disposition')) ?? '',
    days: from && to && [from, to],
  };
}

interface Order {
  page: number;
  size: number;
  property: string;
  direction: 'asc' | 'desc';
}

const FIRST: Order = { page: 1, size: 20, property: 'createdTime', direction: 'desc' };

export default function RecordsPage({ conversationId }: { conversationId: string | null }) {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow(60_000);
  const statusWord = useStatusWord();
  const [filters, setFilters] = useState(filtersOfAddress);
  const [order, setOrder] = useState(FIRST);
  const [chosen, setChosen] = useState<string[]>([]);
  const [view, setView] = useState<'all' | 'missing'>('all');
  const missing = useMissingCount();
  const change = (part: Partial<Filters>) => {
    setFilters((before) => ({ ...before, ...part }));
    setOrder((before) => ({ ...before, page: 1 }));
  };
  const { days, counselor, ...words } = filters;
  const list = useQuery({
    // Below the labels: whoever changes one in the transcript sees it here.
    queryKey: ['tags', 'records', filters, order],
    queryFn: ({ signal }) =>
      getPage<ListedConversation>(
        '/conversation/consultlist',
        {
          ...words,
          counselor: counselor?.id,
          startTime: days && startOfDay(days[0]),
          endTime: days && endOfDay(days[1]),
          ...order,
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  });

  const counselorColumn: TableColumnsType<ListedConversation>[number] = {
    title: t('records.counselor'),
    key: 'counselorName',
    sorter: true,
    render: (_, row) => row.counselor?.name ?? t('common.none'),
  };
  const columns: TableColumnsType<ListedConversation> = [
    {
      title: t('records.visitor'),
      key: 'visitorName',
      sorter: true,
      render: (_, row) => (
        <a href={`#/records/${row.id}`} data-testid="record-open">
          {row.visitor?.name ?? t('common.unnamed')}
        </a>
      ),
    },
    ...(isCounselor(me) ? [] : [counselorColumn]),
    {
      title: t('records.status'),
      key: 'status',
      render: (_, row) => <span className={`status is-${row.status}`}>{statusWord(row.status)}</span>,
    },
    {
      title: t('records.created'),
      key: 'createdTime',
      sorter: true,
      defaultSortOrder: 'descend',
      render: (_, row) => dateTime(row.createdTime, now),
    },
    {
      title: t('records.duration'),
      key: 'duration',
      sorter: true,
      render: (_, row) => (row.duration === null ? t('common.none') : roughSpan(row.duration * 1000)),
    },
    {
      title: t('records.level'),
      key: 'level',
      sorter: true,
      render: (_, row) => (row.level === null ? t('common.none') : <Stars level={row.level} />),
    },
    {
      title: t('tags.title'),
      key: 'tags',
      render: (_, row) => <RowTags tags={row.tags} />,
    },
    {
      title: t('records.cause'),
      key: 'endCause',
      render: (_, row) => (row.endCause === null ? t('common.none') : t(`cause.${row.endCause}`)),
    },
  ];

  const onChange: TableProps<ListedConversation>['onChange'] = (pagination, _filters, sorter) => {
    const by = Array.isArray(sorter) ? sorter[0] : sorter;
    const property = sortOf(by?.order ? String(by.columnKey) : 'createdTime');
    const direction = by?.order === 'ascend' ? 'asc' : 'desc';
    const resorted = property !== order.property || direction !== order.direction;
    setOrder({
      page: resorted ? 1 : (pagination.current ?? 1),
      size: pagination.pageSize ?? FIRST.size,
      property,
      direction,
    });
  };
  const filtered = JSON.stringify(filters) !== JSON.stringify(NO_FILTERS);

  return (
    <PageFrame
      title={t('records.title')}
      {...(isCounselor(me) ? {} : { hint: t('records.audited') })}
      tools={
        <>
          <Segmented
            value={view}
            aria-label={t('record.view.label')}
            options={[
              { value: 'all', label: t('record.view.all') },
              {
                value: 'missing',
                label: (
                  <span data-testid="view-missing">
                    {t('record.view.missing')}
                    {missing !== null && missing > 0 && ` ${String(missing)}`}
                  </span>
                ),
              },
            ]}
            onChange={setView}
          />
          {view === 'all' && <ExportButton ids={chosen} />}
        </>
      }
    >
      {view === 'missing' ? (
        <MissingRecords />
      ) : (
        <>
          <div className="filters" role="search">
            <Input
              allowClear
              prefix={<SearchOutlined />}
              placeholder={t('records.visitor')}
              aria-label={t('records.visitor')}
              data-testid="filter-visitor"
              onChange={(event) => {
                change({ visitorName: event.target.value.trim() });
              }}
              value={filters.visitorName}
            />
            {!isCounselor(me) && (
              <Input
                allowClear
                prefix={<SearchOutlined />}
                placeholder={t('records.counselor')}
                aria-label={t('records.counselor')}
                data-testid="filter-counselor"
                onChange={(event) => {
                  change({ counselorName: event.target.value.trim(), counselor: null });
                }}
                value={counselor?.name ?? filters.counselorName}
              />
            )}
            <Select
              value={filters.status}
              aria-label={t('records.status')}
              data-testid="filter-status"
              onChange={(status) => {
                change({ status });
              }}
              options={[
                { value: '' as const, label: `${t('records.status')}：${t('common.all')}` },
                ...CONVERSATION_STATUSES.map((value) => ({ value, label: statusWord(value) })),
              ]}
            />
            <TagFilter
              value={filters.tag}
              onChange={(tag) => {
                change({ tag });
              }}
            />
            <Select
              value={filters.disposition}
              aria-label={t('record.disposition')}
              data-testid="filter-disposition"
              popupMatchSelectWidth={false}
              onChange={(disposition) => {
                change({ disposition });
              }}
              options={[
                { value: '' as const, label: `${t('record.disposition')}：${t('common.all')}` },
                ...DISPOSITIONS.map((value) => ({ value, label: t(`disposition.${value}`) })),
              ]}
            />
            <DatePicker.RangePicker
              aria-label={t(filters.disposition === '' ? 'records.range' : 'records.endRange')}
              value={filters.days}
              onChange={(range) => {
                change({ days: range?.[0] && range[1] ? [range[0], range[1]] : null });
              }}
            />
            {filtered && (
              <Button
                type="link"
                onClick={() => {
                  change(NO_FILTERS);
                }}
              >
                {t('records.reset')}
              </Button>
            )}
          </div>
          {filters.disposition !== '' && (
            <p className="state-hint is-plain">{t('records.dispositionHint')}</p>
          )}
          <QueryTable<ListedConversation>
            query={list}
            failed={t('records.failed')}
            empty={{
              icon: <FileTextOutlined />,
              title: t('records.empty'),
              hint: t('records.emptyHint'),
            }}
            rowKey="id"
            columns={columns}
            dataSource={list.data?.rows ?? []}
            onChange={onChange}
            sortDirections={['descend', 'ascend']}
            rowSelection={{
              // Chosen rows stay chosen on other pages; a counselor exports one at a time (sections 34, 35).
              type: isCounselor(me) ? 'radio' : 'checkbox',
              preserveSelectedRowKeys: true,
              // Beside the box is not the row: missing it must not open the transcript.
              onCell: () => ({
                onClick: (event) => {
                  event.stopPropagation();
                },
              }),
              selectedRowKeys: chosen,
              onChange: (keys) => {
                setChosen(keys.map(String));
              },
            }}
            onRow={(row) => ({
              className: 'is-clickable',
              onClick: () => {
                go('records', row.id);
              },
            })}
            pagination={{
              current: order.page,
              pageSize: order.size,
              total: list.data?.count ?? 0,
              showSizeChanger: true,
              pageSizeOptions: [20, 50, 100],
              showTotal: (total) => t('records.total', { total }),
            }}
          />
        </>
      )}
      <TranscriptDrawer
        id={conversationId}
        known={list.data?.rows.find((row) => row.id === conversationId)}
        close={() => {
          go('records');
        }}
      />
    </PageFrame>
  );
}
