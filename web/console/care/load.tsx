/** 工作量: what each counselor carries, today and on the last seven days. */
import { useState } from 'react';
import { TeamOutlined } from '@ant-design/icons';
import { Tag, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Load } from '../../../contract/care.js';
import { useNow } from '../ui/now.js';
import { PagedTable } from '../ui/query-table.js';
import { dateTime } from '../ui/time.js';
import { useCareList } from './api.js';

const SIZE = 50;
const hours = (seconds: number) => (seconds / 3_600).toFixed(1);

export function LoadList() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const [page, setPage] = useState(1);
  const list = useCareList<Load>('load', { page, size: SIZE });
  const span = (
    title: string,
    read: (row: Load) => { today: number; week: number },
    shown: (value: number) => string = String,
  ) => ({
    title,
    render: (_: unknown, row: Load) => {
      const { today, week } = read(row);
      return t('load.todayWeek', { today: shown(today), week: shown(week) });
    },
  });
  const columns: TableColumnsType<Load> = [
    { title: t('records.counselor'), render: (_, row) => row.name ?? t('common.unnamed') },
    span(t('load.sessions'), (row) => row.sessions),
    span(t('load.highRisk'), (row) => row.highRisk),
    span(t('load.online'), (row) => row.onlineSeconds, hours),
    { title: t('load.inARow'), dataIndex: 'inARow' },
    { title: t('record.view.missing'), dataIndex: 'recordsMissing' },
    {
      title: t('load.state'),
      render: (_, row) => (
        <>
          {row.rostered && <Tag>{t('load.rostered')}</Tag>}
          {row.restUntil !== null && row.restUntil > now && (
            <Tag color="processing">{t('load.resting', { time: dateTime(row.restUntil, now) })}</Tag>
          )}
          {row.reached.map((strain) => (
            <Tag key={strain} color="warning">
              {t(`load.strain.${strain}`)}
            </Tag>
          ))}
          {row.held && <Tag color="error">{t('load.held')}</Tag>}
        </>
      ),
    },
  ];
  return (
    <PagedTable<Load>
      query={list}
      failed={t('load.failed')}
      empty={{ icon: <TeamOutlined />, title: t('load.none') }}
      rowKey="counselor"
      columns={columns}
      page={page}
      size={SIZE}
      turn={setPage}
    />
  );
}
