/** What would have been sent by mail and SMS; the server has it in demo and development mode only. */
import type { TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import { useOutbox, type OutboxEntry } from '../live/dev-outbox.js';
import { QueryTable } from '../ui/query-table.js';
import { PageFrame } from './page-frame.js';

export default function OutboxPage() {
  const { t } = useTranslation();
  const list = useOutbox();
  const columns: TableColumnsType<OutboxEntry> = [
    {
      title: t('outbox.time'),
      render: (_, row) => new Date(row.time).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' }),
    },
    { title: t('outbox.to'), dataIndex: 'to' },
    { title: t('outbox.channel'), render: (_, row) => t(`outbox.${row.channel}`) },
    { title: t('outbox.purpose'), render: (_, row) => row.purpose ?? t('common.none') },
    {
      title: t('outbox.code'),
      render: (_, row) => <b data-testid="outbox-code">{row.code ?? t('common.none')}</b>,
    },
    { title: t('outbox.text'), dataIndex: 'text' },
  ];
  return (
    <PageFrame title={t('outbox.title')} hint={t('outbox.hint')}>
      <QueryTable<OutboxEntry>
        query={list}
        failed={t('outbox.failed')}
        rowKey={(row) => `${String(row.time)}${row.to}${row.code ?? ''}`}
        columns={columns}
        dataSource={list.data ?? []}
        pagination={false}
      />
    </PageFrame>
  );
}
