/** The queue as a board: for whoever keeps an eye on it all. */
import { TeamOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { WaitingConversation } from '../../../contract/conversation.js';
import type { Wall } from '../../../contract/wall.js';
import { get } from '../api/http.js';
import { useQueue } from '../live/queue.js';
import { useMe } from '../state/session.js';
import { Avatar } from '../ui/avatar.js';
import { useNow } from '../ui/now.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { clock, roughSpan } from '../ui/time.js';
import { UrgencyTag } from '../ui/urgency.js';
import { OfflineMessages } from './offline-messages.js';
import { PageFrame } from './page-frame.js';

/** No faster than the wall looks. */
const PLACES_EVERY_MS = 5_000;

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

/** An honest range; its lower end is told where it says more. */
function Expected({ row: { wait, waitLeast } }: { row: WaitingConversation }) {
  const { t } = useTranslation();
  if (wait === null) return t('queuePage.unknown');
  const from = roughSpan((waitLeast ?? 0) * 1000);
  const to = roughSpan(wait * 1000);
  return from === to ? to : t('queuePage.range', { from, to });
}

/** Whether somebody has a place to give: the other half of every queue. */
function Places() {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['queue-places'],
    queryFn: ({ signal }) => get<Wall>('/api/v1/wall', undefined, signal),
    refetchInterval: PLACES_EVERY_MS,
  });
  if (!data) return null;
  const { online, seats, taken } = data.counselors;
  return (
    <p className="queue-places" role="status" data-testid="queue-places">
      {t('queuePage.places', { online, seats, free: Math.max(0, seats - taken) })}
    </p>
  );
}

export default function QueuePage() {
  const { t } = useTranslation();
  const me = useMe();
  const { queue, error, retry } = useQueue();
  const columns: TableColumnsType<WaitingConversation> = [
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
          <UrgencyTag urgency={row.urgency} />
        </span>
      ),
    },
    {
      title: t('queuePage.why'),
      render: (_, row) => row.ahead ?? t('queuePage.inOrder'),
    },
    { title: t('queuePage.waited'), render: (_, row) => <Waited since={row.createdTime} /> },
    {
      title: t('queuePage.expected'),
      render: (_, row) => <Expected row={row} />,
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
      <Places />
      {!queue ? (
        error ? (
          <FailedState title={t('queuePage.failed')} error={error} retry={retry} />
        ) : (
          <RowSkeletons />
        )
      ) : queue.waiting.length === 0 ? (
        <EmptyState icon={<TeamOutlined />} title={t('list.queueEmpty')} hint={t('list.queueEmptyHint')} />
      ) : (
        <Table<WaitingConversation>
          rowKey="id"
          size="middle"
          pagination={false}
          columns={columns}
          dataSource={queue.waiting}
          scroll={{ x: 'max-content' }}
        />
      )}
      {me.type !== 'SYSTEM_ADMINISTRATOR' && <OfflineMessages />}
    </PageFrame>
  );
}
