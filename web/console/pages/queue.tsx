/** The queue as a board: for whoever keeps an eye on it all. */
import { TeamOutlined } from '@ant-design/icons';
import { Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversation.js';
import { useQueue } from '../live/queue.js';
import { Avatar } from '../ui/avatar.js';
import { useNow } from '../ui/now.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { clock, roughSpan } from '../ui/time.js';
import { PageFrame } from './page-frame.js';

/** Renews itself each second; the table around it does not. */
function Waited({ since }: { since: number }) {
  const now = useNow();
  const minutes = (now - since) / 60_000;
  return (
    <span className={`wait ${minutes >= 10 ? 'is-late' : minutes >= 5 ? 'is-slow' : ''}`}>
      {roughSpan(now - since)}
    </span>
  );
}

export default function QueuePage() {
  const { t } = useTranslation();
  const { queue, error, retry } = useQueue();
  const columns: TableColumnsType<Conversation> = [
    {
      title: t('queuePage.position'),
      width: 72,
      render: (_, row, at) => row.position ?? at + 1,
    },
    {
      title: t('queuePage.visitor'),
      render: (_, row) => (
        <span className="person">
          <Avatar user={row.visitor} size={28} />
          {row.visitor?.name ?? t('common.unnamed')}
        </span>
      ),
    },
    { title: t('queuePage.waited'), render: (_, row) => <Waited since={row.createdTime} /> },
    {
      title: t('queuePage.expected'),
      render: (_, row) => (row.wait === null ? t('queuePage.unknown') : roughSpan(row.wait * 1000)),
    },
    {
      title: t('queuePage.requested'),
      render: (_, row) => row.requestedCounselor?.name ?? t('queuePage.anyone'),
    },
    { title: t('queuePage.channel'), render: (_, row) => t(`channel.${row.channel}`) },
    {
      title: t('queuePage.deadline'),
      render: (_, row) => (row.waitDeadline === null ? t('common.none') : clock(row.waitDeadline)),
    },
  ];
  return (
    <PageFrame
      title={t('queuePage.title')}
      hint={t('queuePage.hint')}
      tools={
        queue && (
          <strong data-testid="queue-count">{t('queuePage.count', { count: queue.waiting.length })}</strong>
        )
      }
    >
      {!queue ? (
        error ? (
          <FailedState title={t('queuePage.failed')} error={error} retry={retry} />
        ) : (
          <RowSkeletons />
        )
      ) : queue.waiting.length === 0 ? (
        <EmptyState icon={<TeamOutlined />} title={t('list.queueEmpty')} hint={t('list.queueEmptyHint')} />
      ) : (
        <Table<Conversation>
          rowKey="id"
          size="middle"
          pagination={false}
          columns={columns}
          dataSource={queue.waiting}
          scroll={{ x: 'max-content' }}
        />
      )}
    </PageFrame>
  );
}
