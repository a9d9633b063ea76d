/** Legal holds in force: what no purge and no request may take, and lifting one. */
import { LockOutlined } from '@ant-design/icons';
import { Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import type { LegalHold } from '../../../contract/retention.js';
import { useNow } from '../ui/now.js';
import { QueryTable } from '../ui/query-table.js';
import { dateTime } from '../ui/time.js';
import { useHouse, useHouseStep, useWhose } from './api.js';

export function Holds() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const list = useHouse<LegalHold[]>('legal-holds', useWhose());
  const step = useHouseStep();
  return (
    <QueryTable<LegalHold>
      query={list}
      failed={t('retention.failed')}
      empty={{ icon: <LockOutlined />, title: t('retention.noHold') }}
      rowKey="id"
      columns={[
        {
          title: t('retention.whose'),
          render: (_, row) =>
            row.conversation === null
              ? `${t('retention.visitor')} ${row.visitor ?? ''}`
              : `${t('retention.conversation')} ${row.conversation}`,
        },
        { title: t('retention.reference'), dataIndex: 'reference' },
        { title: t('retention.since'), render: (_, row) => dateTime(row.time, now) },
        {
          key: 'steps',
          render: (_, row) => (
            <Popconfirm
              title={t('retention.liftTitle')}
              okText={t('retention.lift')}
              cancelText={t('common.cancel')}
              onConfirm={() => {
                step.mutate({ method: 'DELETE', path: `legal-holds/${row.id}`, told: t('retention.lifted') });
              }}
            >
              <Button size="small">{t('retention.lift')}</Button>
            </Popconfirm>
          ),
        },
      ]}
      dataSource={list.data ?? []}
      pagination={false}
    />
  );
}
